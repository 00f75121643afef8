"""Ledger rows exactly as the database stores them, in the order of their chains.

They are read as text rather than through the models, which would accept some altered values (an id in capitals, a time
without its fraction). Such values differ from what was written, and are marked.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from evenhand.ledger import form

BATCH_SIZE = 2_000
UUIDS = ("id", "authority_id", "actor_id", "subject_id", "chain")
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
    "position",
    "previous",
    "blind",
    "entry_hash",
)
PAYLOAD = ("entry_id", "salt", "content")
TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{6})?")
ID = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class StoredEntry:
    id: str
    authority_id: str | None
    actor_id: str
    action: str
    subject_kind: str
    subject_id: str
    at: str
    commitment: str
    chain: str
    position: int
    previous: str
    blind: str
    entry_hash: str
    salt: str | None  # None if the payload no longer exists
    text: str | None

    def fingerprint(self) -> str:
        fields = {
            "action": self.action,
            "actor": form.actor_commitment(self.blind, self.actor_id),
            "at": self.at,
            "authority": self.authority_id,
            "chain": self.chain,
            "commitment": self.commitment,
            "form": form.FORM,
            "id": self.id,
            "subject_id": self.subject_id,
            "subject_kind": self.subject_kind,
        }
        return form.fingerprint(fields, self.position, self.previous)


def entries(chain: UUID | None = None, *, action: str = "") -> Iterator[StoredEntry]:
    """Every entry with its payload, chain by chain in order; optionally only those of one chain or one action."""
    conditions, values = [], []
    if chain is not None:
        conditions, values = ["e.chain = %s"], [_id_as_stored(chain)]
    if action:
        conditions, values = [*conditions, "e.action = %s"], [*values, action]
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = [f"e.{name}" for name in COLUMNS] + [f"p.{name}" for name in PAYLOAD]
    query = (
        f"SELECT {', '.join(_as_text(column) for column in columns)} FROM ledger_entry e "  # noqa: S608
        f"LEFT JOIN ledger_payload p ON p.entry_id = e.id {where} ORDER BY e.chain, e.position, e.id"
    )
    read = _read_postgresql if connection.vendor == "postgresql" else _read_sqlite
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(BATCH_SIZE):
            yield from (read(row) for row in rows)


def payloads_without_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_payload p "
            "WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id)"
        )
        count: int = cursor.fetchone()[0]
        return count


def _as_text(column: str) -> str:
    name = column.partition(".")[2]
    if connection.vendor != "postgresql":
        return f"CAST({column} AS BLOB)"  # the bytes themselves, even if they are not valid text
    if name == "at":
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"{column}::text"


def _read_postgresql(row: tuple[Any, ...]) -> StoredEntry:
    return _entry(list(row))


def _read_sqlite(row: tuple[Any, ...]) -> StoredEntry:
    texts = [None if value is None else bytes(value).decode("utf-8", "backslashreplace") for value in row]
    for index, name in enumerate(COLUMNS):
        if name in UUIDS:
            texts[index] = _dashed(texts[index])
        elif name == "at":
            texts[index] = _iso(texts[index])
    return _entry(texts)


def _entry(texts: list[str | None]) -> StoredEntry:
    *columns, payload_entry_id, salt, text = texts
    values = dict(zip(COLUMNS, columns, strict=True))
    if payload_entry_id is None:
        salt = text = None
    return StoredEntry(**values | {"position": _number(values["position"])}, salt=salt, text=text)  # type: ignore[arg-type]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else -1


def _dashed(text: str | None) -> str | None:
    return _canonical(text, ID, lambda match: "-".join(match.groups()))


def _iso(text: str | None) -> str | None:
    return _canonical(text, TIME, lambda match: f"{match[1]}T{match[2]}{_fraction(match[3])}Z")


def _fraction(text: str | None) -> str:
    """Django omits a zero fraction, so a stored zero fraction was not written by the application."""
    return ".000000" if text is None else ".unwritten" if text == ".000000" else text


def _canonical(text: str | None, pattern: re.Pattern[str], write: Callable[[re.Match[str]], str]) -> str | None:
    if text is None:
        return None
    match = pattern.fullmatch(text)
    return write(match) if match else f"not as written: {text}"


def is_id(text: str) -> bool:
    return ID.fullmatch(text.replace("-", "")) is not None


def _id_as_stored(value: UUID) -> Any:
    return value if connection.vendor == "postgresql" else value.hex
