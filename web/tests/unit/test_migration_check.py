"""The system check of migration files: which steps on a frozen table are refused, and which are not."""

import pytest
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

from evenhand.records.immutability import AlterFrozenTable, Frozen, Unfrozen
from evenhand.records.migration_check import Step, check_frozen_tables_are_altered_safely, unsafe_alterations

CREATED = [
    migrations.CreateModel("Plan", [("id", models.UUIDField(primary_key=True)), ("state", models.TextField())]),
    migrations.CreateModel("PlanNode", [("id", models.UUIDField(primary_key=True)), ("words", models.TextField())]),
    migrations.CreateModel("Note", [("id", models.UUIDField(primary_key=True))]),
    Frozen("plans_plannode", on=("update",), when="(SELECT state FROM plans_plan WHERE id = OLD.plan_id) = 'out'"),
]
COUNT = migrations.AddField("plan", "count", models.IntegerField(default=0))


def errors(*operations: Operation, app: str = "plans") -> list[str]:
    steps = [Step("plans", "0001_initial", operation) for operation in CREATED]
    return [
        str(error.msg) for error in unsafe_alterations([*steps, *(Step(app, "0002_more", step) for step in operations)])
    ]


REFUSED = {
    "a column with a default, on a table that a trigger of another reads": COUNT,
    "a column with a default": migrations.AddField("plannode", "count", models.IntegerField(default=0)),
    "a unique column": migrations.AddField("plannode", "code", models.TextField(null=True, unique=True)),
    "another type": migrations.AlterField("plannode", "words", models.CharField(max_length=9)),
    "a renamed column": migrations.RenameField("plannode", "words", "wording"),
    "a removed column": migrations.RemoveField("plan", "state"),
    "a constraint": migrations.AddConstraint("plannode", models.UniqueConstraint(fields=["words"], name="once")),
    "another name": migrations.RenameModel("PlanNode", "Node"),
    "a deleted model": migrations.DeleteModel("PlanNode"),
    "columns unique together": migrations.AlterUniqueTogether("plan", {("id", "state")}),
}


@pytest.mark.parametrize("operation", REFUSED.values(), ids=REFUSED)
def test_altering_a_frozen_table_is_an_error(operation: Operation) -> None:
    (message,) = errors(operation)
    assert message.startswith("plans.0002_more alters the frozen table plans_plan")
    assert errors(AlterFrozenTable("plans_plannode", [operation])) == []


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("plannode", "count", models.IntegerField(null=True)),
        migrations.AddIndex("plannode", models.Index(fields=["words"], name="words")),
        migrations.AddField("note", "count", models.IntegerField(default=0)),
        migrations.CreateModel("Other", [("id", models.UUIDField(primary_key=True))]),
        migrations.RunPython(migrations.RunPython.noop),
    ],
    ids=["a nullable column", "an index", "a table without triggers", "a new table", "code"],
)
def test_what_leaves_the_triggers_in_place_is_not_an_error(operation: Operation) -> None:
    assert errors(operation) == []


def test_a_table_may_be_altered_while_it_is_unfrozen() -> None:
    alter = migrations.AlterField("plannode", "words", models.CharField(max_length=9))
    assert errors(Unfrozen("plans_plannode", on=("update",)), alter, CREATED[-1]) == []


def test_a_table_that_a_trigger_of_another_app_reads_is_frozen_too() -> None:
    reads = Step(
        "releases", "0001_initial", Frozen("releases_release", on=("delete",), when="(SELECT 1 FROM plans_note)")
    )
    steps = [Step("plans", "0001_initial", operation) for operation in CREATED]
    alters = Step("plans", "0002_more", migrations.AddField("note", "count", models.IntegerField(default=0)))
    assert [error.id for error in unsafe_alterations([*steps, alters, reads])] == ["records.E007"]


def test_our_own_migrations_have_no_error() -> None:
    assert check_frozen_tables_are_altered_safely(None) == []


def test_a_name_that_postgresql_would_cut_off_is_refused() -> None:
    with pytest.raises(ValueError, match="give a shorter `name`"):
        Frozen("plans_" + "p" * 50, on=("delete",))
    assert Frozen("plans_" + "p" * 50, on=("delete",), name="plans_p")


def test_columns_limit_updates_alone() -> None:
    with pytest.raises(ValueError, match="limits updates alone"):
        Frozen("plans_plan", on=("update", "delete"), columns=("wording",))
