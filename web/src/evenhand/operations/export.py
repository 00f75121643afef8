"""The way out: everything, or one authority's part, in open forms. Equal content gives equal bytes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evenhand.authorities.models import Authority
from evenhand.operations.backup_files import KeptFile
from evenhand.operations.backup_moment import moment
from evenhand.operations.export_files import NAMES, listed
from evenhand.operations.export_out import Put, written
from evenhand.operations.export_record import put_record
from evenhand.operations.export_schema import schema
from evenhand.operations.export_scope import Scope, exported_columns
from evenhand.operations.export_tables import csv_lines, is_nested, json_lines, records
from evenhand.operations.export_words import readme

Told = Callable[[str], None]


@dataclass
class Exported:
    rows: int = 0
    files: int = 0
    left_out: list[str] = field(default_factory=list)


def export(target: Path, authority: Authority | None = None, told: Told = lambda _: None) -> Exported:
    """Raises FileExistsError, OSError; then nothing stands at the target."""
    scope, done = Scope(authority), Exported()
    with moment() as using, written(target) as put:
        put("README.txt", [readme(scope).encode()])
        put("schema.json", [json.dumps(schema(scope), indent=1, ensure_ascii=False).encode()])
        _tables(put, scope, using, done, told)
        put_record(put, scope, using)
        _files(put, scope, using, done)
    return done


def _tables(put: Put, scope: Scope, using: str, done: Exported, told: Told) -> None:
    for label, model, condition in scope.tables():
        before, names = done.rows, [column.name for column in exported_columns(model)]
        found = _counted(records(model, condition, using, scope), done)
        put(f"tables/{label}.csv", csv_lines(names, found))
        if is_nested(model):
            put(f"tables/{label}.jsonl", json_lines(records(model, condition, using, scope)))
        told(f"{label}: {done.rows - before} rows")


def _counted(found: Iterator[dict[str, Any]], done: Exported) -> Iterator[dict[str, Any]]:
    for each in found:
        done.rows += 1
        yield each


def _files(put: Put, scope: Scope, using: str, done: Exported) -> None:
    said: list[dict[str, Any]] = []
    for file, line in listed(scope, using):
        said.append(line)
        if line["included"]:
            put(f"files/{file}", _content(file))
            done.files += 1
        else:
            done.left_out.append(f"{file}: {line['why']}")
    put("files.csv", csv_lines(NAMES, said))


def _content(file: KeptFile) -> Iterator[bytes]:
    return file.pieces()
