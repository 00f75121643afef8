"""A table of text as a file holds it, with the places that a person finds again: file, sheet, row, column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from unicodedata import normalize

from evenstat.errors import InvalidInput

LONGEST_COUNT = 9  # digits; no employer has more people
LONGEST_LABEL = 1_000  # characters
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # no workbook can hold them


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet; `number` is that which a text editor or a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of comma-separated values, or one sheet of a workbook: names of columns, then rows of text."""

    place: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def at(self, row: Row, column: str) -> str:
        return f"{self.place}, row {row.number}, column {column}"

    def has(self, columns: Iterable[str]) -> bool:
        return set(columns) <= set(self.columns)

    def need(self, columns: Iterable[str], why: str) -> None:
        """Raises InvalidInput where a column is not there, with the name that may have been meant."""
        for column in columns:
            if column not in self.columns:
                raise InvalidInput(
                    f"{self.place}, row 1: there is no column {column!r}, which {why}.{meant(column, self.columns)}"
                    f" The columns are: {', '.join(self.columns)}."
                )

    def only(self, columns: Sequence[str]) -> "Sheet":
        """The sheet as if it had no other columns."""
        places = [self.columns.index(column) for column in columns]
        rows = (Row(row.number, tuple(row.cells[place] for place in places)) for row in self.rows)
        return Sheet(self.place, tuple(columns), tuple(rows))

    def values(self, columns: Sequence[str]) -> Iterator[tuple[Row, tuple[str, ...]]]:
        """For each row its values in these columns. Raises InvalidInput where one is empty."""
        places = [self.columns.index(column) for column in columns]
        for row in self.rows:
            found = tuple(row.cells[place] for place in places)
            if not all(found):
                raise InvalidInput(
                    f"{self.at(row, columns[found.index('')])}: this is empty. Write the label, such as Not known."
                )
            yield row, found


def sheet_of(place: str, lines: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """The sheet of these numbered lines, the first of which names the columns. Lines without any text are left out."""
    filled = ((number, [_plain(cell) for cell in cells]) for number, cells in lines)
    rows = ((number, cells) for number, cells in filled if any(cells))
    first = next(rows, None)
    if first is None:
        raise InvalidInput(f"{place}: there is nothing in it. The first row names the columns.")
    columns = _columns(place, *first)
    return Sheet(place, columns, tuple(_row(place, columns, number, cells) for number, cells in rows))


def meant(name: str, known: Iterable[str]) -> str:
    """Did you mean ...?, or nothing where no known name is like it."""
    near = get_close_matches(name.casefold(), {each.casefold(): each for each in known}, n=1)
    found = next((each for each in known if near and each.casefold() == near[0]), None)
    return f" Did you mean {found!r}?" if found else ""


def count_of(text: str, place: str) -> int:
    """A whole number of people."""
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_COUNT:
        return int(text)
    if not text:
        raise InvalidInput(f"{place}: this is empty. Write 0 where there is nobody.")
    wrong = "is below 0" if text.startswith("-") else "is not a whole number of people"
    raise InvalidInput(f"{place}: {text!r} {wrong}. Write it in digits alone, such as 1245.")


def _plain(cell: str) -> str:
    """One space where any white space is, and one way of writing é: labels that look alike are alike."""
    return normalize("NFC", " ".join(cell.split()))


def _columns(place: str, number: int, cells: Sequence[str]) -> tuple[str, ...]:
    names = list(cells)
    while names and not names[-1]:
        names.pop()
    for at, name in enumerate(names):
        if not name:
            raise InvalidInput(f"{place}, row {number}: column {at + 1} has no name. Name it, or take it out.")
        _refuse_what_is_no_text(f"{place}, row {number}", name)
        if name in names[:at]:
            raise InvalidInput(f"{place}, row {number}: the column {name!r} is there twice. Rename or remove one.")
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        raise InvalidInput(f"{place}, row {number}: the columns are not parted by commas. Save it as CSV with commas.")
    return tuple(names)


def _row(place: str, columns: tuple[str, ...], number: int, cells: Sequence[str]) -> Row:
    width = len(columns)
    if len(cells) < width or any(cells[width:]):
        raise InvalidInput(
            f"{place}, row {number}: {len(cells)} cells where {width} are named in the first row."
            " Take titles and notes out, and put a label with a comma in it between double quotes."
        )
    for column, cell in zip(columns, cells, strict=False):
        _refuse_what_is_no_text(f"{place}, row {number}, column {column}", cell)
    return Row(number, tuple(cells[:width]))


def _refuse_what_is_no_text(place: str, cell: str) -> None:
    if len(cell) > LONGEST_LABEL:
        raise InvalidInput(
            f"{place}: this is {len(cell):,} characters long, {LONGEST_LABEL:,} are the most. Shorten it."
        )
    if CONTROL.search(cell):
        raise InvalidInput(f"{place}: there is a control character in {cell!r}. Write the label again.")
