"""Which column of a sheet is which field of a register, recognised by its heading."""

from collections.abc import Sequence
from dataclasses import dataclass

from evenhand.registers.sheets.columns import SheetColumn
from evenhand.registers.sheets.reading import Row

HEADING_ROWS = 15  # the heading is looked for in so many rows


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
