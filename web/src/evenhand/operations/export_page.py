"""docs/export-format.md, from the same schema that goes into every export."""

from collections.abc import Iterator
from typing import Any

from evenhand.operations.export_schema import schema
from evenhand.operations.export_scope import Scope

OPENING = """\
<!-- Written by `evenhand export --describe` from the code. Change the code, not this page. -->
# The form of an export

`evenhand export --everything FOLDER` writes all that an installation holds; `--authority SLUG` one authority's part; a
target that ends in `.zip` is a zip of the same files. Equal content gives equal files, to the byte. How to leave with
it: [how-to/leave-evenhand.md](how-to/leave-evenhand.md).

| file | what it is |
| --- | --- |
| `README.txt` | the same in plain words, for whoever opens the folder without this page |
| `schema.json` | every table and column in the form of [CSV on the Web](https://www.w3.org/TR/tabular-metadata/) |
| `tables/NAME.csv` | the rows, sorted by id: UTF-8, [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180) |
| `tables/NAME.jsonl` | the same rows as lines of JSON, where a column holds a structure |
| `files/private/SHA256`, `files/public/SHA256` | the kept files, named by their content |
| `files.csv` | each kept file: what it was called, which rows use it, whether it is in the export and why not |
| `record/CHAIN.jsonl` | the record of changes of an authority, entry by entry; zeros: what belongs to none |
| `record/CHAIN.checkpoints.txt` | the signed statements of its length and root, `-----` between them |
| `record/key.pem` | the public key that they are signed with |
| `record/verify.py` | goes over all of it, with Python and nothing else |

A value that is there stands in quotes; nothing between two commas is no value. Times are UTC with six places
(`2026-11-25T09:30:00.000000Z`), days are `2026-11-25`, ids are UUIDs, yes and no are `true` and `false`, a structure is
JSON with sorted names, bytes are Base64.

The class of a column: `public` may be shown once the thing is published, `aggregate-only` is a count about people,
`personal` is about a person, `special-category` is the law's most sensitive. What is `secret` is never exported.
"""


def page() -> str:
    said = schema(Scope())
    return "\n".join([OPENING, *_left_out(said), *(line for table in said["tables"] for line in _table(table))]) + "\n"


def _left_out(said: dict[str, Any]) -> Iterator[str]:
    yield "## Tables that are left out\n\n| table | why |\n| --- | --- |"
    yield from (f"| `{label}` | {why} |" for label, why in said["evenhand:leftOut"].items())


def _table(table: dict[str, Any]) -> Iterator[str]:
    points = {key["columnReference"]: key["reference"]["resource"] for key in table["tableSchema"]["foreignKeys"]}
    yield f"\n## {table['dc:title']}\n\n{table['dc:description']}\n\nKept: {table['evenhand:kept'] or 'with its rows'}."
    if table["evenhand:leftOut"]:
        yield f"\nLeft out: {', '.join(f'`{name}`' for name in table['evenhand:leftOut'])}."
    yield "\n| column | type | class | meaning |\n| --- | --- | --- | --- |"
    for column in table["tableSchema"]["columns"]:
        kind = column["datatype"] if isinstance(column["datatype"], str) else "id"
        kind += "" if column["required"] else ", may be empty"
        meaning = _cell(column["dc:description"])
        if column["name"] in points:
            meaning = meaning.replace("an id of ", f"in `{points[column['name']]}`: an id of ")
        yield f"| `{column['name']}` | {kind} | {column['evenhand:class']} | {meaning} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
