"""The tables of one year as one set of linked tables, with the same definition of rows, subtotals and the total for
protection and for its check.

Each characteristic is a dimension with two groups: people who answered and people who did not. The tables of a year are
linked by their total, because they count the same people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import TOTAL, Dimension, Layout, Publication, layout, suppress_cells
from evenstat.disclosure.single_tables import CountTable
from evenstat.disclosure.tables import Rollup

ANSWERED, NOT_KNOWN = "answered_total", "not_known_total"
PublishedCounts = dict[str, int | None]  # code -> published count, or None if it is suppressed


@dataclass(frozen=True)
class TableRows:
    """The rows of one characteristic, by code."""

    characteristic: str
    answered: tuple[str, ...]
    not_known: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every figure except the total: the subtotal and rows of each group that has any rows."""
        groups = ((ANSWERED, self.answered), (NOT_KNOWN, self.not_known))
        return tuple(code for subtotal, rows in groups if rows for code in (subtotal, *rows))


def rows_of(characteristic: str, table: CountTable) -> TableRows:
    answered, not_known = (tuple(cell.code for cell in group) for group in (table.answered, table.not_known))
    return TableRows(characteristic, answered, not_known)


def published_rows(table: PublishedTable) -> TableRows:
    """The rows that have a figure in the source."""
    answered, not_known = (
        tuple(row.code for row in group if not row.is_not_given)
        for group in (table.answered_rows, table.not_known_rows)
    )
    return TableRows(table.characteristic, answered, not_known)


def true_counts(table: CountTable) -> dict[str, int]:
    rows = {cell.code: cell.count for cell in table.cells}
    return rows | {ANSWERED: table.answered_total, NOT_KNOWN: table.not_known_total}


def published_counts(table: PublishedTable) -> PublishedCounts:
    rows: PublishedCounts = {
        row.code: row.shown.count if row.shown else None for row in table.rows if not row.is_not_given
    }
    return rows | {ANSWERED: table.answered, NOT_KNOWN: table.not_known}


def dimension(rows: TableRows, sums: Sequence[Rollup] = ()) -> Dimension:
    """The rows under their groups. `sums` are additional sums of rows, such as the rows of a coarser grouping."""
    groups = {ANSWERED: rows.answered, NOT_KNOWN: rows.not_known}
    non_empty = {code: children for code, children in groups.items() if children}
    levels: dict[str, tuple[str, ...]] = {f"{rows.characteristic}:group": tuple(non_empty)}
    if sums:
        levels[f"{rows.characteristic}:merged"] = tuple(rollup.parent for rollup in sums)
    levels[rows.characteristic] = (*rows.answered, *rows.not_known)
    total = Rollup(TOTAL, tuple(non_empty))
    subtotals = (Rollup(code, children) for code, children in non_empty.items())
    return Dimension(rows.characteristic, levels, (total, *subtotals, *sums))


def layout_of(dimensions: Iterable[Dimension]) -> Layout:
    dimensions = tuple(dimensions)
    return layout(dimensions, [[dimension.name] for dimension in dimensions])


def cell_number(shape: Layout, characteristic: str, code: str) -> int:
    """The number of the cell of a row or subtotal with this code, or of the total if the code is TOTAL."""
    return shape.cell([code if name == characteristic else TOTAL for name in shape.names])


def cell_name(shape: Layout, number: int) -> tuple[str, str]:
    """The characteristic and code of a cell; for the total, an empty characteristic and TOTAL."""
    pairs = zip(shape.names, shape.key(number), strict=True)
    return next(((name, code) for name, code in pairs if code != TOTAL), ("", TOTAL))


def combined_publication(shape: Layout, tables: Iterable[PublishedTable]) -> Publication:
    """All the tables as one publication. A cell that any of them publishes is a published cell."""
    counts = np.full(len(shape), -1, dtype=np.int64)
    for table in tables:
        counts[shape.total] = table.total
        table_counts = published_counts(table)
        for code in published_rows(table).codes:
            count = table_counts[code]
            if count is not None:
                counts[cell_number(shape, table.characteristic, code)] = count
    return suppress_cells(shape, np.maximum(counts, 0), counts < 0)
