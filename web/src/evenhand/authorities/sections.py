"""What an authority's staff pages are about. Any room names its own; the authority's staff home lists them.

    sections.offer(Section(_("Publications"), _("Prepare, check and publish figures."), "releases:publications"))

The address is named, and takes the authority's slug as `authority`. Whoever may not open a section does not see it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may


@dataclass(frozen=True)
class Section:
    title: str | Promise
    what: str | Promise
    address: str
    permission: Permission | None = None


_sections: list[Section] = []


def offer(section: Section) -> None:
    if section not in _sections:
        _sections.append(section)


def sections_for(person: User, authority: Authority) -> list[Section]:
    return [each for each in _sections if each.permission is None or may(person, each.permission, authority).allowed]
