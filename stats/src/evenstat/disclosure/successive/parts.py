"""Two years as one release: last year's people stayed or left, this year's stayed or joined."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from evenstat.disclosure.auditing import audit
from evenstat.disclosure.policies import Attacker
from evenstat.disclosure.successive.movers import Moves
from evenstat.disclosure.tables import (
    NO_LIMIT,
    Dimension,
    Flags,
    Integers,
    Key,
    Layout,
    Publication,
    Rollup,
    join_shapes,
    joined,
    known,
    layout,
)
from evenstat.errors import InvalidCount, InvalidInput


class Part(IntEnum):
    """Who of the two years; the value is the place of its code."""

    NOBODY = 0
    LAST = 1
    THIS = 2
    STAYED = 3
    LEFT = 4
    JOINED = 5


MOVED = (Part.LEFT, Part.JOINED)
PARTS = Dimension(
    "who of the two years",
    {"year": ("last", "this"), "who of the two years": ("stayed", "left", "joined")},
    (Rollup("last", ("stayed", "left")), Rollup("this", ("stayed", "joined"))),
)


@dataclass(frozen=True, eq=False)
class Ranges:
    """The least and most of every cell."""

    low: Integers
    high: Integers


@dataclass(eq=False)
class TwoYears:
    """Arrays are one value a cell of `shape`, which has the tables of both years."""

    previous: Publication
    current: Publication
    moved: Moves

    @cached_property
    def _years(self) -> tuple[Publication, Publication]:
        unsaid = known(self.previous.shape, {}), known(self.current.shape, {})
        return joined([self.previous, unsaid[1]]), joined([unsaid[0], self.current])

    @property
    def shape(self) -> Layout:
        return self._years[0].shape

    @cached_property
    def said(self) -> Mapping[Part, Ranges]:
        """What is printed of each year; a hidden cell holds somebody where zeros are shown."""
        return {
            part: Ranges(np.where(each.hidden & each.zeros_shown, np.maximum(each.low, 1), each.low), each.high)
            for part, each in zip((Part.LAST, Part.THIS), self._years, strict=True)
        }

    def moved_in(self, part: Part) -> Integers:
        """How many of those who left, or joined, are in each cell."""
        return self._moved[part]

    @cached_property
    def _moved(self) -> Mapping[Part, Integers]:
        counts = {part: np.zeros(len(self.shape), dtype=np.int64) for part in MOVED}
        for row in self.moved.rows:
            counts[Part.LEFT] += row.people * self.inside(row.before)
            counts[Part.JOINED] += row.people * self.inside(row.after)
        return counts

    def inside(self, person: Key | None) -> Flags:
        """The cells that hold a person of these categories."""
        inside = np.full(len(self.shape), person is not None)
        if person is None:
            return inside
        for axis, (dimension, at) in enumerate(zip(self.shape.dimensions, self._order, strict=True)):
            if person[at] not in dimension.categories:
                raise InvalidInput(f"Somebody who moved is {person[at]!r}, which is no category of {dimension.name!r}.")
            column = dimension.categories.index(person[at])
            inside &= dimension.membership[self.shape.codes[:, axis], column].astype(bool)
        return inside

    @cached_property
    def _order(self) -> list[int]:
        missing = [name for name in self.shape.names if name not in self.moved.names]
        if missing:
            raise InvalidInput(f"Say for everybody who moved what they are in {missing[0]!r}.")
        return [self.moved.names.index(name) for name in self.shape.names]

    def without(self, axis: int) -> Integers:
        """For each cell the one that has the total of this dimension and is the same otherwise; every table has it."""
        numbers = self.shape.coded
        found: Integers = np.searchsorted(numbers, numbers - self.shape.codes[:, axis] * self.shape.radix[axis])
        return found

    @property
    def hidden(self) -> Mapping[Part, Flags]:
        return dict(zip((Part.LAST, Part.THIS), (each.hidden for each in self._years), strict=True))

    @property
    def printed(self) -> Mapping[Part, Flags]:
        """Printed as they are, each year."""
        shown = (~each.hidden & ~each.shape.behind & (each.low == each.high) for each in self._years)
        return dict(zip((Part.LAST, Part.THIS), shown, strict=True))

    def in_new_year(self, cells: Integers) -> tuple[int, ...]:
        """Those that the new year has, as it numbers them."""
        numbers = self.here[cells]
        return tuple(numbers[numbers >= 0].tolist())

    @cached_property
    def here(self) -> Integers:
        """The number of each cell in the new year; -1 where it has none."""
        here = np.full(len(self.shape), -1, dtype=np.int64)
        places = join_shapes([self.previous.shape, self.current.shape]).places[1]
        here[places] = np.arange(len(places))
        return here

    def refuse_what_the_moves_leave_open(self) -> None:
        added = self.moved_in(Part.JOINED) - self.moved_in(Part.LEFT)
        last, this = self.said[Part.LAST], self.said[Part.THIS]
        most = np.where(this.high == NO_LIMIT, NO_LIMIT, this.high - last.low)
        least = np.where(last.high == NO_LIMIT, -NO_LIMIT, this.low - last.high)
        wrong = np.flatnonzero((added < least) | (added > most))
        if len(wrong):
            name = self.shape.named(int(wrong[0]))
            raise InvalidCount(
                f"Those who moved do not explain how {name} changed between the years ({len(wrong)} cells in all): name"
                f" everybody who joined, left or changed."
            )

    def deduced(self, unknown: Mapping[Part, Ranges]) -> Mapping[Part, Ranges]:
        """What follows of every part from what is known of those who left and joined, and from both years' figures."""
        every = {**self.said, **unknown}
        every[Part.STAYED] = _between(every)
        nobody = np.zeros(len(self.shape), dtype=np.int64)
        every[Part.NOBODY] = Ranges(nobody, nobody)
        low, high = (
            np.stack([getattr(every[part], end) for part in sorted(every)], axis=1).ravel() for end in ("low", "high")
        )
        release = Publication(self.layout, low, high, np.zeros(len(low), dtype=bool))
        found = audit(release, Attacker.A)
        low[found.cells] = found.low
        high[found.cells] = np.where(found.high < 0, NO_LIMIT, found.high)
        lows, highs = low.reshape(-1, len(Part)), high.reshape(-1, len(Part))
        return {part: Ranges(lows[:, part], highs[:, part]) for part in Part}

    @cached_property
    def layout(self) -> Layout:
        """Each cell once for every part, the parts running fastest; nothing is behind."""
        tables = [(*table, PARTS.name) for table in self.shape.tables]
        found = layout([*self.shape.dimensions, PARTS], tables)
        assert len(found) == len(self.shape) * len(Part)
        return found


def _between(every: Mapping[Part, Ranges]) -> Ranges:
    """Who stayed, as far as each cell by itself tells."""
    low = np.zeros(len(every[Part.LAST].low), dtype=np.int64)
    high = np.full(len(low), NO_LIMIT)
    for year, moved in ((Part.LAST, Part.LEFT), (Part.THIS, Part.JOINED)):
        low = np.maximum(low, every[year].low - every[moved].high)
        most = np.where(every[year].high == NO_LIMIT, NO_LIMIT, every[year].high - every[moved].low)
        high = np.minimum(high, most)
    return Ranges(low, high)
