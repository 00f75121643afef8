"""Doctor checks of the database: migrations, SQLite settings, and the triggers that make tables append-only."""

from collections.abc import Iterator

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evenhand.operations.backup.migrations import applied
from evenhand.operations.doctor.results import DoctorResult, broken, ok
from evenhand.records import triggers

AREA = "database"


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
    problems = triggers.problems(connection)
    fix = "Find out who changed the database. Then restore the last backup into a new system, which has the triggers."
    for problem in problems:
        yield broken(AREA, problem, fix)
    if not problems:
        yield ok(AREA, f"Protected rows are frozen: all {len(triggers.triggers_in_place(connection))} triggers exist.")
