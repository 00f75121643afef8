"""Rows that the database itself refuses to change, on SQLite and on PostgreSQL.

Application code can be wrong, and a person with a console can be in a hurry; a trigger holds against both.
Use `Frozen` in a migration:

    Frozen("ledger_entry", on=("update", "delete"))
    Frozen("releases_release", on=("update", "delete"), when="OLD.state = 'published'")

On PostgreSQL a table that is frozen against deletion refuses TRUNCATE too, which no row's condition could see.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation


class Frozen(Operation):
    """Refuse the events named in `on` (insert, update, delete) for the rows of `table` where `when` holds."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, on: tuple[str, ...], when: str = "", message: str = "") -> None:
        self.table, self.on, self.when = table, on, when
        self.message = message or f"rows of {table} cannot be changed once they stand"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models are as they were: only the database learns something."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        write = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
        for event in self._events(schema_editor):
            for statement in write(self._name(event), self.table, event, self.when, self.message):
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        for event in self._events(schema_editor):
            name = self._name(event)
            schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {self.table}" if postgresql else ""))
            if postgresql:
                schema_editor.execute(f"DROP FUNCTION {name}()")

    def describe(self) -> str:
        return f"Freeze {self.table} against {', '.join(self.on)}"

    def _events(self, schema_editor: BaseDatabaseSchemaEditor) -> tuple[str, ...]:
        # PostgreSQL can empty a table without touching its rows one by one; SQLite has no such statement.
        postgresql = schema_editor.connection.vendor == "postgresql"
        return (*self.on, "truncate") if postgresql and "delete" in self.on else self.on

    def _name(self, event: str) -> str:
        return f"frozen_{self.table}_{event}"


def _sqlite(name: str, table: str, event: str, when: str, message: str) -> list[str]:
    condition = f"WHEN {when} " if when else ""
    return [
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH ROW {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
    ]


def _postgresql(name: str, table: str, event: str, when: str, message: str) -> list[str]:
    # The condition stands inside the function, because WHEN on a PostgreSQL trigger allows no subquery.
    refuse = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    body = f"IF {when} THEN {refuse} END IF;" if when and event != "truncate" else refuse
    row = {"delete": "OLD", "truncate": "NULL"}.get(event, "NEW")
    each = "STATEMENT" if event == "truncate" else "ROW"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$frozen$ BEGIN {body} RETURN {row}; END $frozen$",
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]
