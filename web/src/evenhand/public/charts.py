"""Positions for the dot-and-range charts.

Horizontal positions are percentages, so a chart fits any width without scaling. A chart shows only what the published
table shows: a hidden row has a label and no marks.
"""

import math
from dataclasses import dataclass

from evenhand.releases.tables import PublishedRow, PublishedTable, ValueRange
from evenhand.releases.words import finding_name, index_words, percent, share_words

MAX_INDEX_SHOWN = 4.0  # larger values are drawn up to the edge, with an arrow; the table gives the number


@dataclass(frozen=True)
class ChartMark:
    """A dot with its range, as percentages of the width."""

    at: float
    low: float
    high: float
    is_cut_off: bool

    @property
    def width(self) -> float:
        return round(self.high - self.low, 2)


@dataclass(frozen=True)
class ChartRow:
    """One row of a chart. `mark` is None if there is nothing to draw.

    `alt_text` is the text alternative of the drawing. `value_label` is shown at the other end of the row from `label`.
    """

    label: str
    alt_text: str
    value_label: str
    mark: ChartMark | None


@dataclass(frozen=True)
class Chart:
    """Rows in the order of the table. `expected_at` is the position of the benchmark line, if there is one."""

    rows: tuple[ChartRow, ...]
    expected_at: float | None
    ticks: tuple[tuple[float, str], ...]


def chart_of(table: PublishedTable) -> Chart:
    """Return an index chart if any group can be compared with residents, otherwise a chart of shares."""
    return _index_chart(table) if table.is_compared else _share_chart(table)


def _index_chart(table: PublishedTable) -> Chart:
    indexes = {row.code: _index(row) for row in table.answered_rows}
    highest = max(index.high for index in indexes.values() if index)
    top = min(MAX_INDEX_SHOWN, max(2.0, math.ceil(highest)))
    chart_rows = tuple(
        ChartRow(row.label, index_words(row), finding_name(row), _mark(indexes[row.code], top))
        for row in table.answered_rows
    )
    return Chart(chart_rows, _position(1, top), tuple((_position(n, top), f"{n:g}") for n in range(int(top) + 1)))


def _share_chart(table: PublishedTable) -> Chart:
    shares = {row.code: row.shown.share if row.shown else None for row in table.answered_rows}
    top = max([0.1, *(math.ceil(share.high * 10) / 10 for share in shares.values() if share)])
    chart_rows = tuple(
        ChartRow(row.label, share_words(row), percent(share.value) if share else finding_name(row), _mark(share, top))
        for row in table.answered_rows
        for share in (shares[row.code],)
    )
    return Chart(chart_rows, None, ((0.0, "0%"), (100.0, f"{top * 100:.0f}%")))


def _index(row: PublishedRow) -> ValueRange | None:
    return row.shown.comparison.index if row.shown and row.shown.comparison else None


def _mark(value_range: ValueRange | None, top: float) -> ChartMark | None:
    if value_range is None:
        return None
    low, high = _position(value_range.low, top), _position(value_range.high, top)
    is_cut_off = value_range.high > top
    return ChartMark(at=_position(value_range.value, top), low=low, high=high, is_cut_off=is_cut_off)


def _position(value: float, top: float) -> float:
    return round(min(value, top) / top * 100, 2)
