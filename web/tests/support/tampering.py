"""An attacker with the database password, who drops the triggers and then changes rows of the ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from evenhand.ledger.models import Entry, Payload

TABLES = ("ledger_entry", "ledger_payload", "ledger_head", "ledger_checkpoint", "ledger_subtree")


@contextmanager
def without_triggers() -> Iterator[Callable[..., None]]:
    """Executes SQL without triggers and checks. Everything is rolled back at the end, the dropped triggers included."""
    savepoint = transaction.savepoint()
    if connection.vendor == "sqlite":
        _run("PRAGMA ignore_check_constraints = ON")
    try:
        for name, table in _triggers():
            _run(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        yield _run
    finally:
        transaction.savepoint_rollback(savepoint)
        if connection.vendor == "sqlite":
            _run("PRAGMA ignore_check_constraints = OFF")


def _triggers() -> list[tuple[str, str]]:
    query = (
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table) for name, table in cursor.fetchall() if table in TABLES]


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [database_value(value) for value in values])


def database_value(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value


def alterations(field: "models.Field[Any, Any]", row: Entry | Payload) -> Iterator[str]:
    """SQL assignments that alter the column, by one byte where its type allows it."""
    column, kind = connection.ops.quote_name(field.column), field.get_internal_type()
    value = getattr(row, field.attname)
    if kind in ("UUIDField", "OneToOneField"):
        yield f"{column} = '{_other_id(value)}'"
        if field.null:
            yield f"{column} = NULL"
        if connection.vendor == "sqlite" and value.hex.upper() != value.hex:
            yield f"{column} = upper({column})"
            yield f"{column} = '{value}'"
    elif kind == "DateTimeField":
        yield (
            f"{column} = {column} + interval '1 microsecond'"
            if connection.vendor == "postgresql"
            else f"{column} = substr({column}, 1, length({column}) - 1) || (substr({column}, -1) + 1) % 10"
        )
        if connection.vendor == "sqlite":
            yield f"{column} = replace({column}, ' ', 'T')"
    elif kind == "PositiveBigIntegerField":
        yield f"{column} = {column} + 900"
        yield f"{column} = {column} + 901"
    else:
        assert kind in ("CharField", "TextField"), kind
        for index in (0, len(value) // 2, len(value) - 1):
            yield f"{column} = '{_quoted(value[:index] + _other(value[index]) + value[index + 1 :])}'"
        if len(value) != field.max_length:  # PostgreSQL drops a trailing space that exceeds the length
            yield f"{column} = {column} || ' '"
        if connection.vendor == "sqlite":
            yield f"{column} = CAST({column} || X'FF' AS TEXT)"  # not valid text


def _other(character: str) -> str:
    return "b" if character == "a" else "a"


def _other_id(value: UUID | None) -> Any:
    return database_value(UUID(int=(value or UUID(int=5)).int ^ 1))


def _quoted(text: str) -> str:
    return text.replace("'", "''").replace("%", "%%")
