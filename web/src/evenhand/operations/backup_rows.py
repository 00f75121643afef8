"""The rows of a table, out of one database as lines of JSON and into another as they were.

A row is a list in the order of the columns. A value that JSON has no word for is its usual text (ids, ISO times in UTC,
Base64); a JSON value stands in a list of its own, so that JSON's null is not the database's.
"""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connections, models
from django.db.models import BinaryField, ExpressionWrapper, F, Field, JSONField, Q, Value
from django.db.models.functions import Collate
from django.utils.duration import duration_string

AT_ONCE = 2_000
Row = list[Any]


@dataclass(frozen=True)
class Column:
    name: str
    field: "Field[Any, Any]"

    @property
    def is_json(self) -> bool:
        return isinstance(self.field, JSONField)


def columns_of(model: type[models.Model]) -> tuple[Column, ...]:
    return tuple(Column(field.attname, field) for field in model._meta.concrete_fields if not field.generated)


def rows(model: type[models.Model], using: str, condition: Q | None = None) -> Iterator[Row]:
    """Every row by its id, in one order on every database. A JSON value comes as [value], or as None without one."""
    columns = columns_of(model)
    nested = [column for column in columns if column.is_json]
    empty = {f"empty_{column.name}": ExpressionWrapper(Q(**{f"{column.name}__isnull": True}), models.BooleanField())
             for column in nested}  # fmt: skip
    chosen = model._base_manager.using(using).filter(condition or Q()).order_by(_by_id(model, using))
    chosen = chosen.annotate(**empty).values_list(*(column.name for column in columns), *empty)
    places = [columns.index(column) for column in nested]
    for row in chosen.iterator(chunk_size=AT_ONCE):
        values = list(row[: len(columns)])
        for place, is_empty in zip(places, row[len(columns) :], strict=True):
            values[place] = None if is_empty else [values[place]]
        yield values


def _by_id(model: type[models.Model], using: str) -> Any:
    key = model._meta.pk
    assert key is not None
    if isinstance(key, models.CharField):  # which a database would sort by its own language
        collation = "C" if connections[using].vendor == "postgresql" else "BINARY"
        return Collate(F(key.attname), collation)
    return key.attname


def as_line(row: Row) -> bytes:
    return json.dumps(row, default=text_of, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def text_of(value: Any) -> str:
    """The text of a value that JSON has no word for; the same on every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID | Decimal | date | time):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no text in a backup")


def from_line(line: bytes, readers: Sequence[Callable[[Any], Any]]) -> Row:
    found = json.loads(line)
    if not isinstance(found, list) or len(found) != len(readers):
        raise ValueError("a row has not the columns of its table")
    return [read(value) for read, value in zip(readers, found, strict=True)]


def reader_of(column: Column) -> Callable[[Any], Any]:
    """How the column's values are read back from a line."""
    field: Any = column.field
    if column.is_json:
        return _read_json
    while field.is_relation:
        field = field.target_field
    if isinstance(field, BinaryField):
        return lambda value: None if value is None else base64.b64decode(value)
    read: Callable[[Any], Any] = field.to_python
    return read


def _read_json(value: Any) -> Any:
    if value is None:
        return None
    (content,) = value
    return Value(None, JSONField()) if content is None else content
