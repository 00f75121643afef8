"""Other counts that could be published in the same way, by linear programming."""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.rounding.printed_counts import PrintedCounts, unlimited
from evenstat.disclosure.rounding.solver import ConstraintRow, Floats, LinearProgram, warm_started
from evenstat.disclosure.tables import Flags, Integers, Layout

ZERO_TOLERANCE = 1e-6
UNBOUNDED = 2**60
IN_RANGE_COST = 1e-3  # cost of changing a count by one within its figure's range, compared with 1 beyond it
SIGNS = (1.0, -1.0, 1.0, -1.0)


@dataclass(frozen=True, slots=True)
class CountPerturbation:
    """The cells that it changes, those changed by one person or more, and those whose published figure no longer
    fits.
    """

    changed_cells: Integers
    changed: Integers
    outside: Integers
    cost: float


@dataclass(frozen=True, eq=False)
class CountRanges:
    """The cells that are not published exactly, and how far each may decrease and increase; unpublished cells too."""

    shape: Layout
    counts: Integers
    low: Integers
    high: Integers
    cells: Integers
    free: Flags

    def rows(self, signs: Sequence[float]) -> tuple[ConstraintRow, ...]:
        """Every sum, with the change of a cell split into several columns with these signs."""
        size, place = len(self.cells), np.full(len(self.counts), -1, dtype=np.int64)
        place[self.cells] = np.arange(size)
        rows = []
        for whole, parts in self.shape.sums():
            below, above = place[parts], place[whole : whole + 1]
            at = [*below[below >= 0].tolist(), *above[above >= 0].tolist()]
            sides = [1.0] * int((below >= 0).sum()) + [-1.0] * int((above >= 0).sum())
            if at:
                columns = tuple(column + turn * size for turn in range(len(signs)) for column in at)
                rows.append(ConstraintRow(columns, tuple(sign * side for sign in signs for side in sides), 0.0, 0.0))
        return tuple(rows)


def count_ranges(shape: Layout, counts: Integers, printed_counts: PrintedCounts) -> CountRanges:
    seen = ~shape.unpublished
    low, high = np.where(seen, printed_counts.low, 0), np.where(seen, printed_counts.high, unlimited(counts))
    return CountRanges(shape, counts, low, high, np.flatnonzero(low < high), (low < high) & seen)


class CountPerturbationLP:
    """Four columns for each cell that is not published exactly: increase and decrease within its range, and beyond it.

    Perturbations change few cells, so that few attackers know one of them.
    """

    def __init__(self, ranges: CountRanges, *, zeros_known: bool) -> None:
        self._cells, self._size = ranges.cells, len(ranges.cells)
        self._place = np.full(len(ranges.counts), -1, dtype=np.int64)
        self._place[self._cells] = np.arange(self._size)
        self.withheld = np.zeros(len(ranges.counts), dtype=bool)
        seen = ~ranges.shape.unpublished
        least = np.where(zeros_known & (ranges.counts > 0) & seen, 1, 0)  # lower bound of a cell once it is withheld
        farther = np.where(seen, highspy.kHighsInf, 0.0), np.where(seen, np.maximum(ranges.low - least, 0), 0)
        counts_within = ranges.high - ranges.counts, ranges.counts - ranges.low
        self._most = np.concatenate([_as_bounds(distance)[self._cells] for distance in (*counts_within, *farther)])
        self._model = self._new_model(ranges.rows(SIGNS))

    def cheapest(self, cell: int, known_cells: Integers) -> CountPerturbation | None:
        """A perturbation that changes the cell by one and no known cell, with few figures that no longer fit and
        few cells.
        """
        candidates = (self._by_one(cell, more, known_cells) for more in (True, False))
        perturbations = [perturbation for perturbation in candidates if perturbation is not None]
        return min(perturbations, key=lambda perturbation: perturbation.cost) if perturbations else None

    def withhold(self, cells: Integers) -> None:
        """Withhold these figures: changes beyond their range are then allowed."""
        for place in self._place[cells].tolist():
            self.withheld[self._cells[place]] = True
            for column in (place, place + self._size):
                self._most[column] += self._most[column + 2 * self._size]
                self._set(column, 0.0, self._most[column])

    def _by_one(self, cell: int, more: bool, known_cells: Integers) -> CountPerturbation | None:
        place, size = int(self._place[cell]), self._size
        own = [place + turn * size for turn in range(4)]
        counts_within, beyond = (own[0], own[2]) if more else (own[1], own[3])
        column = counts_within if self._most[counts_within] >= 1 else beyond
        if self._most[column] < 1:
            return None
        places = self._place[known_cells]
        closed_columns = [*own, *(at + turn * size for at in places[places >= 0].tolist() for turn in range(4))]
        for other in closed_columns:
            self._set(other, 0.0, 0.0)
        self._set(column, 1.0, 1.0)
        self._model.run()
        fits = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        perturbation = self._perturbation() if fits else None
        for other in closed_columns:
            self._set(other, 0.0, self._most[other])
        return perturbation

    def _set(self, column: int, least: float, most: float) -> None:
        self._model.changeColBounds(column, least, most)

    def _perturbation(self) -> CountPerturbation:
        values = np.asarray(self._model.getSolution().col_value).reshape(4, self._size)
        change = np.asarray(SIGNS) @ values
        changed_cells, changed = np.abs(change) > ZERO_TOLERANCE, np.abs(change) > 1 - ZERO_TOLERANCE
        outside = (values[2:] > ZERO_TOLERANCE).any(axis=0)
        cost = float(self._model.getInfo().objective_function_value)
        return CountPerturbation(self._cells[changed_cells], self._cells[changed], self._cells[outside], cost)

    def _new_model(self, rows: tuple[ConstraintRow, ...]) -> highspy.Highs:
        cost = np.repeat([IN_RANGE_COST, IN_RANGE_COST, 1.0, 1.0], self._size)
        return warm_started(LinearProgram(cost, np.zeros(len(cost)), self._most, rows, np.zeros(len(cost), dtype=bool)))


def _as_bounds(far: Integers | Floats) -> Floats:
    span = far.astype(np.float64)
    return np.where(span > UNBOUNDED, highspy.kHighsInf, span)
