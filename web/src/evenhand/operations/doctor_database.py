"""The doctor on the database: its layout, how it is kept, and the triggers that freeze what must not change."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from evenhand.operations.backup_state import applied
from evenhand.operations.doctor import Line, broken, ok
from evenhand.records.immutability import Frozen

ABOUT = "database"
MADE = re.compile(r"CREATE TRIGGER (\w+) .* ON (\w+)", re.DOTALL)
MADE_BODY = re.compile(r"CREATE FUNCTION (\w+)\(\) .*\$frozen\$(.*)\$frozen\$", re.DOTALL)
DROPPED = re.compile(r"DROP TRIGGER (\w+)")


def database(deep: bool) -> Iterator[Line]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    yield ok(ABOUT, f"{connection.display_name} answers.")
    yield from _layout()
    if connection.vendor == "sqlite":
        yield from _sqlite(deep)
    yield from _triggers()


def _layout() -> Iterator[Line]:
    executor = MigrationExecutor(connection)
    unknown = sorted(applied(connection.alias) - set(executor.loader.disk_migrations))
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if unknown:
        yield broken(ABOUT, f"It is laid out for another version ({'.'.join(unknown[0])}).", "Run that version here.")
    elif plan:
        yield broken(ABOUT, f"{len(plan)} migrations have not been applied.", "Make a backup, then: evenhand migrate")
    else:
        yield ok(ABOUT, "Every migration has been applied.")


def _sqlite(deep: bool) -> Iterator[Line]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA integrity_check" if deep else "PRAGMA quick_check(1)")
        whole = cursor.fetchone()[0]
    if mode == "wal":
        yield ok(ABOUT, "Readers and a writer do not wait for each other (WAL).")
    else:
        yield broken(
            ABOUT, f"The journal is kept as {mode}, not as WAL.", "Keep EVENHAND_VAR on a disk of the machine."
        )
    if whole == "ok":
        yield ok(ABOUT, "The file of the database is sound.")
    else:
        yield broken(ABOUT, "The file of the database is damaged.", "Restore the last backup into a new EVENHAND_VAR.")


def _triggers() -> Iterator[Line]:
    expected, found = expected_triggers(), triggers_in_place()
    missing = sorted(name for name in expected if name not in found)
    changed = sorted(name for name in expected if name in found and found[name] != expected[name])
    mend = "Find out who took it away. Then restore the last backup into a new system, where it is in place."
    for name in missing:
        yield broken(ABOUT, f"The trigger {name} is missing: what must not change can be changed.", mend)
    for name in changed:
        yield broken(ABOUT, f"The trigger {name} is not the one that was put there.", mend)
    if expected and not missing and not changed:
        yield ok(ABOUT, f"What must not change is frozen: {len(expected)} triggers are in place.")


def expected_triggers() -> dict[str, str]:
    """What the applied migrations leave in place, name and body: their own statements, gone through in order."""
    loader, said = MigrationLoader(connection), _Said()
    for key in _in_order(loader):
        for operation in loader.disk_migrations[key].operations:
            if isinstance(operation, Frozen):
                operation.database_forwards(key[0], said, None, None)  # type: ignore[arg-type]
    return said.left()


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    done = applied(connection.alias)
    order: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return [key for key in order if key in done and key in loader.disk_migrations]


class _Said:
    """Takes the place of what would carry the statements out."""

    connection = connection

    def __init__(self) -> None:
        self._bodies: dict[str, str] = {}
        self._made: dict[str, str] = {}

    def execute(self, statement: str, params: Any = None) -> None:
        if body := MADE_BODY.match(statement):
            self._bodies[body[1]] = _plain(body[2])
        elif made := MADE.match(statement):
            self._made[made[1]] = self._bodies.get(made[1], _plain(statement))
        elif dropped := DROPPED.match(statement):
            self._made.pop(dropped[1], None)

    def left(self) -> dict[str, str]:
        return self._made


def triggers_in_place() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)
        return {name: _plain(body) for name, body in cursor.fetchall()}


_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL = """
    SELECT t.tgname, p.prosrc FROM pg_trigger t
    JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)
"""


def _plain(text: str) -> str:
    """A table that was altered on SQLite comes back with its name in quotes."""
    return " ".join(text.replace('"', "").split())
