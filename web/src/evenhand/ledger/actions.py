"""Recording of changes. Every action in every app writes through `recording`, which is also its transaction.

    with recording("plans.publish", on=plan, by=person, reason=reason) as change:
        change.before = {"published_at": None}
        ...
        change.after = {"published_at": plan.published_at}

If the block ends without setting `after`, the change is rolled back, so nothing is written unrecorded.
An action that calls other actions does so inside its own block. All entries are then written at the end of the
outermost block, so that the lock on the end of the chain is the last one that the transaction takes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from evenhand.ledger.appending import DraftEntry, append, draft
from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Payload
from evenhand.ledger.subjects import Actor, Subject

__all__ = ["Actor", "RecordedChange", "Subject", "UnrecordedChange", "erase_payloads", "recording"]

ERASE = "ledger.erase"
BATCH_SIZE = 500
_pending: ContextVar[list[DraftEntry] | None] = ContextVar("entries that the outermost block will write", default=None)


class UnrecordedChange(RuntimeError):
    """An action ended without recording what it did. This is always an error in the code, never in the input."""


@dataclass
class RecordedChange:
    """Filled in by the action. `subject` may be set later, for example for an object that is being created."""

    subject: Subject | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] | None = None


@contextmanager
def recording(action: str, *, by: Actor, on: Subject | None = None, reason: str = "") -> Iterator[RecordedChange]:
    """Write the change and its ledger entry in one transaction: both are written, or neither."""
    with _collecting() as pending:
        change = RecordedChange(subject=on)
        yield change
        if change.subject is None or change.after is None:
            raise UnrecordedChange(f"{action} did not record what it changed")
        content = {"before": change.before, "after": change.after, "reason": reason}
        pending.append(draft(action, by.id, change.subject, content))


@contextmanager
def _collecting() -> Iterator[list[DraftEntry]]:
    """Collect entries for the outermost block to write. If an inner block fails, its own entries are discarded."""
    outer = _pending.get()
    if outer is None:
        with _outermost() as pending:
            yield pending
        return
    collected = len(outer)
    try:
        with transaction.atomic():
            yield outer
    except BaseException:
        del outer[collected:]
        raise


@contextmanager
def _outermost() -> Iterator[list[DraftEntry]]:
    owns_transaction = not connection.in_atomic_block
    with transaction.atomic():
        pending: list[DraftEntry] = []
        token = _pending.set(pending)
        try:
            yield pending
        finally:
            _pending.reset(token)
        append(pending, committing=owns_transaction)


def erase_payloads(entry_ids: Iterable[UUID], *, by: Actor, reason: str) -> int:
    """Erase the entries' details and record which were erased; the chain stays intact. Returns the number erased.

    The list of erased entries and the reason cannot be erased later: put no personal data in the reason.
    The caller checks whether `by` may do this.
    """
    with _collecting():
        erased: dict[UUID | None, list[UUID]] = defaultdict(list)
        for authority_id, entry_id in _erasable(list(dict.fromkeys(entry_ids))):
            erased[authority_id].append(entry_id)
        for authority_id, ids in erased.items():
            subject = Subject("record", authority_id or SYSTEM, authority_id)
            with recording(ERASE, by=by, on=subject, reason=reason) as change:
                for batch in _batches(ids):
                    Payload.objects.filter(entry_id__in=batch).delete()
                change.after = {"erased": ids}
    return sum(len(ids) for ids in erased.values())


def _erasable(entry_ids: list[UUID]) -> Iterator[tuple[UUID | None, UUID]]:
    """The entries whose details still exist and may be erased, locked until the end of the transaction."""
    for batch in _batches(entry_ids):
        payloads = Payload.objects.filter(entry_id__in=batch).exclude(entry__action=ERASE).order_by("entry_id")
        locked = payloads.select_for_update(of=("self",))
        yield from locked.values_list("entry__authority_id", "entry_id")


def _batches(ids: list[UUID]) -> Iterator[list[UUID]]:
    """Databases limit the number of values in one query."""
    yield from (ids[start : start + BATCH_SIZE] for start in range(0, len(ids), BATCH_SIZE))
