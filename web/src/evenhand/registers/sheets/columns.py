"""Which column of a sheet is which field of a register, recognised by its heading."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evenhand.authorities.models import Authority
from evenhand.modules.declarations import Text
from evenhand.registers.sheets.reading import Row

HEADING_ROWS = 15  # the heading is looked for in so many rows


class UnknownText(ValueError):
    """A cell has a text that its field does not know: the message says what to do."""


@dataclass(frozen=True)
class SheetColumn:
    """A field that sheets can give, and the headings by which it is recognised beside its own label.

    `read` turns the text of a cell into the value of the field, and raises UnknownText. Two fields are special:
    `reference` finds the record, and `state` is reached by the steps that lead there.
    """

    field: str
    label: Text
    headings: tuple[str, ...] = ()
    read: Callable[[Authority, str], Any] | None = None

    def is_called(self, heading: str) -> bool:
        return _plain(heading) in {_plain(str(self.label)), _plain(self.field), *map(_plain, self.headings)}


@dataclass(frozen=True)
class ColumnMatch:
    """The heading row of a sheet, and for each of its columns the field, or None if it is not imported."""

    row: Row
    columns: tuple[SheetColumn | None, ...]

    @property
    def not_imported(self) -> list[str]:
        return [
            heading for heading, column in zip(self.row.cells, self.columns, strict=True) if heading and column is None
        ]


def match_columns(rows: Sequence[Row], columns: Sequence[SheetColumn]) -> ColumnMatch | None:
    """The row of which most cells are headings that the register knows; None if no row has one."""
    best: ColumnMatch | None = None
    best_count = 0
    for row in rows[:HEADING_ROWS]:
        matched: list[SheetColumn | None] = []
        for cell in row.cells:
            column = next((known for known in columns if known.is_called(cell)), None)
            matched.append(None if column in matched else column)
        count = sum(column is not None for column in matched)
        if count > best_count:
            best, best_count = ColumnMatch(row, tuple(matched)), count
    return best


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
