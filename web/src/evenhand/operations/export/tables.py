"""Writes the tables of an export as CSV (RFC 4180), and also as JSON Lines if a column contains JSON.

Every value is in quotes, and nothing between two commas means no value. This distinguishes empty text from no text.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model, Q

from evenhand.operations.backup.rows import columns_of, rows, text_of
from evenhand.operations.export.scope import ExportScope, exported_columns

Record = dict[str, Any]


def records(model: type[Model], condition: Q, using: str, scope: ExportScope) -> Iterator[Record]:
    """The rows as dicts by column name, without secret columns. JSON null and NULL are both None."""
    all_columns, exported = columns_of(model), exported_columns(model)
    for row in rows(model, using, condition):
        values = dict(zip(all_columns, row, strict=True))
        yield {column.name: scope.visible_value(column, _plain(values[column], column.is_json)) for column in exported}


def _plain(value: Any, is_json: bool) -> Any:
    return value[0] if is_json and value is not None else value


def is_nested(model: type[Model]) -> bool:
    return any(column.is_json for column in exported_columns(model))


def csv_lines(names: Iterable[str], table: Iterable[Record]) -> Iterator[bytes]:
    names = list(names)
    yield _line(names)
    for record in table:
        yield _line(record[name] for name in names)


def json_lines(table: Iterable[Record]) -> Iterator[bytes]:
    for record in table:
        yield json_text(record).encode() + b"\n"


def json_text(value: Any) -> str:
    """The same text for the same value on every database."""
    return json.dumps(_normalise(value), default=text_of, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _normalise(value: Any) -> Any:
    """Databases store numbers in different forms: 1e16 and 10000000000000000 become the same, as do 0 and -0."""
    if isinstance(value, dict):
        return {name: _normalise(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_normalise(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _line(values: Iterable[Any]) -> bytes:
    return (",".join(_cell(value) for value in values) + "\r\n").encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    text = value if isinstance(value, str) else _text(value)
    return '"' + text.replace('"', '""') + '"'


def _text(value: Any) -> str:
    return (
        json_text(value) if isinstance(value, dict | list) else str(value) if isinstance(value, int) else _other(value)
    )


def _other(value: Any) -> str:
    return json_text(value) if isinstance(value, float) else text_of(value)
