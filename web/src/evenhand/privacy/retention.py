"""Deleting rows that are past the retention period of their model, a batch at a time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Model, ProtectedError, QuerySet
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.records.classification import retention_of
from evenhand.records.retention import Retention
from evenhand.records.retention_checks import models_with_a_time_limit

BATCH = 500


def expired(now: datetime) -> Iterator[tuple[type[Model], QuerySet[Model]]]:
    """The expired rows of each model. People are erased rather than deleted, so `actions.sweep` handles them."""
    for model, retention in models_with_a_time_limit():
        if model is not User:
            yield model, _expired_rows(model, retention, now)


def _expired_rows(model: type[Model], retention: Retention, now: datetime) -> QuerySet[Model]:
    cutoff: datetime = now - timedelta(days=retention.days or 0)
    has_time = isinstance(model._meta.get_field(retention.after), DateTimeField)
    limit = cutoff if has_time else timezone.localdate(cutoff)
    return model._default_manager.filter(**{f"{retention.after}__lt": limit}).order_by("pk")


def expired_counts(now: datetime) -> dict[str, int]:
    """The number of expired rows by model. Nothing is deleted."""
    counts = {model._meta.label_lower: rows.count() for model, rows in expired(now)}
    return {label: count for label, count in counts.items() if count}


def delete_expired(now: datetime | None = None) -> dict[str, int]:
    deleted: dict[str, int] = {}
    for model, rows in expired(now or timezone.now()):
        if number := _delete_in_batches(rows):
            deleted[model._meta.label_lower] = number
    return deleted


def _delete_in_batches(rows: QuerySet[Model]) -> int:
    """Each batch is one transaction, to keep locks short. Rows that a protected foreign key refers to are kept."""
    number = 0
    seen: set[object] = set()
    while batch := list(rows.exclude(pk__in=seen)[:BATCH]):
        for row in batch:
            seen.add(row.pk)
        number += _delete(type(batch[0]), [row.pk for row in batch])
    return number


def _delete(model: type[Model], keys: list[object]) -> int:
    try:
        with transaction.atomic():
            return _deleted_of(model, model._default_manager.filter(pk__in=keys).delete())
    except ProtectedError as error:
        protected = {
            getattr(row, field.attname) for row in error.protected_objects for field in _foreign_keys(model, type(row))
        }
        remaining = [key for key in keys if key not in protected]
        return _delete(model, remaining) if remaining and len(remaining) < len(keys) else 0


def _foreign_keys(model: type[Model], source: type[Model]) -> list["DateTimeField[object, object]"]:
    return [field for field in source._meta.local_fields if field.related_model is model]  # type: ignore[misc]


def _deleted_of(model: type[Model], deleted: tuple[int, dict[str, int]]) -> int:
    return deleted[1].get(model._meta.label, 0)


def days_after_leaving() -> int:
    retention = retention_of(User)
    assert retention is not None
    assert retention.days is not None
    return retention.days
