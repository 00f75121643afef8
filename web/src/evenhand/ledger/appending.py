"""Append entries to their chains. Everything is prepared first, so that the end of the chain is locked only briefly.

On PostgreSQL a single message locks the end of the chain, computes the hash, moves the end, writes the entry and
commits, so that the lock is held only while the server works. SQLite allows one writer at a time anyway, and its
statements need no network round trip.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from evenhand.ledger import form
from evenhand.ledger.models import Entry
from evenhand.ledger.subjects import Subject
from evenhand.page_cache.counters import raise_counters
from evenhand.records.identity import new_id


def _token() -> str:
    return secrets.token_hex(32)


@dataclass(frozen=True)
class DraftEntry:
    """An entry that is not in its chain yet: it has no position, previous hash or hash of its own."""

    action: str
    actor_id: UUID
    subject: Subject
    text: str
    id: UUID = field(default_factory=new_id)
    at: datetime = field(default_factory=timezone.now)
    salt: str = field(default_factory=_token)
    blind: str = field(default_factory=_token)

    @property
    def commitment(self) -> str:
        return form.payload_commitment(self.salt, self.text)

    def fields(self) -> dict[str, str | None]:
        authority_id = self.subject.authority_id
        return {
            "action": self.action,
            "actor": form.actor_commitment(self.blind, str(self.actor_id)),
            "at": self.at.astimezone(UTC).strftime(form.AT),
            "authority": str(authority_id) if authority_id else None,
            "chain": str(self.subject.chain),
            "commitment": self.commitment,
            "form": form.FORM,
            "id": str(self.id),
            "subject_id": str(self.subject.id),
            "subject_kind": self.subject.kind,
        }


def draft(action: str, actor_id: UUID, subject: Subject, content: Mapping[str, Any]) -> DraftEntry:
    return DraftEntry(action, actor_id, subject, form.payload_text(content, DjangoJSONEncoder))


def append(drafts: Iterable[DraftEntry], *, committing: bool = False) -> None:
    """Append as the last step of the caller's transaction. Chains are locked in a fixed order to avoid deadlocks.

    `committing` means that the caller's transaction is the outermost one and ends here. PostgreSQL then receives COMMIT
    in the same message as the last entry, so that it does not keep the chain locked for another round trip.
    """
    assert connection.in_atomic_block, "an entry must be written in the transaction of its change"
    ordered = sorted(drafts, key=lambda draft: draft.subject.chain.int)
    if not ordered:
        return
    raise_counters((draft.action, draft.subject.id, draft.subject.authority_id) for draft in ordered)
    if connection.vendor == "postgresql":
        _append_in_one_message(ordered, "COMMIT" if committing else "")
    else:
        _append_one_by_one(ordered)


COLUMNS = (
    "id",
    "authority_id",
    "actor_id",
    "action",
    "subject_kind",
    "subject_id",
    "at",
    "commitment",
    "chain",
    "blind",
)
NAMES = ", ".join(COLUMNS)


def _values(draft: DraftEntry) -> list[Any]:
    subject = draft.subject
    ids = (draft.id, subject.authority_id, draft.actor_id, subject.id, subject.chain)
    id, authority_id, actor_id, subject_id, chain = ids if connection.vendor == "postgresql" else map(_hex, ids)
    at = connection.ops.adapt_datetimefield_value(draft.at)
    about = [draft.action, subject.kind, subject_id, at, draft.commitment]
    return [id, authority_id, actor_id, *about, chain, draft.blind]


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None


# PostgreSQL. The payload is written before its entry, so that little is done while the end of the chain is locked. The
# foreign key is deferred until the commit, which fails if there is a payload without an entry.
BEGIN_CHAIN = (
    "INSERT INTO ledger_head (chain, position, hash, previous) "  # noqa: S608
    f"VALUES (%s, 0, '{form.NOTHING_BEFORE}', '{form.NOTHING_BEFORE}') ON CONFLICT DO NOTHING"
)
WRITE_PAYLOAD = "INSERT INTO ledger_payload (entry_id, salt, content) VALUES (%s, %s, %s)"
TYPES = {"UUIDField": "uuid", "DateTimeField": "timestamptz", "CharField": "text"}
CASTS = ", ".join(f"%s::{TYPES[Entry._meta.get_field(name).get_internal_type()]}" for name in COLUMNS)
MOVE_AND_WRITE = f"""
    WITH moved AS (
        UPDATE ledger_head SET position = position + 1, previous = hash,
            hash = encode(sha256('\\x00'::bytea || convert_to(
                %s || (position + 1)::text || ',"previous":"' || hash || %s, 'UTF8')), 'hex')
        WHERE chain = %s::uuid RETURNING position, previous, hash
    )
    INSERT INTO ledger_entry ({NAMES}, position, previous, entry_hash)
    SELECT {CASTS}, position, previous, hash FROM moved
"""  # noqa: S608  contains only our own names


def _append_in_one_message(drafts: Sequence[DraftEntry], last: str) -> None:
    before: list[str] = []
    under_lock: list[str] = []
    values_before: list[Any] = []
    values_under_lock: list[Any] = []
    for draft in drafts:
        left, right = form.parts(draft.fields())
        before += [BEGIN_CHAIN, WRITE_PAYLOAD]
        values_before += [draft.subject.chain, draft.id, draft.salt, draft.text]
        under_lock.append(MOVE_AND_WRITE)
        values_under_lock += [left, right, draft.subject.chain, *_values(draft)]
    statements = [*before, *under_lock, last] if last else [*before, *under_lock]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), [*values_before, *values_under_lock])


# SQLite has one writer at a time from the beginning of the transaction, so speed matters most: the statements go
# straight to the driver.
READ_HEAD = "SELECT position, hash FROM ledger_head WHERE chain = ?"
MOVE_HEAD = "UPDATE ledger_head SET position = ?, previous = ?, hash = ? WHERE chain = ?"
WRITE_ENTRY = (
    f"INSERT INTO ledger_entry ({NAMES}, position, previous, entry_hash) "  # noqa: S608
    f"VALUES ({', '.join('?' * (len(COLUMNS) + 3))})"
)


def _append_one_by_one(drafts: Sequence[DraftEntry]) -> None:
    with connection.wrap_database_errors:
        execute = connection.connection.execute
        for draft in drafts:
            chain, values = draft.subject.chain.hex, _values(draft)
            head = execute(READ_HEAD, [chain]).fetchone()
            if head is None:
                execute(BEGIN_CHAIN.replace("%s", "?"), [chain])
                head = 0, form.NOTHING_BEFORE
            position, previous = head[0] + 1, head[1]
            entry_hash = form.fingerprint(draft.fields(), position, previous)
            execute(WRITE_ENTRY, [*values, position, previous, entry_hash])
            execute(WRITE_PAYLOAD.replace("%s", "?"), [values[0], draft.salt, draft.text])
            execute(MOVE_HEAD, [position, previous, entry_hash, chain])
