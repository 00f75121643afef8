"""The clock of retention as data: which models have one, and what makes one that could never run."""

import pkgutil
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Model

from evenhand.records.classification import retention_of
from evenhand.records.immutability import Frozen
from evenhand.records.retention import Kept


def clocked() -> Iterator[tuple[type[Model], Kept]]:
    """Every model whose rows are kept for a number of days."""
    for model in apps.get_models(include_auto_created=False):
        kept = retention_of(model)
        if kept is not None and kept.days is not None:
            yield model, kept


def check_every_clock_runs(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    for model, kept in clocked():
        if not _is_a_moment(model, kept.after):
            faults.append(_fault(model, "E005", f"is kept {kept.days} days after {kept.after!r}, which is no date."))
        if _is_frozen(model):
            faults.append(_fault(model, "E006", "is kept a number of days, but the database refuses to delete it."))
    return faults


def _is_a_moment(model: type[Model], field: str) -> bool:
    try:
        return isinstance(model._meta.get_field(field), DateField)  # a DateTimeField is one too
    except FieldDoesNotExist:
        return False


def _is_frozen(model: type[Model]) -> bool:
    return any(
        each.table == model._meta.db_table and "delete" in each.on and not each.when
        for each in _freezings(model._meta.app_config.name)
    )


@cache
def _freezings(app: str) -> tuple[Frozen, ...]:
    package = f"{app}.migrations"
    if not app.startswith("evenhand."):
        return ()  # a library freezes nothing
    modules = (import_module(f"{package}.{each.name}") for each in pkgutil.iter_modules(_folders(package)))
    return tuple(step for module in modules for step in module.Migration.operations if isinstance(step, Frozen))


def _folders(package: str) -> Sequence[str]:
    try:
        return list(import_module(package).__path__)
    except ModuleNotFoundError:
        return []


def _fault(model: type[Model], number: str, what: str) -> Error:
    return Error(
        f"{model._meta.label} {what}",
        hint="Mend `kept`: name a field that holds a date, or say in `why` how long it is kept and leave out `days`.",
        obj=model,
        id=f"records.{number}",
    )
