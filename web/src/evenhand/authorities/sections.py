"""The sections of an authority's staff pages. Each app registers its own; the authority's staff page lists them.

    sections.register(StaffSection(_("Publications"), _("Prepare and publish figures."), "releases:publications"))

The view of `url_name` takes the authority's slug. A section that the person may not open is not listed.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may


@dataclass(frozen=True)
class StaffSection:
    title: str | Promise
    description: str | Promise
    url_name: str
    permission: Permission | None = None


_sections: list[StaffSection] = []


def register(section: StaffSection) -> None:
    if section not in _sections:
        _sections.append(section)


def sections_for(person: User, authority: Authority) -> list[StaffSection]:
    return [
        section
        for section in _sections
        if section.permission is None or may(person, section.permission, authority).allowed
    ]
