"""Field values of a record as plain values, for comparing, for the history and for the record of changes."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, ForeignKey, Model

from evenhand.registers.models import Record


def plain(model: type[Record], name: str, value: Any) -> Any:
    """A value that JSON can hold: the id of another record, an ISO date, or the value itself."""
    if value is None or isinstance(value, bool | int | str):
        return value
    field = model._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return str(value.pk) if isinstance(value, Model) else str(value)
    if isinstance(value, list | tuple | set):
        return [plain(model, name, item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def typed(model: type[Record], name: str, value: Any) -> Any:
    """The reverse of `plain`."""
    field = model._meta.get_field(name)
    if isinstance(field, ForeignKey):
        return None if value is None else field.related_model._default_manager.get(pk=value)
    assert isinstance(field, Field)
    return field.to_python(value)


def plain_values(record: Record, names: Iterable[str]) -> dict[str, Any]:
    model = type(record)
    return {name: plain(model, name, _stored(record, name)) for name in names}


def _stored(record: Record, name: str) -> Any:
    """The id of another record without reading it."""
    field = record._meta.get_field(name)
    return getattr(record, field.attname) if isinstance(field, ForeignKey) else getattr(record, name)
