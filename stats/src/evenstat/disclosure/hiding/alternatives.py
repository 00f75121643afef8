"""Other tables that would publish the same: the reason why a reader can't tell what a hidden cell holds.

A *difference* adds and takes people in hidden cells so that every published figure stays as it is. As long as some
difference changes a cell, a reader who knows only what is published can't know it. The cheapest difference that changes
a cell, counted over cells that are not hidden yet, is a linear programme.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import highspy
import numpy as np

from evenstat.disclosure.hiding.programmes import Floats, only, programme, solver
from evenstat.disclosure.tables import Flags, Integers, Layout

SMALL = 1e-7
WHOLE = 1e-6  # how near to a whole number the solver's answer must be to count as one
MULTIPLES = (1, 2, 3, 4, 6)  # of a difference in parts of people, tried to make it one in whole people
CORNERS = 5  # at made-up prices, before a search in whole numbers among all hidden cells
SEARCHED_AFTER = (2, 4)  # corners
NEARLY = 0.5  # how far from the cheapest a search in whole numbers may end
BRANCHES = 200  # of a search in whole numbers, before it is given up


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much cells differ, and what hiding those that are not hidden yet would cost.

    `cells` are the numbers of the cells that differ, in rising order, `by` how many people each differs by, and `whole`
    whether these are whole people: if not, a reader who counts in whole people may see through it.
    """

    cells: Integers
    by: Floats
    cost: float
    whole: bool


class Alternatives:
    """All differences of one set of counts, as one linear programme that is asked again and again.

    Only cells that may differ are in it: not those in `fixed`, true zeros that are shown and figures that must stand.
    Of n such cells, column c is what cell c gains, column n + c what it loses: at most its count less `least`, what a
    reader knows a hidden cell to hold.
    """

    def __init__(
        self, shape: Layout, counts: Integers, fixed: Flags, least: Integers, *, divisible: bool = False
    ) -> None:
        self.solves = 0
        self.gave_up = False  # the last search in whole people, before it knew whether there is a difference
        self._divisible = divisible
        self.free = np.flatnonzero(~fixed)
        self._size = len(self.free)
        self.column = np.full(len(shape), -1, dtype=np.int64)
        self.column[self.free] = np.arange(self._size)
        losses = np.maximum(counts - least, 0)[self.free].astype(np.float64)
        self._most = np.concatenate([np.full(self._size, highspy.kHighsInf), losses])
        self._cost = np.ones(self._size)
        self._programme = programme(shape, self.column, self._most)
        self._model = solver(self._programme)
        self._wandering: highspy.Highs | None = None
        self._random = np.random.default_rng(0)

    def price(self, cost: Floats) -> None:
        """What it costs to let each cell differ, a person; 0 for what is hidden already."""
        asked = cost[self.free]
        changed = np.flatnonzero(asked != self._cost)
        if len(changed):
            both = np.concatenate([changed, changed + self._size]).astype(np.int32)
            self._model.changeColsCost(len(both), both, np.concatenate([asked[changed], asked[changed]]))
            self._cost = asked

    def cheapest(self, cell: int, *, rise: float = 0.0, known: Sequence[int] = ()) -> Difference | None:
        """The cheapest difference in a cell, where a reader knows the cells `known`: up by `rise`, or by 1 either way.

        None where there is no difference at all.
        """
        gain = int(self.column[cell])
        if gain < 0:
            return None
        loss = gain + self._size
        held = [int(self.column[each]) for each in known if self.column[each] >= 0]
        up = self._asked(gain, loss, max(rise, 1.0), held)
        if rise or (up is not None and up.cost < SMALL and up.whole) or self._most[loss] < 1.0:
            return up
        down = self._asked(loss, gain, 1.0, held)
        if up is None or down is None:
            return up or down
        return min(up, down, key=lambda each: (round(each.cost / SMALL), not each.whole))

    def in_whole_people(
        self, cell: int, *, rise: float = 0.0, known: Sequence[int] = (), hidden: Flags | None = None
    ) -> Difference | None:
        """As `cheapest`, by a search in whole numbers that may give up; among `hidden` cells only, where given."""
        self.gave_up = False
        gain = int(self.column[cell])
        held = [int(self.column[each]) for each in known if self.column[each] >= 0]
        directions = [(gain, gain + self._size, max(rise, 1.0))]
        if not rise and self._most[gain + self._size] >= 1.0:
            directions.append((gain + self._size, gain, 1.0))
        if hidden is not None:
            for column, opposite, by in directions:
                found = self._at_random(column, opposite, by, held, hidden)
                if found is not None:
                    return found
        for column, opposite, by in directions:
            found = self._searched(column, opposite, by, held, hidden)
            if found is not None:
                return found
        return None

    def _asked(self, column: int, opposite: int, by: float, known: Sequence[int]) -> Difference | None:
        closed = [opposite, *(each for one in known for each in (one, one + self._size))]
        self._model.changeColBounds(column, by, by)
        for each in closed:
            self._model.changeColBounds(each, 0.0, 0.0)
        self._model.run()
        self.solves += 1
        found = self._answer(self._model) if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
        for each in (column, *closed):
            self._model.changeColBounds(each, 0.0, float(self._most[each]))
        return found

    def _answer(self, model: highspy.Highs) -> Difference:
        return self._difference(
            np.asarray(model.getSolution().col_value), float(model.getInfo().objective_function_value)
        )

    def _priced(self, found: Difference) -> Difference:
        """One found at made-up prices, at the true ones."""
        return replace(found, cost=float(self._cost[self.column[found.cells]] @ np.abs(found.by)))

    def _difference(self, values: Floats, cost: float) -> Difference:
        by = values[: self._size] - values[self._size :]
        places = np.flatnonzero(np.abs(by) > SMALL)
        by = by[places]
        if self._divisible:
            return Difference(self.free[places], by, cost, whole=True)
        for multiple in MULTIPLES:
            many = np.round(by * multiple)
            if (np.abs(by * multiple - many) < WHOLE).all() and (-many <= self._most[places + self._size]).all():
                return Difference(self.free[places], many, cost, whole=True)
        return Difference(self.free[places], by, cost, whole=False)

    def _at_random(
        self, column: int, opposite: int, by: float, known: Sequence[int], hidden: Flags
    ) -> Difference | None:
        """A corner of the linear programme at made-up prices, or people moved only where a few such corners do.

        What a corner has changed costs more at the next, so that they are of other cells: a search in whole numbers
        among these is short, and mostly finds something.
        """
        if self._wandering is None:
            self._wandering = solver(self._programme)
        upper = np.where(np.tile(hidden[self.free], 2), self._most, 0.0)
        upper[[opposite, *(each for one in known for each in (one, one + self._size))]] = 0.0
        lower, places = np.zeros(2 * self._size), np.arange(2 * self._size, dtype=np.int32)
        lower[column] = upper[column] = by
        self._wandering.changeColsBounds(len(places), places, lower, upper)
        changed = np.zeros(len(hidden), dtype=bool)
        for corner in range(CORNERS):
            prices = (1.0 + 3.0 * self._random.random(self._size)) * np.where(changed[self.free], 3.0, 1.0)
            self._wandering.changeColsCost(len(places), places, np.tile(prices, 2))
            self._wandering.run()
            self.solves += 1
            if self._wandering.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            found = self._answer(self._wandering)
            if found.whole:
                return self._priced(found)
            changed[found.cells] = True
            if corner in SEARCHED_AFTER and (whole := self._searched(column, opposite, by, known, changed)):
                return whole
        return None

    def _searched(
        self, column: int, opposite: int, by: float, known: Sequence[int], hidden: Flags | None
    ) -> Difference | None:
        """A mixed-integer programme of its own, of what may differ; the linear one keeps its last answer."""
        upper = self._most.copy()
        if hidden is not None:
            upper[np.tile(~hidden[self.free], 2)] = 0.0
        upper[[opposite, *(each for one in known for each in (one, one + self._size))]] = 0.0
        lower = np.zeros(2 * self._size)
        lower[column] = by
        kept = np.flatnonzero(upper > 0)
        prices = 1.0 + 1000.0 * self._cost  # few cells beside the cheapest
        model = solver(only(self._programme, kept, lower[kept], upper[kept], np.tile(prices, 2)[kept]))
        options: dict[str, int | float | str] = {
            "presolve": "on",
            "mip_max_nodes": BRANCHES,
            "mip_rel_gap": NEARLY,
            "random_seed": 0,
        }
        for option, value in options.items():
            model.setOptionValue(option, value)
        places = np.arange(len(kept), dtype=np.int32)
        model.changeColsIntegrality(len(kept), places, np.array([highspy.HighsVarType.kInteger] * len(kept)))
        model.run()
        self.solves += 1
        if model.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            self.gave_up |= model.getModelStatus() != highspy.HighsModelStatus.kInfeasible
            return None
        values = np.zeros(2 * self._size)
        values[kept] = model.getSolution().col_value
        return self._priced(self._difference(values, 0.0))
