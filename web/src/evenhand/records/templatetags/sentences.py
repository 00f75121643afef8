"""Texts that people wrote, inside sentences of the site."""

from django import template

register = template.Library()


@register.filter
def no_full_stop(text: object) -> str:
    """The text without its own full stop, where the sentence goes on or has one: “A plan.” is not “A plan..”."""
    return str(text).rstrip().removesuffix(".")
