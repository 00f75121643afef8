"""Writes docs/export-format.md from the schema that is part of every export."""

import re
from collections.abc import Iterator
from typing import Any

from evenhand.operations.export.schema import schema
from evenhand.operations.export.scope import ExportScope

OPENING = """\
# Export format

`evenhand export --everything FOLDER` exports all data of an installation, and `--authority SLUG` the data of one
authority. If the target ends in `.zip`, the same files are written to a zip. The same data always gives the same bytes.
To move to another system with an export, see [how-to/leave-evenhand.md](how-to/leave-evenhand.md).

| File | Content |
| --- | --- |
| `README.txt` | a summary of this page, for anyone who opens the export without it |
| `schema.json` | every table and column, as [CSV on the Web](https://www.w3.org/TR/tabular-metadata/) metadata |
| `tables/NAME.csv` | the rows, sorted by id: UTF-8, [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) |
| `tables/NAME.jsonl` | the same rows as JSON Lines, for tables with a JSON column |
| `files/private/SHA256`, `files/public/SHA256` | the stored files, named by the SHA-256 of their content |
| `files.csv` | for each stored file: its original name, the rows that use it, whether it is exported and, if not, why |
| `record/CHAIN.jsonl` | the record of changes of an authority, with one entry in each line |
| `record/CHAIN.checkpoints.txt` | its signed checkpoints (number of entries and root hash), separated by `-----` |
| `record/key.pem` | the public key that verifies the signatures |
| `record/verify.py` | a program that verifies the record of changes |

Every value is in quotes. Nothing between two commas means that there is no value. Times are UTC with six decimal places
(`2026-11-25T09:30:00.000000Z`), dates are `2026-11-25`, ids are UUIDs, booleans are `true` and `false`, JSON has sorted
keys, and binary data is Base64.

`CHAIN` is the id of the authority. A chain id of all zeros is for entries that do not belong to an authority.
`record/verify.py` needs only Python 3.11 or later. It also checks the signatures if the package `cryptography` is
installed, and says so if it did not check them.

A row with `(invented)` in the column `mark` is made up: it belongs to an invented authority, for trying things out. In
`record/CHAIN.jsonl`, each entry of an invented authority has a member `mark` with the same value, which is not part of
the hash of the entry.

Each column has a class:

- `public` may be shown once the item is published.
- `aggregate-only` is an unprotected count of people, or something from which one could be worked out. It must not be
  published.
- `personal` is about one person.
- `special-category` is special category data about one person.
- `secret` columns are never exported.

The meaning of a column is left blank if the column's name says it.
"""
REFERENCE = re.compile(r" \(an id of ([\w.]+)\)$")


def page() -> str:
    metadata = schema(ExportScope())
    tables = (line for table in metadata["tables"] for line in _table(table))
    return "\n".join([OPENING, *_left_out(metadata), *tables])


def _left_out(metadata: dict[str, Any]) -> Iterator[str]:
    yield "## Tables that are not exported\n\n| Table | Reason |\n| --- | --- |"
    yield from (f"| `{label}` | {reason} |" for label, reason in metadata["evenhand:leftOut"].items())


def _table(table: dict[str, Any]) -> Iterator[str]:
    references = {key["columnReference"]: key["reference"]["resource"] for key in table["tableSchema"]["foreignKeys"]}
    kept = table["evenhand:kept"] or "as long as the rows that it joins"
    yield f"\n## {table['dc:title']}\n\n{table['dc:description']}\n\nKept: {kept}."
    if table["evenhand:leftOut"]:
        yield f"\nNot exported: {', '.join(f'`{name}`' for name in table['evenhand:leftOut'])}."
    yield "\n| Column | Type | Class | Meaning |\n| --- | --- | --- | --- |"
    for column in table["tableSchema"]["columns"]:
        kind = column["datatype"] if isinstance(column["datatype"], str) else "id"
        kind += "" if column["required"] else ", may be empty"
        meaning = _meaning(column["name"], column["dc:description"], references.get(column["name"], ""))
        yield f"| `{column['name']}` | {kind} | {column['evenhand:class']} | {meaning} |".replace("|  |", "| |")


def _meaning(name: str, description: str, file: str) -> str:
    """The description for a cell of the table, without words that only repeat the name of the column."""
    reference = REFERENCE.search(description)
    text = description[: reference.start()] if reference else description
    text, _, choices = text.partition(". One of: ")
    parts = [] if text.lower() in _names(name) else [f"{text[0].upper()}{text[1:].removesuffix('.')}."]
    if reference:
        parts.append(f"An id in `{file}`." if file else f"An id of {reference[1]}.")
    if choices:
        parts.append(f"One of: {choices}.")
    return " ".join(parts).replace("|", "\\|")


def _names(column: str) -> set[str]:
    return {column.replace("_", " "), column.removesuffix("_id").replace("_", " ")}
