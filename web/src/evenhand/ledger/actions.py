"""The recorder. Every action of every room writes through `recording`, which is also its transaction.

    with recording("plans.publish", on=plan, by=person, reason=why) as change:
        change.before = {"published_at": None}
        ...
        change.after = {"published_at": plan.published_at}

Leaving the block without saying what the change was (`after`) undoes it: nothing is written unrecorded.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from evenhand.ledger.models import Entry, Payload


class Actor(Protocol):
    """Whoever acts: known here by an id alone."""

    id: Any


class UnrecordedChange(RuntimeError):
    """An action ended without telling the record what it did. A fault in the code, never in the input."""


@dataclass(frozen=True)
class Subject:
    """What a change is about, as the record knows it."""

    kind: str
    id: UUID
    authority_id: UUID | None


@dataclass
class Change:
    """What the action fills in while it works. `subject` may be set late, for a thing that is being made."""

    subject: Subject | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] | None = None


@contextmanager
def recording(action: str, *, by: Actor, on: Subject | None = None, reason: str = "") -> Iterator[Change]:
    """One transaction and its entry in the record: both are written, or neither."""
    with transaction.atomic():
        change = Change(subject=on)
        yield change
        if change.subject is None or change.after is None:
            raise UnrecordedChange(f"{action} did not say what it changed")
        _write(action, change.subject, by, {"before": change.before, "after": change.after, "reason": reason})


def _write(action: str, subject: Subject, by: Actor, content: Mapping[str, Any]) -> None:
    # Written and read back as JSON, so that the commitment is to what the database will give again.
    text = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    salt = secrets.token_hex(32)
    entry = Entry.objects.create(
        authority_id=subject.authority_id,
        actor_id=by.id,
        action=action,
        subject_kind=subject.kind,
        subject_id=subject.id,
        at=timezone.now(),
        commitment=hashlib.sha256(f"{salt}{text}".encode()).hexdigest(),
    )
    Payload.objects.create(entry=entry, salt=salt, content=json.loads(text))
