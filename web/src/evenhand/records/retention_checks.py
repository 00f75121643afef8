"""Which models have a time limit, and system checks that each limit can be applied."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, Model

from evenhand.records.classification import retention_of
from evenhand.records.immutability import Frozen
from evenhand.records.migration_check import migration_steps
from evenhand.records.retention import Retention


def models_with_a_time_limit() -> Iterator[tuple[type[Model], Retention]]:
    """Every model whose rows are kept for a number of days."""
    for model in apps.get_models(include_auto_created=False):
        retention = retention_of(model)
        if retention is not None and retention.days is not None:
            yield model, retention


def check_time_limits_can_be_applied(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    errors: list[CheckMessage] = []
    for model, retention in models_with_a_time_limit():
        if not _is_date_field(model, retention.after):
            problem = f"is kept {retention.days} days after {retention.after!r}, which is not a date field."
            errors.append(_error(model, "E005", problem))
        if _is_frozen(model):
            errors.append(_error(model, "E006", "is kept a number of days, but the database refuses to delete it."))
    return errors


def _is_date_field(model: type[Model], field: str) -> bool:
    try:
        return isinstance(model._meta.get_field(field), DateField)  # DateTimeField is a subclass
    except FieldDoesNotExist:
        return False


def _is_frozen(model: type[Model]) -> bool:
    app = model._meta.app_config.name
    steps = migration_steps(app) if app.startswith("evenhand.") else ()  # libraries do not freeze rows
    return any(
        isinstance(step.operation, Frozen)
        and step.operation.table == model._meta.db_table
        and "delete" in step.operation.on
        and not step.operation.when
        for step in steps
    )


def _error(model: type[Model], number: str, problem: str) -> Error:
    return Error(
        f"{model._meta.label} {problem}",
        hint=(
            "Correct `retention`: name a date field in `after`, "
            "or explain in `reason` how long rows are kept and leave out `days`."
        ),
        obj=model,
        id=f"records.{number}",
    )
