"""Other counts that could be printed the same, by linear programming."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.rounding.printed import Printed, unlimited
from evenstat.disclosure.rounding.solver import Floats, Programme, Row, going_on
from evenstat.disclosure.tables import Flags, Integers, Layout

SMALL = 1e-6
ENDLESS = 2**60
INSIDE = 1e-3  # what a person more or fewer costs within a figure's range, against 1 outside
SIGNS = (1.0, -1.0, 1.0, -1.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Cells that it touches, those that it changes by one person or more, and those whose figure it does not fit."""

    touched: Integers
    changed: Integers
    outside: Integers
    cost: float


@dataclass(frozen=True, eq=False)
class Ranges:
    """The cells that are not printed as they are, and how far each may fall and rise; those behind the tables too."""

    shape: Layout
    counts: Integers
    low: Integers
    high: Integers
    cells: Integers
    free: Flags

    def rows(self, signs: Sequence[float]) -> tuple[Row, ...]:
        """Every sum, where the change of a cell is made of several columns with these signs."""
        size, place = len(self.cells), np.full(len(self.counts), -1, dtype=np.int64)
        place[self.cells] = np.arange(size)
        rows = []
        for whole, parts in self.shape.sums():
            below, above = place[parts], place[whole : whole + 1]
            at = [*below[below >= 0].tolist(), *above[above >= 0].tolist()]
            sides = [1.0] * int((below >= 0).sum()) + [-1.0] * int((above >= 0).sum())
            if at:
                columns = tuple(each + turn * size for turn in range(len(signs)) for each in at)
                rows.append(Row(columns, tuple(sign * side for sign in signs for side in sides), 0.0, 0.0))
        return tuple(rows)


def ranges(shape: Layout, counts: Integers, printed: Printed) -> Ranges:
    seen = ~shape.behind
    low, high = np.where(seen, printed.low, 0), np.where(seen, printed.high, unlimited(counts))
    return Ranges(shape, counts, low, high, np.flatnonzero(low < high), (low < high) & seen)


class Differences:
    """Four columns for each cell that is not printed as it is: more and fewer within its range, more and fewer beyond.

    They touch few cells, and so few that a reader knows.
    """

    def __init__(self, known: Ranges, *, zeros_known: bool) -> None:
        self._cells, self._size = known.cells, len(known.cells)
        self._place = np.full(len(known.counts), -1, dtype=np.int64)
        self._place[self._cells] = np.arange(self._size)
        self.withheld = np.zeros(len(known.counts), dtype=bool)
        seen = ~known.shape.behind
        least = np.where(zeros_known & (known.counts > 0) & seen, 1, 0)  # of a cell, once it is withheld
        farther = np.where(seen, highspy.kHighsInf, 0.0), np.where(seen, np.maximum(known.low - least, 0), 0)
        within = known.high - known.counts, known.counts - known.low
        self._most = np.concatenate([_room(each)[self._cells] for each in (*within, *farther)])
        self._model = self._started(known.rows(SIGNS))

    def cheapest(self, cell: int, known: Integers) -> Difference | None:
        """One that changes the cell by one and no known cell, with few figures that it does not fit and few cells."""
        both = (self._by_one(cell, more, known) for more in (True, False))
        found = [each for each in both if each is not None]
        return min(found, key=lambda each: each.cost) if found else None

    def withhold(self, cells: Integers) -> None:
        """What is beyond a figure's range is then within what may be."""
        for place in self._place[cells].tolist():
            self.withheld[self._cells[place]] = True
            for column in (place, place + self._size):
                self._most[column] += self._most[column + 2 * self._size]
                self._set(column, 0.0, self._most[column])

    def _by_one(self, cell: int, more: bool, known: Integers) -> Difference | None:
        place, size = int(self._place[cell]), self._size
        own = [place + turn * size for turn in range(4)]
        within, beyond = (own[0], own[2]) if more else (own[1], own[3])
        column = within if self._most[within] >= 1 else beyond
        if self._most[column] < 1:
            return None
        places = self._place[known]
        shut = [*own, *(at + turn * size for at in places[places >= 0].tolist() for turn in range(4))]
        for each in shut:
            self._set(each, 0.0, 0.0)
        self._set(column, 1.0, 1.0)
        self._model.run()
        fits = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        found = self._answer() if fits else None
        for each in shut:
            self._set(each, 0.0, self._most[each])
        return found

    def _set(self, column: int, least: float, most: float) -> None:
        self._model.changeColBounds(column, least, most)

    def _answer(self) -> Difference:
        values = np.asarray(self._model.getSolution().col_value).reshape(4, self._size)
        change = np.asarray(SIGNS) @ values
        touched, changed = np.abs(change) > SMALL, np.abs(change) > 1 - SMALL
        outside = (values[2:] > SMALL).any(axis=0)
        cost = float(self._model.getInfo().objective_function_value)
        return Difference(self._cells[touched], self._cells[changed], self._cells[outside], cost)

    def _started(self, rows: tuple[Row, ...]) -> highspy.Highs:
        cost = np.repeat([INSIDE, INSIDE, 1.0, 1.0], self._size)
        return going_on(Programme(cost, np.zeros(len(cost)), self._most, rows, np.zeros(len(cost), dtype=bool)))


def _room(far: Integers | Floats) -> Floats:
    room = far.astype(np.float64)
    return np.where(room > ENDLESS, highspy.kHighsInf, room)
