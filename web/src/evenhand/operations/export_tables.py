"""The tables of an export: CSV as in RFC 4180, and JSON lines beside it where a value is itself a structure.

A value that is there is in quotes; nothing between two commas is no value. So an empty text and no text stay apart.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model, Q

from evenhand.operations.backup_rows import columns_of, rows, text_of
from evenhand.operations.export_scope import Scope, exported_columns

Record = dict[str, Any]


def records(model: type[Model], condition: Q, using: str, scope: Scope) -> Iterator[Record]:
    """The rows by name of column, without secrets. A structure is as it is; null and no value are both None."""
    all_columns, shown = columns_of(model), exported_columns(model)
    for row in rows(model, using, condition):
        values = dict(zip(all_columns, row, strict=True))
        yield {column.name: scope.seen(column, _plain(values[column], column.is_json)) for column in shown}


def _plain(value: Any, is_json: bool) -> Any:
    return value[0] if is_json and value is not None else value


def is_nested(model: type[Model]) -> bool:
    return any(column.is_json for column in exported_columns(model))


def csv_lines(names: Iterable[str], found: Iterable[Record]) -> Iterator[bytes]:
    names = list(names)
    yield _line(names)
    for record in found:
        yield _line(record[name] for name in names)


def json_lines(found: Iterable[Record]) -> Iterator[bytes]:
    for record in found:
        yield json_text(record).encode() + b"\n"


def json_text(value: Any) -> str:
    """One text for one value, whatever database it comes from."""
    return json.dumps(_settled(value), default=text_of, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _settled(value: Any) -> Any:
    """One text for a number, however a database writes it: 1e16 and 10000000000000000 are one, and so are 0 and -0."""
    if isinstance(value, dict):
        return {name: _settled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_settled(each) for each in value]
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
