"""What changed lately at the authorities that a person works for, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import recent_entries
from evenhand.authorities.words import NOBODY, doers, words

SHOWN = 8


@dataclass(frozen=True)
class Happened:
    who: str | Promise
    what: str | Promise
    at: datetime
    authority: Authority


def lately(person: User, authorities: Iterable[Authority]) -> list[Happened]:
    """Of those authorities alone whose record of changes the person may see."""
    open_to = [each for each in authorities if may(person, Permission.SEE_RECORD, each).allowed]
    return _told(open_to) if open_to else []


def _told(authorities: Collection[Authority]) -> list[Happened]:
    entries = recent_entries(authorities, SHOWN)
    names = doers(entries)
    bodies = {each.id: each for each in authorities}
    return [
        Happened(
            who=names.get(each.actor_id, NOBODY),
            what=words(each.action),
            at=each.at,
            authority=bodies[each.authority_id],
        )
        for each in entries
        if each.authority_id in bodies
    ]
