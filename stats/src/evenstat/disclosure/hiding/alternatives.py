"""Other tables that would publish the same: the reason why a reader can't tell what a hidden cell holds.

A *difference* adds and takes people in hidden cells so that every published figure stays as it is. As long as some
difference changes a cell, a reader who knows only what is published can't know it. The cheapest difference that changes
a cell, counted over cells that are not hidden yet, is a linear programme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Flags, Integers, Layout

Floats = NDArray[np.float64]
SMALL = 1e-7
WHOLE = 1e-6  # how near to a whole number the solver's answer must be to count as one
MULTIPLES = (1, 2, 3, 4, 6)  # of a difference in parts of people, tried to make it one in whole people
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

    def __init__(self, shape: Layout, counts: Integers, fixed: Flags, least: Integers) -> None:
        self.solves = 0
        self.free = np.flatnonzero(~fixed)
        self._size = len(self.free)
        self.column = np.full(len(shape), -1, dtype=np.int64)
        self.column[self.free] = np.arange(self._size)
        losses = np.maximum(counts - least, 0)[self.free].astype(np.float64)
        self._most = np.concatenate([np.full(self._size, highspy.kHighsInf), losses])
        self._cost = np.ones(self._size)
        self._programme = _programme(shape, self.column, self._most)
        self._model = solver(self._programme)

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
        gain = int(self.column[cell])
        held = [int(self.column[each]) for each in known if self.column[each] >= 0]
        directions = [(gain, gain + self._size, max(rise, 1.0))]
        if not rise and self._most[gain + self._size] >= 1.0:
            directions.append((gain + self._size, gain, 1.0))
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
        values = np.asarray(model.getSolution().col_value)
        by = values[: self._size] - values[self._size :]
        places = np.flatnonzero(np.abs(by) > SMALL)
        by, cost = by[places], float(model.getInfo().objective_function_value)
        for multiple in MULTIPLES:
            many = np.round(by * multiple)
            if (np.abs(by * multiple - many) < WHOLE).all() and (-many <= self._most[places + self._size]).all():
                return Difference(self.free[places], many, cost, whole=True)
        return Difference(self.free[places], by, cost, whole=False)

    def _searched(
        self, column: int, opposite: int, by: float, known: Sequence[int], hidden: Flags | None
    ) -> Difference | None:
        """A mixed-integer programme of its own, so that the linear one keeps its last answer."""
        model = solver(self._programme)
        model.setOptionValue("presolve", "on")
        model.setOptionValue("mip_max_nodes", BRANCHES)
        model.setOptionValue("random_seed", 0)
        places = np.arange(2 * self._size, dtype=np.int32)
        model.changeColsCost(len(places), places, np.concatenate([self._cost, self._cost]))
        upper = self._most.copy()
        if hidden is not None:
            outside = np.flatnonzero(~hidden[self.free])
            upper[outside] = upper[outside + self._size] = 0.0
        closed = [opposite, *(each for one in known for each in (one, one + self._size))]
        upper[closed] = 0.0
        lower = np.zeros(2 * self._size)
        lower[column] = by
        model.changeColsBounds(len(places), places, lower, upper)
        model.changeColsIntegrality(len(places), places, np.array([highspy.HighsVarType.kInteger] * len(places)))
        model.run()
        self.solves += 1
        found = model.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        return self._answer(model) if found else None


def _programme(shape: Layout, column: Integers, most: Floats) -> highspy.HighsLp:
    size = len(most) // 2
    rows: dict[tuple[tuple[int, ...], int], None] = {}
    for parent, children in shape.sums():
        columns = column[children]
        below, above = columns[columns >= 0], int(column[parent])
        if len(below) or above >= 0:
            rows.setdefault((tuple(below.tolist()), above))
    entries = [[(each, 1.0) for each in below] + [(above, -1.0)] * (above >= 0) for below, above in rows]
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = 2 * size, len(entries)
    programme.col_cost_ = np.ones(2 * size)
    programme.col_lower_ = np.zeros(2 * size)
    programme.col_upper_ = most
    programme.row_lower_ = programme.row_upper_ = np.zeros(len(entries))
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(2 * len(row) for row in entries)]).astype(np.int32)
    matrix.index_ = np.array([at for row in entries for c, _ in row for at in (c, c + size)], dtype=np.int32)
    matrix.value_ = np.array([value for row in entries for _, sign in row for value in (sign, -sign)])
    return programme


def solver(programme: highspy.HighsLp) -> highspy.Highs:
    """HiGHS on one thread, going on from its last answer, so that the same questions give the same answers."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    model.passModel(programme)
    return model
