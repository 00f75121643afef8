"""Migration operations for rows that the database itself refuses to change, on SQLite and on PostgreSQL.

Application code can be wrong, and a person at a console can be in a hurry: a trigger holds against both.

    Frozen("ledger_entry", on=("update", "delete"))
    Frozen("releases_release", on=("update", "delete"), when="OLD.state = 'published'")
    Frozen("plans_plan", on=("update",), columns=("wording",), name="plan_wording")
    Unfrozen("ledger_entry", on=("update", "delete"))
    AlterFrozenTable("plans_plan", [migrations.AddField("plan", "adopted_on", models.DateField(default=...))])

On PostgreSQL a table that is frozen against deletion refuses TRUNCATE too, which a condition on a row cannot see.
What else may be done to a frozen table is in `records.migration_check`; which triggers a database should have and has,
in `records.triggers`.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from evenhand.records import triggers

LONGEST_NAME = 63  # PostgreSQL cuts a longer identifier off without a word


class Frozen(Operation):
    """Refuse the events in `on` (insert, update, delete) for the rows of `table` for which `when` holds.

    With `columns`, an update is refused only if it changes one of them; writing the value that a column already has
    is no change. `name` is needed where a table has two triggers for one event.
    """

    reversible = True
    reduces_to_sql = True
    creates_triggers = True  # `records.triggers` replays these to know what a database should have

    def __init__(
        self,
        table: str,
        on: tuple[str, ...],
        when: str = "",
        message: str = "",
        columns: tuple[str, ...] = (),
        name: str = "",
    ) -> None:
        if columns and on != ("update",):
            raise ValueError("`columns` limits updates alone: write the other events as a Frozen of their own.")
        self.table, self.on, self.when, self.columns, self.name = table, on, when, columns, name
        self.message = message or f"rows of {table} cannot be changed once they stand"
        if longest := [event for event in (*on, "truncate") if len(self._trigger(event)) > LONGEST_NAME]:
            raise ValueError(f"The name {self._trigger(longest[0])} is too long for a trigger: give a shorter `name`.")

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are: only the database changes."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._create(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._drop(schema_editor)

    def describe(self) -> str:
        return f"Freeze {self.table} against {', '.join(self.on)}"

    def _create(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        statements = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
        for event in self._events(schema_editor):
            for statement in statements(self, event, self._trigger(event)):
                schema_editor.execute(statement, params=None)

    def _drop(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        for event in self._events(schema_editor):
            trigger = self._trigger(event)
            schema_editor.execute(f"DROP TRIGGER {trigger}" + (f" ON {self.table}" if postgresql else ""))
            if postgresql:
                schema_editor.execute(f"DROP FUNCTION {trigger}()")

    def _events(self, schema_editor: BaseDatabaseSchemaEditor) -> tuple[str, ...]:
        # PostgreSQL can empty a table without touching its rows one by one; SQLite has no such statement.
        postgresql = schema_editor.connection.vendor == "postgresql"
        return (*self.on, "truncate") if postgresql and "delete" in self.on else self.on

    def _trigger(self, event: str) -> str:
        return f"frozen_{self.name or self.table}_{event}"


class Unfrozen(Frozen):
    """Drop what a `Frozen` with the same arguments created."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._drop(schema_editor)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        self._create(schema_editor)

    def describe(self) -> str:
        return f"Unfreeze {self.table} for {', '.join(self.on)}"


class AlterFrozenTable(Operation):
    """Alter a frozen table, or one that the condition of another table's trigger reads.

    Every trigger on `table`, or that mentions it, is dropped, `operations` run, and every trigger that was in the
    database before is created again as it was. The whole is one transaction: a failure leaves the table as it was.

    `operations` may change the structure, not the published rows: these are copied into a new structure, never
    updated (with the triggers dropped, nothing else would stop that).
    """

    reversible = True

    def __init__(self, table: str, operations: Sequence[Operation]) -> None:
        self.table, self.operations = table, operations

    def state_forwards(self, app_label: str, state: Any) -> None:
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        with triggers.dropped(schema_editor, self.table):
            before = from_state.clone()
            for operation in self.operations:
                after = before.clone()
                operation.state_forwards(app_label, after)
                operation.database_forwards(app_label, schema_editor, before, after)
                before = after

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        states = [to_state]
        for operation in self.operations:
            states.append(states[-1].clone())
            operation.state_forwards(app_label, states[-1])
        with triggers.dropped(schema_editor, self.table):
            for position in range(len(self.operations) - 1, -1, -1):
                self.operations[position].database_backwards(
                    app_label, schema_editor, states[position + 1], states[position]
                )

    def describe(self) -> str:
        return f"Alter the frozen table {self.table}: {'; '.join(step.describe() for step in self.operations)}"


def _sqlite(frozen: Frozen, event: str, trigger: str) -> list[str]:
    condition = _condition(frozen, event, "IS NOT")
    return [
        f"CREATE TRIGGER {trigger} BEFORE {_event(frozen, event)} ON {frozen.table} FOR EACH ROW "
        f"{f'WHEN {condition} ' if condition else ''}"
        f"BEGIN SELECT RAISE(ABORT, '{frozen.message}'); END"
    ]


def _postgresql(frozen: Frozen, event: str, trigger: str) -> list[str]:
    # The condition is inside the function, because WHEN on a PostgreSQL trigger allows no subquery.
    condition = _condition(frozen, event, "IS DISTINCT FROM")
    refuse = f"RAISE EXCEPTION '{frozen.message}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {condition} THEN {refuse} END IF;" if condition else refuse
    row = {"delete": "OLD", "truncate": "NULL"}.get(event, "NEW")
    level = "STATEMENT" if event == "truncate" else "ROW"
    return [
        f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$frozen$ BEGIN {body} RETURN {row}; END $frozen$",
        f"CREATE TRIGGER {trigger} BEFORE {_event(frozen, event)} ON {frozen.table} "
        f"FOR EACH {level} EXECUTE FUNCTION {trigger}()",
    ]


def _event(frozen: Frozen, event: str) -> str:
    return f"UPDATE OF {', '.join(frozen.columns)}" if frozen.columns else event.upper()


def _condition(frozen: Frozen, event: str, differs: str) -> str:
    if event == "truncate":
        return ""
    if not frozen.columns:
        return frozen.when
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in frozen.columns)
    return f"({frozen.when}) AND ({changed})" if frozen.when else changed
