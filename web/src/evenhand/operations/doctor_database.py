"""Doctor checks of the database: migrations, SQLite settings, and the triggers that make tables append-only."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from evenhand.operations.backup_migrations import applied
from evenhand.operations.doctor import DoctorResult, broken, ok
from evenhand.records.immutability import Frozen

AREA = "database"
CREATE_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .* ON (\w+)", re.DOTALL)
CREATE_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\) .*\$frozen\$(.*)\$frozen\$", re.DOTALL)
DROP_TRIGGER = re.compile(r"DROP TRIGGER (\w+)")


def check_database(deep: bool) -> Iterator[DoctorResult]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield ok(AREA, f"{connection.display_name} answers.")
    yield from _check_migrations()
    if connection.vendor == "sqlite":
        yield from _check_sqlite(deep)
    yield from _check_triggers()


def _check_migrations() -> Iterator[DoctorResult]:
    executor = MigrationExecutor(connection)
    unknown = sorted(applied(connection.alias) - set(executor.loader.disk_migrations))
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if unknown:
        yield broken(AREA, f"It has a migration of another version ({'.'.join(unknown[0])}).", "Run that version.")
    elif plan:
        yield broken(AREA, f"{len(plan)} migrations have not been applied.", "Make a backup, then: evenhand migrate")
    else:
        yield ok(AREA, "Every migration has been applied.")


def _check_sqlite(deep: bool) -> Iterator[DoctorResult]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA integrity_check" if deep else "PRAGMA quick_check(1)")
        integrity = cursor.fetchone()[0]
    if mode == "wal":
        yield ok(AREA, "The journal mode is WAL, so readers and writers do not block each other.")
    else:
        yield broken(AREA, f"The journal mode is {mode}, not WAL.", "Keep EVENHAND_VAR on a local disk.")
    if integrity == "ok":
        yield ok(AREA, "The database file passes its integrity check.")
    else:
        yield broken(AREA, "The database file is damaged.", "Restore the last backup into a new EVENHAND_VAR.")


def _check_triggers() -> Iterator[DoctorResult]:
    expected, actual = expected_triggers(), actual_triggers()
    missing = sorted(name for name in expected if name not in actual)
    changed = sorted(name for name in expected if name in actual and actual[name] != expected[name])
    fix = "Find out who removed it. Then restore the last backup into a new system, which has the trigger."
    for name in missing:
        yield broken(AREA, f"The trigger {name} is missing, so protected rows can be changed.", fix)
    for name in changed:
        yield broken(AREA, f"The trigger {name} is not the one that the migrations created.", fix)
    if expected and not missing and not changed:
        yield ok(AREA, f"Protected rows are frozen: all {len(expected)} triggers exist.")


def expected_triggers() -> dict[str, str]:
    """The name and body of each trigger that the applied migrations create, from their own statements in order."""
    loader, recorder = MigrationLoader(connection), _StatementRecorder()
    for key in _in_order(loader):
        for operation in loader.disk_migrations[key].operations:
            if isinstance(operation, Frozen):
                operation.database_forwards(key[0], recorder, None, None)  # type: ignore[arg-type]
    return recorder.triggers()


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    applied_migrations = applied(connection.alias)
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return [key for key in order if key in applied_migrations and key in loader.disk_migrations]


class _StatementRecorder:
    """Stands in for the schema editor, and records trigger statements instead of executing them."""

    connection = connection

    def __init__(self) -> None:
        self._bodies: dict[str, str] = {}
        self._triggers: dict[str, str] = {}

    def execute(self, statement: str, params: Any = None) -> None:
        if function := CREATE_FUNCTION.match(statement):
            self._bodies[function[1]] = _normalise(function[2])
        elif trigger := CREATE_TRIGGER.match(statement):
            self._triggers[trigger[1]] = self._bodies.get(trigger[1], _normalise(statement))
        elif dropped := DROP_TRIGGER.match(statement):
            self._triggers.pop(dropped[1], None)

    def triggers(self) -> dict[str, str]:
        return self._triggers


def actual_triggers() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)
        return {name: _normalise(body) for name, body in cursor.fetchall()}


_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL = """
    SELECT t.tgname, p.prosrc FROM pg_trigger t
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)
"""


def _normalise(text: str) -> str:
    """After a table is altered, SQLite returns its name in quotes."""
    return " ".join(text.replace('"', "").split())
