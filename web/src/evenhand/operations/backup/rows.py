"""Writes the rows of a table as lines of JSON, and reads them back unchanged into another database.

A row is a list in column order. Types that JSON lacks are written as text (UUIDs, ISO times in UTC, Base64). A JSON
value is wrapped in a list, to distinguish JSON null from SQL NULL.
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

BATCH_SIZE = 2_000
Row = list[Any]


@dataclass(frozen=True)
class TableColumn:
    name: str
    field: "Field[Any, Any]"

    @property
    def is_json(self) -> bool:
        return isinstance(self.field, JSONField)


def columns_of(model: type[models.Model]) -> tuple[TableColumn, ...]:
    return tuple(TableColumn(field.attname, field) for field in model._meta.concrete_fields if not field.generated)


def rows(model: type[models.Model], using: str, condition: Q | None = None) -> Iterator[Row]:
    """Every row, ordered by id in the same way on every database. A JSON value is returned as [value], NULL as None."""
    columns = columns_of(model)
    nested = [column for column in columns if column.is_json]
    empty = {f"empty_{column.name}": ExpressionWrapper(Q(**{f"{column.name}__isnull": True}), models.BooleanField())
             for column in nested}  # fmt: skip
    chosen = model._base_manager.using(using).filter(condition or Q()).order_by(_by_id(model, using))
    chosen = chosen.annotate(**empty).values_list(*(column.name for column in columns), *empty)
    places = [columns.index(column) for column in nested]
    for row in chosen.iterator(chunk_size=BATCH_SIZE):
        values = list(row[: len(columns)])
        for place, is_empty in zip(places, row[len(columns) :], strict=True):
            values[place] = None if is_empty else [values[place]]
        yield values


def _by_id(model: type[models.Model], using: str) -> Any:
    key = model._meta.pk
    assert key is not None
    if isinstance(key, models.CharField):  # databases sort text by different collations
        collation = "C" if connections[using].vendor == "postgresql" else "BINARY"
        return Collate(F(key.attname), collation)
    return key.attname


def as_line(row: Row) -> bytes:
    return json.dumps(row, default=text_of, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def text_of(value: Any) -> str:
    """The text of a value whose type JSON lacks; the same on every database."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, UUID | Decimal | date | time):
        return str(value)
    raise TypeError(f"{type(value).__name__} can't be written to a backup")


def from_line(line: bytes, readers: Sequence[Callable[[Any], Any]]) -> Row:
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(readers):
        raise ValueError("a row does not have the columns of its table")
    return [read(value) for read, value in zip(readers, values, strict=True)]


def reader_of(column: TableColumn) -> Callable[[Any], Any]:
    """A function that converts a value of the column back from JSON."""
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
