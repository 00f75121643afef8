"""Exports all data, or one authority's data, in open formats. The same data always gives the same bytes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from evenhand.authorities.models import Authority
from evenhand.operations.backup.connection import consistent_connection
from evenhand.operations.backup.files import StoredFile
from evenhand.operations.export.files import COLUMNS, list_files
from evenhand.operations.export.ledger import export_ledger_files
from evenhand.operations.export.marks import COLUMN as MARK_COLUMN
from evenhand.operations.export.marks import Marks
from evenhand.operations.export.readme import readme
from evenhand.operations.export.schema import schema
from evenhand.operations.export.scope import ExportScope, exported_columns
from evenhand.operations.export.tables import csv_lines, is_nested, json_lines, records
from evenhand.operations.export.target import WriteFile, open_target

Progress = Callable[[str], None]


@dataclass
class ExportResult:
    rows: int = 0
    files: int = 0
    left_out: list[str] = field(default_factory=list)


def export(target: Path, authority: Authority | None = None, progress: Progress = lambda _: None) -> ExportResult:
    """Raises FileExistsError, OSError; nothing is then left at the target."""
    scope, result = ExportScope(authority), ExportResult()
    with consistent_connection() as using, open_target(target) as write_file:
        write_file("README.txt", [readme(scope).encode()])
        write_file("schema.json", [json.dumps(schema(scope), indent=1, ensure_ascii=False).encode()])
        marks = Marks(scope, using)
        _write_tables(write_file, marks, result, progress)
        export_ledger_files(write_file, marks)
        _write_files(write_file, marks, result)
    return result


def _write_tables(write_file: WriteFile, marks: Marks, result: ExportResult, progress: Progress) -> None:
    for label, model, condition in marks.scope.tables():
        before, names = result.rows, [*(column.name for column in exported_columns(model)), MARK_COLUMN]
        unmarked = partial(records, model, condition, marks.using, marks.scope)
        write_file(f"tables/{label}.csv", csv_lines(names, _count_records(marks.add(label, model, unmarked()), result)))
        if is_nested(model):
            write_file(f"tables/{label}.jsonl", json_lines(marks.add(label, model, unmarked())))
        progress(f"{label}: {result.rows - before} rows")


def _count_records(rows: Iterator[dict[str, Any]], result: ExportResult) -> Iterator[dict[str, Any]]:
    for row in rows:
        result.rows += 1
        yield row


def _write_files(write_file: WriteFile, marks: Marks, result: ExportResult) -> None:
    lines: list[dict[str, Any]] = []
    for file, line in list_files(marks):
        lines.append(line)
        if line["included"]:
            write_file(f"files/{file}", _content(file))
            result.files += 1
        else:
            result.left_out.append(f"{file}: {line['why']}")
    write_file("files.csv", csv_lines(COLUMNS, lines))


def _content(file: StoredFile) -> Iterator[bytes]:
    return file.chunks()
