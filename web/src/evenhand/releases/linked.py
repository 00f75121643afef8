"""The tables of one year as one set: what protection and its check both understand by a row, a subtotal and the total.

Each characteristic is a dimension of its own, people who answered and people with no answer its two groups. The tables
of a year are tied together by the total, because they count the same people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evenhand.releases.tables import PublishedTable
from evenstat.disclosure import TOTAL, Dimension, Layout, Publication, layout, suppressed
from evenstat.disclosure.one_way import CountTable
from evenstat.disclosure.tables import Rollup

ANSWERED, NOT_KNOWN = "answered_total", "not_known_total"
Counted = dict[str, int | None]  # code -> what is printed; None where it is hidden


@dataclass(frozen=True)
class Rows:
    """The rows of one characteristic, by code."""

    characteristic: str
    answered: tuple[str, ...]
    not_known: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Every figure but the total: the rows of each group and its subtotal, where it has rows at all."""
        groups = ((ANSWERED, self.answered), (NOT_KNOWN, self.not_known))
        return tuple(code for total, rows in groups if rows for code in (total, *rows))


def rows_of(characteristic: str, table: CountTable) -> Rows:
    answered, not_known = (tuple(cell.code for cell in group) for group in (table.answered, table.not_known))
    return Rows(characteristic, answered, not_known)


def published_rows(table: PublishedTable) -> Rows:
    """Those that have a figure in the source."""
    answered, not_known = (
        tuple(row.code for row in group if not row.is_not_given)
        for group in (table.answered_rows, table.not_known_rows)
    )
    return Rows(table.characteristic, answered, not_known)


def counted(table: CountTable) -> dict[str, int]:
    rows = {cell.code: cell.count for cell in table.cells}
    return rows | {ANSWERED: table.answered_total, NOT_KNOWN: table.not_known_total}


def printed(table: PublishedTable) -> Counted:
    rows: Counted = {row.code: row.shown.count if row.shown else None for row in table.rows if not row.is_not_given}
    return rows | {ANSWERED: table.answered, NOT_KNOWN: table.not_known}


def dimension(rows: Rows, more: Sequence[Rollup] = ()) -> Dimension:
    """The rows under their groups; `more` are sums of rows that are shown as well, such as a coarser grouping."""
    groups = {ANSWERED: rows.answered, NOT_KNOWN: rows.not_known}
    held = {code: below for code, below in groups.items() if below}
    levels: dict[str, tuple[str, ...]] = {f"{rows.characteristic}:group": tuple(held)}
    if more:
        levels[f"{rows.characteristic}:merged"] = tuple(each.parent for each in more)
    levels[rows.characteristic] = (*rows.answered, *rows.not_known)
    above = Rollup(TOTAL, tuple(held))
    return Dimension(rows.characteristic, levels, (above, *(Rollup(*each) for each in held.items()), *more))


def shape_of(dimensions: Iterable[Dimension]) -> Layout:
    held = tuple(dimensions)
    return layout(held, [[each.name] for each in held])


def cell(shape: Layout, characteristic: str, code: str) -> int:
    """The number of a figure; `code` is that of a row, of a subtotal, or TOTAL."""
    return shape.cell([code if name == characteristic else TOTAL for name in shape.names])


def where(shape: Layout, number: int) -> tuple[str, str]:
    """The characteristic and code of a figure; empty and TOTAL for the total."""
    pairs = zip(shape.names, shape.key(number), strict=True)
    return next(((name, code) for name, code in pairs if code != TOTAL), ("", TOTAL))


def publication(shape: Layout, tables: Iterable[PublishedTable]) -> Publication:
    """What a reader of all these tables sees: a figure that any of them prints is no secret."""
    seen = np.full(len(shape), -1, dtype=np.int64)
    for table in tables:
        seen[shape.total] = table.total
        for code in published_rows(table).codes:
            count = printed(table)[code]
            if count is not None:
                seen[cell(shape, table.characteristic, code)] = count
    return suppressed(shape, np.maximum(seen, 0), seen < 0)
