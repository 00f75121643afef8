"""The filter for counts, available in every template without `{% load %}`.

Numbers are shown as they are. Only a count has thousand separators, and only where a template uses this filter, so that
years, positions, identifiers and addresses never have any.
"""

from django import template

register = template.Library()


@register.filter
def thousands(number: int) -> str:
    """1,280 for 1280."""
    return f"{number:,}"
