"""The recorder. Every action of every room writes through `recording`, which is also its transaction.

    with recording("plans.publish", on=plan, by=person, reason=why) as change:
        change.before = {"published_at": None}
        ...
        change.after = {"published_at": plan.published_at}

Leaving the block without saying what the change was (`after`) undoes it: nothing is written unrecorded.
An action that calls others does so inside its own block: all entries are then written at the end of the outermost one,
so that the lock on the end of the chain is the last that a transaction takes.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from evenhand.ledger.appending import Draft, append, draft
from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Payload
from evenhand.ledger.subjects import Actor, Subject

__all__ = ["Actor", "Change", "Subject", "UnrecordedChange", "erase_payloads", "recording"]

ERASE = "ledger.erase"
AT_ONCE = 500
_waiting: ContextVar[list[Draft] | None] = ContextVar("entries that the outermost block will write", default=None)


class UnrecordedChange(RuntimeError):
    """An action ended without telling the record what it did. A fault in the code, never in the input."""


@dataclass
class Change:
    """What the action fills in while it works. `subject` may be set late, for a thing that is being made."""

    subject: Subject | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] | None = None


@contextmanager
def recording(action: str, *, by: Actor, on: Subject | None = None, reason: str = "") -> Iterator[Change]:
    """One transaction and its entry in the record: both are written, or neither."""
    with _collecting() as waiting:
        change = Change(subject=on)
        yield change
        if change.subject is None or change.after is None:
            raise UnrecordedChange(f"{action} did not say what it changed")
        content = {"before": change.before, "after": change.after, "reason": reason}
        waiting.append(draft(action, by.id, change.subject, content))


@contextmanager
def _collecting() -> Iterator[list[Draft]]:
    """The outermost block writes what all have collected; one that fails takes back what it and those inside it did."""
    outer = _waiting.get()
    if outer is None:
        with _outermost() as waiting:
            yield waiting
        return
    already = len(outer)
    try:
        with transaction.atomic():
            yield outer
    except BaseException:
        del outer[already:]
        raise


@contextmanager
def _outermost() -> Iterator[list[Draft]]:
    whole = not connection.in_atomic_block
    with transaction.atomic():
        waiting: list[Draft] = []
        mark = _waiting.set(waiting)
        try:
            yield waiting
        finally:
            _waiting.reset(mark)
        append(waiting, committing=whole)


def erase_payloads(entry_ids: Iterable[UUID], *, by: Actor, reason: str) -> int:
    """Remove what the entries said, and write down which; the chain stays whole. Returns how many were removed.

    The list of what was erased, and the reason, can't be erased themselves: put nothing about a person into the reason.
    Whether `by` may do this is for the caller to settle.
    """
    with _collecting():
        erased: dict[UUID | None, list[UUID]] = defaultdict(list)
        for authority_id, entry_id in _standing(list(dict.fromkeys(entry_ids))):
            erased[authority_id].append(entry_id)
        for authority_id, ids in erased.items():
            subject = Subject("record", authority_id or SYSTEM, authority_id)
            with recording(ERASE, by=by, on=subject, reason=reason) as change:
                for some in _few(ids):
                    Payload.objects.filter(entry_id__in=some).delete()
                change.after = {"erased": ids}
    return sum(len(ids) for ids in erased.values())


def _standing(entry_ids: list[UUID]) -> Iterator[tuple[UUID | None, UUID]]:
    """Those whose payload is there and may go, held until the end of the transaction."""
    for some in _few(entry_ids):
        payloads = Payload.objects.filter(entry_id__in=some).exclude(entry__action=ERASE).order_by("entry_id")
        held = payloads.select_for_update(of=("self",))
        yield from held.values_list("entry__authority_id", "entry_id")


def _few(ids: list[UUID]) -> Iterator[list[UUID]]:
    """Databases bear so many values in one question."""
    yield from (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
