"""A system check of migration files: a frozen table is altered by `AlterFrozenTable` alone.

On SQLite, Django alters most tables by making them anew. That drops their triggers without a word, or fails where the
trigger of another table reads the one that is altered.
"""

import pkgutil
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import ModelOperation
from django.db.models.fields import NOT_PROVIDED

from evenhand.records.immutability import Frozen, Unfrozen

HARMLESS = (migrations.AddIndex, migrations.RemoveIndex, migrations.RenameIndex, migrations.AlterModelOptions)


@dataclass(frozen=True)
class Step:
    app: str
    migration: str
    operation: Operation
    runs_after: frozenset[tuple[str, str]] = frozenset()  # the migrations that this one depends on, also indirectly


def check_frozen_tables_are_altered_safely(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    names = [config.name for config in apps.get_app_configs() if config.name.startswith("evenhand.")]
    return unsafe_alterations([step for name in names for step in migration_steps(name)])


def unsafe_alterations(steps: Sequence[Step]) -> list[CheckMessage]:
    """An error for each of these steps (app by app, in the order of their numbers) that alters a frozen table."""
    tables = _table_names(steps)
    read_by_others = [
        (step, table)
        for step in steps
        if isinstance(step.operation, Frozen)
        for table in _tables_read(step.operation, tables.values())
        if not table.startswith(f"{step.app}_")
    ]
    errors: list[CheckMessage] = []
    frozen: set[tuple[str, str]] = set()
    for step in steps:
        operation = step.operation
        if isinstance(operation, Unfrozen):
            frozen.discard((step.app, operation.table))
        elif isinstance(operation, Frozen):
            frozen |= {(step.app, table) for table in _tables_read(operation, tables.values())}
        elif _alters_table(operation):
            table = tables.get((step.app, _model_name(operation)), "")
            if (step.app, table) in frozen or any(
                table == other and (step.app, step.migration) not in reader.runs_after
                for reader, other in read_by_others
            ):
                errors.append(_error(step, table))
    return errors


@cache
def migration_steps(app: str) -> tuple[Step, ...]:
    """The operations of an app's migrations, in the order of their numbers."""
    try:
        package = import_module(f"{app}.migrations")
    except ModuleNotFoundError:
        return ()
    label = app.rpartition(".")[2]
    modules = [import_module(f"{package.__name__}.{module.name}") for module in pkgutil.iter_modules(package.__path__)]
    return tuple(
        Step(label, name, operation, _runs_after(label, name))
        for module in modules
        for name in (module.__name__.rpartition(".")[2],)
        for operation in module.Migration.operations
    )


@cache
def _runs_after(label: str, name: str) -> frozenset[tuple[str, str]]:
    try:
        migration = import_module(f"evenhand.{label}.migrations.{name}").Migration
    except ModuleNotFoundError:  # a migration of a library
        return frozenset()
    own = {(str(app), str(dependency)) for app, dependency in migration.dependencies}
    return frozenset(own.union(*(_runs_after(*dependency) for dependency in own)))


def _table_names(steps: Iterable[Step]) -> dict[tuple[str, str], str]:
    return {
        (step.app, step.operation.name_lower): str(
            step.operation.options.get("db_table", f"{step.app}_{step.operation.name_lower}")
        )
        for step in steps
        if isinstance(step.operation, migrations.CreateModel)
    }


def _tables_read(frozen: Frozen, tables: Iterable[str]) -> set[str]:
    return {frozen.table} | (set(re.findall(r"\w+", frozen.when)) & set(tables))


def _model_name(operation: Operation) -> str:
    if isinstance(operation, migrations.RenameModel):
        return operation.old_name_lower
    return str(getattr(operation, "model_name", None) or getattr(operation, "name", "")).lower()


def _alters_table(operation: Operation) -> bool:
    """Whether SQLite, or Django for it, would make the table anew."""
    if isinstance(operation, migrations.AddField):
        field = operation.field
        return not field.null or field.unique or field.default is not NOT_PROVIDED
    if isinstance(operation, (migrations.CreateModel, *HARMLESS)):
        return False
    is_of_field = hasattr(operation, "model_name") and not isinstance(operation, ModelOperation)
    return is_of_field or isinstance(operation, ModelOperation)


def _error(step: Step, table: str) -> Error:
    return Error(
        f"{step.app}.{step.migration} alters the frozen table {table} ({step.operation.describe()}).",
        hint=f'Put it into AlterFrozenTable("{table}", [...]), which keeps the triggers (records.immutability).',
        id="records.E007",
    )
