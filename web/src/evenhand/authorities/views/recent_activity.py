"""The latest entries in the records of changes of a person's authorities."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import recent_entries
from evenhand.authorities.words import UNKNOWN_PERSON, actor_names, describe_action

ENTRIES_SHOWN = 8


@dataclass(frozen=True)
class RecentChange:
    actor: str | Promise
    description: str | Promise
    at: datetime
    authority: Authority


def recent_activity(person: User, authorities: Iterable[Authority]) -> list[RecentChange]:
    """Only from authorities whose record of changes the person may see."""
    readable = [authority for authority in authorities if may(person, Permission.SEE_RECORD, authority).allowed]
    return _recent_changes(readable) if readable else []


def _recent_changes(authorities: Collection[Authority]) -> list[RecentChange]:
    entries = recent_entries(authorities, ENTRIES_SHOWN)
    names = actor_names(entries)
    authorities_by_id = {authority.id: authority for authority in authorities}
    return [
        RecentChange(
            actor=names.get(entry.actor_id, UNKNOWN_PERSON),
            description=describe_action(entry.action),
            at=entry.at,
            authority=authorities_by_id[entry.authority_id],
        )
        for entry in entries
        if entry.authority_id in authorities_by_id
    ]
