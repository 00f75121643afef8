"""Positions for the dot-and-range charts. Horizontal places are percentages, so a chart fits any width unscaled.

A chart holds what a published table shows and nothing else: a hidden row has a label and no marks.
"""

import math
from dataclasses import dataclass

from evenhand.public.words import finding_name, strip_words
from evenhand.releases.tables import PublishedTable, Range, Row

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
    """One row of a chart. `mark` is None where there is nothing to draw; `says` puts the row in a few words."""

    label: str
    says: str
    finding: str
    mark: Mark | None


@dataclass(frozen=True)
class Chart:
    """The strips in the order of the table. `expected_at` is where the benchmark line stands, if there is one."""

    strips: tuple[Strip, ...]
    expected_at: float | None
    ticks: tuple[tuple[float, str], ...]


def chart_of(table: PublishedTable) -> Chart:
    """An index chart where the groups can be compared with residents; otherwise a chart of shares."""
    indexes = [each for row in table.answered_rows if (each := _index(row))]
    if indexes:
        top = min(WIDEST_INDEX, max(2.0, math.ceil(max(index.high for index in indexes))))
        strips = tuple(_strip(row, _index(row), top) for row in table.answered_rows)
        ticks = tuple((_place(n, top), f"{n:g}") for n in range(int(top) + 1))
        return Chart(strips, _place(1, top), ticks)
    shares = [row.shown.share for row in table.answered_rows if row.shown and row.shown.share]
    top = max([0.1, *(math.ceil(share.high * 10) / 10 for share in shares)])
    strips = tuple(_strip(row, row.shown.share if row.shown else None, top) for row in table.answered_rows)
    return Chart(strips, None, ((0.0, "0%"), (100.0, f"{top * 100:.0f}%")))


def _index(row: Row) -> Range | None:
    return row.shown.comparison.index if row.shown and row.shown.comparison else None


def _strip(row: Row, drawn: Range | None, top: float) -> Strip:
    mark = None
    if drawn:
        mark = Mark(
            at=_place(drawn.value, top),
            low=_place(drawn.low, top),
            high=_place(drawn.high, top),
            beyond=drawn.high > top,
        )
    return Strip(row.label, strip_words(row), finding_name(row), mark)


def _place(value: float, top: float) -> float:
    return round(min(value, top) / top * 100, 2)
