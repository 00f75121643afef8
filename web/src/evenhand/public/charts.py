"""Positions for the dot-and-range charts. Horizontal places are percentages, so a chart fits any width unscaled.

A chart holds what a published table shows and nothing else: a hidden row has a label and no marks.
"""

import math
from dataclasses import dataclass

from evenhand.releases.tables import PublishedTable, Range, Row
from evenhand.releases.words import finding_name, index_words, percent, share_words

WIDEST_INDEX = 4.0  # what lies beyond is drawn up to the edge, with an arrow; its number stands in the table


@dataclass(frozen=True)
class Mark:
    """A dot with its range, in percent of the width."""

    at: float
    low: float
    high: float
    beyond: bool

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)


@dataclass(frozen=True)
class Strip:
    """One row of a chart. `mark` is None where there is nothing to draw.

    `says` is the alternative text of the picture, `aside` what stands at the other end of its label.
    """

    label: str
    says: str
    aside: str
    mark: Mark | None


@dataclass(frozen=True)
class Chart:
    """The strips in the order of the table. `expected_at` is where the benchmark line stands, if there is one."""

    strips: tuple[Strip, ...]
    expected_at: float | None
    ticks: tuple[tuple[float, str], ...]


def chart_of(table: PublishedTable) -> Chart:
    """An index chart where any group can be compared with residents; otherwise a chart of shares."""
    return _index_chart(table) if table.is_compared else _share_chart(table)


def _index_chart(table: PublishedTable) -> Chart:
    indexes = {row.code: _index(row) for row in table.answered_rows}
    highest = max(index.high for index in indexes.values() if index)
    top = min(WIDEST_INDEX, max(2.0, math.ceil(highest)))
    strips = tuple(
        Strip(row.label, index_words(row), finding_name(row), _mark(indexes[row.code], top))
        for row in table.answered_rows
    )
    return Chart(strips, _place(1, top), tuple((_place(n, top), f"{n:g}") for n in range(int(top) + 1)))


def _share_chart(table: PublishedTable) -> Chart:
    shares = {row.code: row.shown.share if row.shown else None for row in table.answered_rows}
    top = max([0.1, *(math.ceil(share.high * 10) / 10 for share in shares.values() if share)])
    strips = tuple(
        Strip(row.label, share_words(row), percent(share.value) if share else finding_name(row), _mark(share, top))
        for row in table.answered_rows
        for share in (shares[row.code],)
    )
    return Chart(strips, None, ((0.0, "0%"), (100.0, f"{top * 100:.0f}%")))


def _index(row: Row) -> Range | None:
    return row.shown.comparison.index if row.shown and row.shown.comparison else None


def _mark(drawn: Range | None, top: float) -> Mark | None:
    if drawn is None:
        return None
    low, high = _place(drawn.low, top), _place(drawn.high, top)
    return Mark(at=_place(drawn.value, top), low=low, high=high, beyond=drawn.high > top)


def _place(value: float, top: float) -> float:
    return round(min(value, top) / top * 100, 2)
