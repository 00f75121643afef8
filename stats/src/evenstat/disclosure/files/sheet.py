"""A table of text as in a file, with places that users can find: file, sheet, row, column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import normalize

from evenstat.errors import InvalidInput

MAX_COUNT_DIGITS = 9  # digits; no employer has more people
MAX_LABEL_LENGTH = 1_000  # characters
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # not allowed in workbooks


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of a sheet; `number` is the row number that a text editor or a spreadsheet shows."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file, or one sheet of a workbook: column names, then rows of text."""

    place: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def at(self, row: SheetRow, column: str) -> str:
        return f"{self.place}, row {row.number}, column {column}"

    def has(self, columns: Iterable[str]) -> bool:
        return set(columns) <= set(self.columns)

    def need(self, columns: Iterable[str], purpose: str) -> None:
        """Raises InvalidInput if a column is missing, with a suggestion."""
        for column in columns:
            if column not in self.columns:
                raise InvalidInput(
                    f"{self.place}, row 1: there is no column {column!r}, which {purpose}."
                    f"{did_you_mean(column, self.columns)} The columns are: {', '.join(self.columns)}."
                )

    def only(self, columns: Sequence[str]) -> "Sheet":
        """The sheet with only these columns."""
        places = [self.columns.index(column) for column in columns]
        rows = (SheetRow(row.number, tuple(row.cells[place] for place in places)) for row in self.rows)
        return Sheet(self.place, tuple(columns), tuple(rows))

    def values(self, columns: Sequence[str]) -> Iterator[tuple[SheetRow, tuple[str, ...]]]:
        """For each row its values in these columns. Raises InvalidInput if one is empty."""
        places = [self.columns.index(column) for column in columns]
        for row in self.rows:
            labels = tuple(row.cells[place] for place in places)
            if not all(labels):
                raise InvalidInput(
                    f"{self.at(row, columns[labels.index('')])}: this is empty. Enter the label, such as Not known."
                )
            yield row, labels


def sheet_of(place: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """The sheet of these numbered lines; the first has the column names. Empty lines are left out."""
    filled = ((number, [_plain(cell) for cell in cells]) for number, cells in lines)
    rows = ((number, cells) for number, cells in filled if any(cells))
    first = next(rows, None)
    if first is None:
        raise InvalidInput(f"{place}: the file is empty. The first row must contain the column names.")
    columns = _columns(place, *first)
    return Sheet(place, columns, tuple(_row(place, columns, number, cells) for number, cells in rows))


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """Did you mean ...? Empty if no name is similar."""
    close = get_close_matches(name.casefold(), {name.casefold(): name for name in names}, n=1)
    match = next((name for name in names if close and name.casefold() == close[0]), None)
    return f" Did you mean {match!r}?" if match else ""


def count_of(text: str, place: str) -> int:
    """A whole number of people."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_COUNT_DIGITS:
        return int(text)
    if not text:
        raise InvalidInput(f"{place}: this is empty. Enter 0 if there is nobody.")
    problem = "is below 0" if text.startswith("-") else "is not a whole number of people"
    raise InvalidInput(f"{place}: {text!r} {problem}. Enter digits only, such as 1245.")


def _plain(cell: str) -> str:
    """Single spaces and one Unicode form: labels that look alike are equal."""
    return normalize("NFC", " ".join(cell.split()))


def _columns(place: str, number: int, cells: Sequence[str]) -> tuple[str, ...]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    for at, name in enumerate(names):
        if not name:
            raise InvalidInput(f"{place}, row {number}: column {at + 1} has no name. Name it, or remove it.")
        _refuse_invalid_text(f"{place}, row {number}", name)
        if name in names[:at]:
            raise InvalidInput(f"{place}, row {number}: there are two columns {name!r}. Rename or remove one.")
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise InvalidInput(
            f"{place}, row {number}: the columns are not separated by commas. Save the file as CSV with commas."
        )
    return tuple(names)


def _row(place: str, columns: tuple[str, ...], number: int, cells: Sequence[str]) -> SheetRow:
    width = len(columns)
    if len(cells) < width or any(cells[width:]):
        raise InvalidInput(
            f"{place}, row {number}: {len(cells)} cells, but the first row has {width} columns."
            " Remove titles and notes, and put double quotes around labels that contain a comma."
        )
    for column, cell in zip(columns, cells, strict=False):
        _refuse_invalid_text(f"{place}, row {number}, column {column}", cell)
    return SheetRow(number, tuple(cells[:width]))


def _refuse_invalid_text(place: str, cell: str) -> None:
    if len(cell) > MAX_LABEL_LENGTH:
        raise InvalidInput(
            f"{place}: this is {len(cell):,} characters long; the maximum is {MAX_LABEL_LENGTH:,}. Shorten it."
        )
    if CONTROL.search(cell):
        raise InvalidInput(f"{place}: there is a control character in {cell!r}. Enter the label again.")
