"""Writes docs/export-format.md from the schema that is part of every export."""

from collections.abc import Iterator
from typing import Any

from evenhand.operations.export.schema import schema
from evenhand.operations.export.scope import ExportScope

OPENING = """\
<!-- Written by `evenhand export --describe` from the code. Change the code, not this page. -->
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
| `record/CHAIN.jsonl` | the record of changes of an authority, one entry a line; zeros: entries of no authority |
| `record/CHAIN.checkpoints.txt` | its signed checkpoints (number of entries and root hash), separated by `-----` |
| `record/key.pem` | the public key that verifies the signatures |
| `record/verify.py` | a program that verifies the record of changes; it needs only Python |

Every value is in quotes. Nothing between two commas means that there is no value. Times are UTC with six decimal places
(`2026-11-25T09:30:00.000000Z`), dates are `2026-11-25`, ids are UUIDs, booleans are `true` and `false`, JSON has sorted
keys, and binary data is Base64.

A row with `(invented)` in the column `mark`, or an entry with that mark, is made up: it belongs to an invented
authority, for trying things out.

Each column has a class. `public` may be shown once the item is published, `aggregate-only` is a count of people,
`personal` is about one person, and `special-category` is special category data about one person. Columns classed
`secret` are never exported.
"""


def page() -> str:
    metadata = schema(ExportScope())
    tables = (line for table in metadata["tables"] for line in _table(table))
    return "\n".join([OPENING, *_left_out(metadata), *tables]) + "\n"


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
        meaning = _cell(column["dc:description"])
        if column["name"] in references:
            meaning = meaning.replace("an id of ", f"in `{references[column['name']]}`: an id of ")
        yield f"| `{column['name']}` | {kind} | {column['evenhand:class']} | {meaning} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
