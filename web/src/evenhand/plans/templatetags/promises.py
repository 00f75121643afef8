"""How the parts of a plan are written on a page, public or staff."""

from typing import Any

from django import template

from evenhand.plans.groups import GROUPS

register = template.Library()


@register.filter
def group_label(code: str) -> str:
    """Whom a plan's code stands for: residents, disability."""
    return GROUPS[code].label


@register.filter
def get(mapping: dict[str, Any], key: str) -> Any:
    return mapping.get(key)
