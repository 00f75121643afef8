"""The latest entries in the records of changes of a person's authorities."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import SEE_RECORD, may
from evenhand.authorities.queries import recent_entries
from evenhand.authorities.record_words import record_lines

ENTRIES_SHOWN = 8


@dataclass(frozen=True)
class RecentChange:
    actor: str | Promise
    description: str | Promise
    subject: str
    at: datetime
    authority: Authority


def recent_activity(person: User, authorities: Iterable[Authority]) -> list[RecentChange]:
    """Only from authorities whose record of changes the person may see."""
    readable = [authority for authority in authorities if may(person, SEE_RECORD, authority).allowed]
    entries = recent_entries(readable, ENTRIES_SHOWN) if readable else []
    changes = [
        RecentChange(line.actor, line.description, line.subject.name, line.entry.at, authority)
        for authority in readable
        for line in record_lines(
            [entry for entry in entries if entry.authority_id == authority.id], person=person, authority=authority
        )
    ]
    return sorted(changes, key=lambda change: change.at, reverse=True)
