"""The triggers that keep frozen rows: those that a database should have, those it has, and altering a frozen table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

CREATED = re.compile(r"CREATE TRIGGER (\w+) .*? ON (\w+)", re.DOTALL)
CREATED_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\) .*\$frozen\$(.*)\$frozen\$", re.DOTALL)
DROPPED = re.compile(r"DROP TRIGGER (\w+)")
COLUMN = re.compile(r"\b(?:OLD|NEW)\.\"?(\w+)")


class MigrationUnsafe(Exception):
    """A migration would leave a frozen table without a working trigger: it is rolled back."""


@dataclass(frozen=True)
class Trigger:
    """`definition` is what is compared: the statement on SQLite, the body of the function on PostgreSQL."""

    name: str
    table: str
    definition: str
    statement: str  # creates it again, word for word

    def mentions(self, table: str) -> bool:
        return self.table == table or re.search(rf"\b{re.escape(table)}\b", self.definition) is not None


def expected_triggers(connection: BaseDatabaseWrapper) -> dict[str, Trigger]:
    """The triggers that the applied migrations should have left, by name, found by replaying their operations."""
    loader, recorder = MigrationLoader(connection), _StatementRecorder(connection)
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    for key in order:
        if key in applied and key in loader.disk_migrations:
            for operation in loader.disk_migrations[key].operations:
                if getattr(operation, "creates_triggers", False):
                    operation.database_forwards(key[0], recorder, None, None)  # type: ignore[arg-type]
    return recorder.created


def triggers_in_place(connection: BaseDatabaseWrapper) -> dict[str, Trigger]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)
        return {
            name: Trigger(name, table, _normalised(definition), statement)
            for name, table, definition, statement in cursor.fetchall()
        }


def problems(connection: BaseDatabaseWrapper) -> list[str]:
    """What is wrong with the triggers of this database, a sentence each; empty when all are in place."""
    expected, in_place = expected_triggers(connection), triggers_in_place(connection)
    missing = [
        f"The trigger {name} on {expected[name].table} is missing: rows that must not change can be changed."
        for name in sorted(expected.keys() - in_place.keys())
    ]
    changed = [
        f"The trigger {name} on {expected[name].table} is not the one that the migrations created."
        for name in sorted(expected.keys() & in_place.keys())
        if expected[name].definition != in_place[name].definition
    ]
    return missing + changed + list(_unknown_columns(connection, in_place))


@contextmanager
def dropped(schema_editor: BaseDatabaseSchemaEditor, table: str) -> Iterator[None]:
    """Without the triggers on `table` and those that mention it; afterwards with every trigger that there was before.

    On SQLite, Django alters a table by making it anew, which drops its triggers and, through a foreign key, those of
    other tables: so whatever is missing afterwards is created again, not only what was dropped here.
    """
    connection = schema_editor.connection
    before = triggers_in_place(connection)
    for trigger in before.values():
        if trigger.mentions(table):
            suffix = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            schema_editor.execute(f"DROP TRIGGER {trigger.name}{suffix}")
    yield
    if errors := list(_unknown_columns(connection, before)):
        raise MigrationUnsafe(
            f"{' '.join(errors)} In the same migration, put Unfrozen before this step and Frozen with its new "
            "condition after it."
        )
    left = triggers_in_place(connection)
    for name, trigger in before.items():
        if name not in left:
            schema_editor.execute(trigger.statement, params=None)


class _StatementRecorder:
    """Takes the place of a schema editor, and keeps the triggers that its statements would create."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.created: dict[str, Trigger] = {}
        self._functions: dict[str, str] = {}

    def execute(self, statement: str, params: Any = None) -> None:
        if function := CREATED_FUNCTION.match(statement):
            self._functions[function[1]] = function[2]
        elif trigger := CREATED.match(statement):
            name, table = trigger.groups()
            definition = _normalised(self._functions.get(name, statement))
            self.created[name] = Trigger(name, table, definition, statement)
        elif trigger := DROPPED.match(statement):
            self.created.pop(trigger[1], None)


def _unknown_columns(connection: BaseDatabaseWrapper, in_place: dict[str, Trigger]) -> Iterator[str]:
    """A renamed or removed column leaves a trigger that fails, or on PostgreSQL only fails when a row is written."""
    with connection.cursor() as cursor:
        for name, trigger in sorted(in_place.items()):
            if not name.startswith("frozen_"):
                continue
            columns = {column.name for column in connection.introspection.get_table_description(cursor, trigger.table)}
            for column in sorted(set(COLUMN.findall(trigger.definition)) - columns):
                yield f"The trigger {name} reads the column {column}, which {trigger.table} does not have."


def _normalised(text: str) -> str:
    """SQLite puts the name of a table that was altered in quotation marks."""
    return " ".join(text.replace('"', "").split())


_SQLITE = "SELECT name, tbl_name, sql, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL = """
    SELECT t.tgname, c.relname, p.prosrc, pg_get_triggerdef(t.oid) FROM pg_trigger t
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)
"""
