"""Frozen tables are altered on either kind of database and keep every trigger; `migrate` fails where one is lost."""

from pathlib import Path

import pytest

from support.databases import (
    BOTH_ENGINES,
    empty_database,
    evenhand,
    migrated_database,
    output_of,
    run_script,
    start_command,
)

START = """
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.utils import Error
from evenhand.records import triggers
from evenhand.records.immutability import AlterFrozenTable, Frozen

state = MigrationLoader(connection).project_state()

def forwards(app, operation):
    after = state.clone()
    operation.state_forwards(app, after)
    with connection.schema_editor(atomic=True) as editor:
        operation.database_forwards(app, editor, state, after)
    return after

def refusal(statement):
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except Error as error:
        return str(error).splitlines()[0]
    return "not refused"
"""


@pytest.fixture(params=BOTH_ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path):
    with migrated_database(request.param, tmp_path) as address:
        yield address


def run(var: Path, database: str, script: str) -> str:
    return output_of(run_script(var, database, START + script))


# What Django does anew on SQLite: columns with defaults, other types, constraints, on frozen tables and on those that
# triggers of other tables read. Each goes forwards and back, and every trigger is there as it was.
ALTERATIONS = """
DEFAULT = models.IntegerField(default=7)
CASES = [
    ("plans", "plans_plan", [migrations.AddField("plan", "weight", DEFAULT)]),
    ("plans", "plans_plannode", [migrations.AddField("plannode", "weight", DEFAULT),
                                 migrations.AlterField("plannode", "weight", models.BigIntegerField(default=7))]),
    ("releases", "releases_release", [migrations.AddField("release", "weight", DEFAULT)]),
    ("releases", "releases_releasetable", [migrations.RenameField("releasetable", "audit", "checked")]),
    ("records", "records_takenslug", [migrations.AlterField("takenslug", "slug", models.SlugField(max_length=90))]),
    ("ledger", "ledger_entry", [migrations.AddConstraint(
        "entry", models.CheckConstraint(condition=models.Q(position__gte=0), name="not_negative"))]),
]
before = triggers.triggers_in_place(connection)
assert len(before) >= 17
for app, table, operations in CASES:
    operation = AlterFrozenTable(table, operations)
    after = forwards(app, operation)
    between = triggers.triggers_in_place(connection)
    assert {n: t.definition for n, t in between.items()} == {n: t.definition for n, t in before.items()}, table
    with connection.schema_editor(atomic=True) as editor:
        operation.database_backwards(app, editor, after, state)
    again = triggers.triggers_in_place(connection)
    assert {n: t.definition for n, t in again.items()} == {n: t.definition for n, t in before.items()}, table
assert triggers.problems(connection) == []
"""


def test_a_frozen_table_is_altered_forwards_and_back_and_keeps_every_trigger(tmp_path: Path, database: str) -> None:
    run(tmp_path, database, ALTERATIONS)


PUBLISHED_PLAN = """
weight = migrations.AddField("plan", "weight", models.IntegerField(default=7))
forwards("plans", AlterFrozenTable("plans_plan", [weight]))
with connection.cursor() as cursor:
    cursor.execute("SELECT DISTINCT weight FROM plans_plan WHERE published_at IS NOT NULL")
    assert cursor.fetchall() == [(7,)]
print(refusal("UPDATE plans_plan SET weight = 8 WHERE published_at IS NOT NULL"))
published = "SELECT id FROM plans_plan WHERE published_at IS NOT NULL"
print(refusal(f"UPDATE plans_plannode SET ref = 'x' WHERE plan_id IN ({published})"))
"""


def test_published_rows_take_the_new_column_and_stay_frozen(tmp_path: Path, database: str) -> None:
    evenhand(tmp_path, database, "demo")
    printed = run(tmp_path, database, PUBLISHED_PLAN)
    assert "a published plan cannot be changed" in printed
    assert "words of a published plan cannot be changed" in printed
    assert "not refused" not in printed


UNWRAPPED = """
step = migrations.AlterField("takenslug", "slug", models.SlugField(max_length=90))
forwards("records", step)
"""


def test_migrate_fails_where_a_trigger_is_lost(tmp_path: Path, database: str) -> None:
    """As an unwrapped step does it on SQLite; dropped by hand on PostgreSQL, where such a step is harmless."""
    if database.startswith("sqlite"):
        run(tmp_path, database, UNWRAPPED)
    else:
        run(
            tmp_path,
            database,
            "connection.cursor().execute('DROP TRIGGER frozen_records_takenslug_update ON records_takenslug')",
        )
    with start_command(tmp_path, database, "migrate") as running:
        _output, errors = running.communicate()
    assert running.returncode == 1
    assert "The trigger frozen_records_takenslug_update on records_takenslug is missing" in errors
    assert "Restore the backup" in errors
    assert "Traceback" not in errors


RENAMED = """
try:
    forwards("plans", AlterFrozenTable("plans_plan", [migrations.RenameField("plan", "published_at", "adopted_at")]))
except triggers.MigrationUnsafe as error:
    print(error)
assert triggers.problems(connection) == []
"""


def test_a_column_that_a_trigger_reads_is_not_renamed_under_it(tmp_path: Path, database: str) -> None:
    printed = run(tmp_path, database, RENAMED)
    assert "reads the column published_at, which plans_plan does not have" in printed


COLUMNS = """
with connection.schema_editor(atomic=True) as editor:
    operation = Frozen("records_takenslug", on=("update",), columns=("slug", "namespace"), name="slug", message="kept")
    for trigger in ("update", "delete"):
        suffix = " ON records_takenslug" if connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER frozen_records_takenslug_{trigger}{suffix}")
    operation.database_forwards("records", editor, None, None)
from evenhand.records.identity import new_id
from evenhand.records.models import TakenSlug
taken = TakenSlug.objects.create(namespace="n", slug="s", subject_id=new_id())
taken.subject_id = new_id()
taken.save()  # writes every column, two of them with the value that they have
print(refusal("UPDATE records_takenslug SET slug = 'other'"))
"""


def test_an_update_of_some_columns_is_refused_and_of_others_is_not(tmp_path: Path, database: str) -> None:
    assert "kept" in run(tmp_path, database, COLUMNS)


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_new_database_passes(tmp_path: Path, engine: str) -> None:
    with empty_database(engine, tmp_path) as database:
        evenhand(tmp_path, database, "migrate")
