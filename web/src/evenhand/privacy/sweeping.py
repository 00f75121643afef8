"""The clock of retention: what has been kept for as many days as its model says goes, a batch at a time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, Model, ProtectedError, QuerySet
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.records.classification import retention_of
from evenhand.records.clock import clocked
from evenhand.records.retention import Kept

BATCH = 500


def due(now: datetime) -> Iterator[tuple[type[Model], QuerySet[Model]]]:
    """The rows of each model whose time is over. People are not deleted but erased: `actions.sweep` does that."""
    for model, kept in clocked():
        if model is not User:
            yield model, _due(model, kept, now)


def _due(model: type[Model], kept: Kept, now: datetime) -> QuerySet[Model]:
    before: datetime = now - timedelta(days=kept.days or 0)
    is_an_instant = isinstance(model._meta.get_field(kept.after), DateTimeField)
    limit = before if is_an_instant else timezone.localdate(before)
    return model._default_manager.filter(**{f"{kept.after}__lt": limit}).order_by("pk")


def counts(now: datetime) -> dict[str, int]:
    """How many rows are due, without removing any."""
    found = {model._meta.label_lower: rows.count() for model, rows in due(now)}
    return {label: number for label, number in found.items() if number}


def remove_due(now: datetime | None = None) -> dict[str, int]:
    removed: dict[str, int] = {}
    for model, rows in due(now or timezone.now()):
        if number := _remove(rows):
            removed[model._meta.label_lower] = number
    return removed


def _remove(rows: QuerySet[Model]) -> int:
    """A batch is a transaction, so that nobody waits long for the database. A row that another holds fast stays."""
    number = 0
    held: set[object] = set()
    while batch := list(rows.exclude(pk__in=held)[:BATCH]):
        for row in batch:
            held.add(row.pk)
        number += _delete(type(batch[0]), [row.pk for row in batch])
    return number


def _delete(model: type[Model], keys: list[object]) -> int:
    try:
        with transaction.atomic():
            return _number(model._default_manager.filter(pk__in=keys).delete(), model)
    except ProtectedError as protected:
        kept = {
            getattr(each, field.attname) for each in protected.protected_objects for field in _to(model, type(each))
        }
        rest = [key for key in keys if key not in kept]
        return _delete(model, rest) if rest and len(rest) < len(keys) else 0


def _to(model: type[Model], holder: type[Model]) -> list["DateTimeField[object, object]"]:
    return [field for field in holder._meta.local_fields if field.related_model is model]  # type: ignore[misc]


def _number(deleted: tuple[int, dict[str, int]], model: type[Model]) -> int:
    return deleted[1].get(model._meta.label, 0)


def days_after_leaving() -> int:
    kept = retention_of(User)
    assert kept is not None
    assert kept.days is not None
    return kept.days
