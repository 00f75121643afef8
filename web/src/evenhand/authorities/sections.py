"""The sections of an authority's staff pages that the modules declare (`Module.sections`)."""

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import may
from evenhand.modules import StaffSection, registry


def sections_for(person: User, authority: Authority) -> list[StaffSection]:
    """Those that the person may open, in the order of their position."""
    sections = [
        section
        for section in registry.declared("sections")
        if section.permission is None or may(person, section.permission, authority).allowed
    ]
    return sorted(sections, key=lambda section: section.position)
