"""Two years as one release: last year's people stayed or left, this year's stayed or joined."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from evenstat.disclosure.auditing import audit
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.successive_releases.movers import Moves
from evenstat.disclosure.tables import (
    NO_LIMIT,
    Dimension,
    Flags,
    Integers,
    Key,
    Layout,
    Publication,
    Rollup,
    combine,
    combine_layouts,
    known_figures,
    layout,
)
from evenstat.errors import InvalidCount, InvalidInput


class YearPart(IntEnum):
    """A group of people in the two years; the value is the position of its code."""

    NOBODY = 0
    LAST = 1
    THIS = 2
    STAYED = 3
    LEFT = 4
    JOINED = 5


MOVED = (YearPart.LEFT, YearPart.JOINED)
PARTS = Dimension(
    "group of the two years",
    {"year": ("last", "this"), "group of the two years": ("stayed", "left", "joined")},
    (Rollup("last", ("stayed", "left")), Rollup("this", ("stayed", "joined"))),
)


@dataclass(frozen=True, eq=False)
class GroupRanges:
    """The lower and upper bound of every cell."""

    low: Integers
    high: Integers


@dataclass(eq=False)
class TwoYears:
    """Arrays have one value for each cell of `shape`, which has the tables of both years."""

    previous: Publication
    current: Publication
    moved: Moves

    @cached_property
    def _years(self) -> tuple[Publication, Publication]:
        unknown_figures = known_figures(self.previous.shape, {}), known_figures(self.current.shape, {})
        return combine([self.previous, unknown_figures[1]]), combine([unknown_figures[0], self.current])

    @property
    def shape(self) -> Layout:
        return self._years[0].shape

    @cached_property
    def published_ranges(self) -> Mapping[YearPart, GroupRanges]:
        """The published ranges of each year; a suppressed cell is at least 1 if zeros are shown."""
        return {
            part: GroupRanges(
                np.where(
                    publication.suppressed & publication.zeros_shown, np.maximum(publication.low, 1), publication.low
                ),
                publication.high,
            )
            for part, publication in zip((YearPart.LAST, YearPart.THIS), self._years, strict=True)
        }

    def moved_in(self, part: YearPart) -> Integers:
        """The number of people in each cell who left, or joined."""
        return self._moved[part]

    @cached_property
    def _moved(self) -> Mapping[YearPart, Integers]:
        counts = {part: np.zeros(len(self.shape), dtype=np.int64) for part in MOVED}
        for row in self.moved.rows:
            counts[YearPart.LEFT] += row.people * self.inside(row.before)
            counts[YearPart.JOINED] += row.people * self.inside(row.after)
        return counts

    def inside(self, person: Key | None) -> Flags:
        """The cells that contain a person with these categories."""
        inside = np.full(len(self.shape), person is not None)
        if person is None:
            return inside
        for axis, (dimension, at) in enumerate(zip(self.shape.dimensions, self._order, strict=True)):
            if person[at] not in dimension.categories:
                raise InvalidInput(
                    f"Somebody who moved is {person[at]!r}, which is not a category of {dimension.name!r}."
                )
            column = dimension.categories.index(person[at])
            inside &= dimension.membership[self.shape.codes[:, axis], column].astype(bool)
        return inside

    @cached_property
    def _order(self) -> list[int]:
        missing = [name for name in self.shape.names if name not in self.moved.names]
        if missing:
            raise InvalidInput(f"Give the category of {missing[0]!r} for everybody who moved.")
        return [self.moved.names.index(name) for name in self.shape.names]

    def total_over_axis(self, axis: int) -> Integers:
        """For each cell the one with the total of this dimension and otherwise the same codes; every table has it."""
        cell_numbers = self.shape.coded
        totals: Integers = np.searchsorted(
            cell_numbers, cell_numbers - self.shape.codes[:, axis] * self.shape.radix[axis]
        )
        return totals

    @property
    def suppressed(self) -> Mapping[YearPart, Flags]:
        return dict(
            zip((YearPart.LAST, YearPart.THIS), (publication.suppressed for publication in self._years), strict=True)
        )

    @property
    def printed(self) -> Mapping[YearPart, Flags]:
        """The cells whose counts are shown, in each year."""
        shown = (
            ~publication.suppressed & ~publication.shape.unpublished & (publication.low == publication.high)
            for publication in self._years
        )
        return dict(zip((YearPart.LAST, YearPart.THIS), shown, strict=True))

    def in_new_year(self, cells: Integers) -> tuple[int, ...]:
        """The new year's numbers of those cells that it has."""
        cell_numbers = self.new_year_number[cells]
        return tuple(cell_numbers[cell_numbers >= 0].tolist())

    @cached_property
    def new_year_number(self) -> Integers:
        """The number of each cell in the new year; -1 if it has none."""
        number_in_new_year = np.full(len(self.shape), -1, dtype=np.int64)
        places = combine_layouts([self.previous.shape, self.current.shape]).places[1]
        number_in_new_year[places] = np.arange(len(places))
        return number_in_new_year

    def refuse_unexplained_changes(self) -> None:
        added = self.moved_in(YearPart.JOINED) - self.moved_in(YearPart.LEFT)
        last, this = self.published_ranges[YearPart.LAST], self.published_ranges[YearPart.THIS]
        most = np.where(this.high == NO_LIMIT, NO_LIMIT, this.high - last.low)
        least = np.where(last.high == NO_LIMIT, -NO_LIMIT, this.low - last.high)
        wrong = np.flatnonzero((added < least) | (added > most))
        if len(wrong):
            name = self.shape.named(int(wrong[0]))
            raise InvalidCount(
                f"Those who moved do not explain how {name} changed between the years ({len(wrong)} cells in total)."
                " Include everybody who joined, left or changed."
            )

    def deduced(self, unknown: Mapping[YearPart, GroupRanges]) -> Mapping[YearPart, GroupRanges]:
        """What can be derived about every part from what is known about movers and from both years' figures."""
        all_ranges = {**self.published_ranges, **unknown}
        all_ranges[YearPart.STAYED] = _stayed_ranges(all_ranges)
        nobody = np.zeros(len(self.shape), dtype=np.int64)
        all_ranges[YearPart.NOBODY] = GroupRanges(nobody, nobody)
        low, high = (
            np.stack([getattr(all_ranges[part], end) for part in sorted(all_ranges)], axis=1).ravel()
            for end in ("low", "high")
        )
        release = Publication(self.layout, low, high, np.zeros(len(low), dtype=bool))
        audited = audit(release, Attacker.NON_NEGATIVE)
        low[audited.cells] = audited.low
        high[audited.cells] = np.where(audited.high < 0, NO_LIMIT, audited.high)
        lows, highs = low.reshape(-1, len(YearPart)), high.reshape(-1, len(YearPart))
        return {part: GroupRanges(lows[:, part], highs[:, part]) for part in YearPart}

    @cached_property
    def layout(self) -> Layout:
        """Each cell once for every part; the part varies fastest, and all cells count as published."""
        tables = [(*table, PARTS.name) for table in self.shape.tables]
        combined = layout([*self.shape.dimensions, PARTS], tables)
        assert len(combined) == len(self.shape) * len(YearPart)
        return combined


def _stayed_ranges(all_ranges: Mapping[YearPart, GroupRanges]) -> GroupRanges:
    """Ranges of those who stayed, from each cell by itself."""
    low = np.zeros(len(all_ranges[YearPart.LAST].low), dtype=np.int64)
    high = np.full(len(low), NO_LIMIT)
    for year, moved in ((YearPart.LAST, YearPart.LEFT), (YearPart.THIS, YearPart.JOINED)):
        low = np.maximum(low, all_ranges[year].low - all_ranges[moved].high)
        most = np.where(all_ranges[year].high == NO_LIMIT, NO_LIMIT, all_ranges[year].high - all_ranges[moved].low)
        high = np.minimum(high, most)
    return GroupRanges(low, high)
