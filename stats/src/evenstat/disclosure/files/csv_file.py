"""Reads and writes comma-separated values in UTF-8."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from evenstat.disclosure.files.sheet import Sheet, sheet_of
from evenstat.errors import InvalidInput


def read_csv(place: str, content: bytes) -> Sheet:
    """The sheet in these bytes."""
    text = decoded(place, content)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise InvalidInput(
            f"{place}, row {reader.line_num}: this is not well-formed CSV ({error}). Save it again as CSV."
        ) from error
    return sheet_of(place, lines)


def write_csv(rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The same bytes for the same rows; None is an empty cell."""
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def decoded(place: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{place}, row {row}: this is not UTF-8 text. Save the file in UTF-8.") from error
