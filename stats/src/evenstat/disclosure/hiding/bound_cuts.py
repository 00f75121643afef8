"""Why a hidden cell would be exposed, as a linear condition on what is hidden: one of certain cells must be hidden too.

Multiply every sum by a number of its own and add them up: whatever differs, the result is nought. Where the result
gives the cell a weight that the cells hidden beside it can't balance, one of the others in it must be hidden. The
numbers are the dual values of a linear programme that makes the cell differ as far as the hidden ones allow; a cell
hidden in part (x between 0 and 1) may differ in part.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.hiding.programmes import Floats, Sums, solver
from evenstat.disclosure.hiding.search import Problem
from evenstat.disclosure.tables import Flags, Integers

NOUGHT = 1e-8
VIOLATED = 1e-4
PARTS = 12.0  # the solver's multipliers are taken for twelfths where they are close to them


@dataclass(frozen=True, slots=True)
class Cut:
    """If `cell` is hidden, the `parts` of the hidden `cells` add up to 1 or more."""

    cell: int
    cells: Integers
    parts: Floats

    def lacks(self, hidden: Floats) -> float:
        """By how much a pattern, perhaps of cells hidden in part, fails."""
        return float(hidden[self.cell] - self.parts @ hidden[self.cells])


@dataclass(frozen=True, slots=True)
class _Kept:
    """What one difference keeps from those who know nothing of what it has `touched`."""

    cells: Flags
    touched: Flags


class Exposure:
    """Asks of patterns, perhaps of cells hidden in part, what is exposed in them."""

    def __init__(self, problem: Problem) -> None:
        shape, self.solves = problem.shape, 0
        self.problem = problem
        self.free = np.flatnonzero(~problem.stays)
        size = self._size = len(self.free)
        self._column = np.full(len(shape), -1, dtype=np.int64)
        self._column[self.free] = np.arange(size)
        self._falls = np.maximum(problem.counts - problem.least, 0)[self.free].astype(np.float64)
        self._rise = problem.needs.rise[self.free].astype(np.float64)
        self._always = (problem.unsafe | shape.behind)[self.free]
        self._sums = Sums(shape, ~problem.stays)
        every = np.zeros(len(shape))
        every[self.free] = self._falls
        asked = self._sums.programme(self.free, every)
        asked.col_cost_ = np.zeros(2 * size)
        self._model = solver(asked)
        self._model.setOptionValue("simplex_strategy", 4)  # primal: the last answer still fits, only less well
        self.look_at(np.zeros(len(shape)))

    def look_at(self, hidden: Floats) -> None:
        """The pattern of which is asked from now on; unsafe cells are hidden in any."""
        self._hidden = np.where(self._always, 1.0, hidden[self.free])
        self._wholly = self._hidden > 1.0 - 1e-6
        self._most = np.concatenate(
            [
                np.where(self._wholly, highspy.kHighsInf, self._hidden),
                np.where(self._wholly, self._falls, self._hidden * np.minimum(self._falls, 1.0)),
            ]
        )
        places = np.arange(2 * self._size, dtype=np.int32)
        self._model.changeColsBounds(len(places), places, np.zeros(len(places)), self._most)
        self._kept: list[_Kept] = []

    def exposed(self, cell: int, rise: float = 0.0, known: Sequence[int] = ()) -> Cut | None:
        """A condition that the pattern fails by leaving the cell exposed to a reader who knows the cells `known`."""
        at = int(self._column[cell])
        closed = [int(self._column[each]) for each in known if self._column[each] >= 0]
        if at in closed or any(each.cells[at] and not each.touched[closed].any() for each in self._kept):
            return None
        up = self._parts(at, True, max(rise, 1.0), closed)
        if up is None:
            return None
        down = self._parts(at, False, 1.0, closed) if not rise and self._falls[at] >= 1.0 else up
        if down is None:
            return None
        parts = np.maximum(up, down)
        places = np.flatnonzero(parts)
        return Cut(cell, self.free[places], parts[places])

    def _parts(self, at: int, up: bool, by: float, closed: Sequence[int]) -> Floats | None:
        """What hiding each cell would do for this one to go up (or down) by so many; None if it can already."""
        column, opposite = (at, at + self._size) if up else (at + self._size, at)
        shut = [opposite, *(each for one in closed for each in (one, one + self._size))]
        self._model.changeColCost(column, -1.0)
        self._model.changeColBounds(column, 0.0, by)
        for each in shut:
            self._model.changeColBounds(each, 0.0, 0.0)
        self._model.run()
        self.solves += 1
        optimal = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        reached = float(self._model.getInfo().objective_function_value) if optimal else -by
        multipliers = np.asarray(self._model.getSolution().row_dual)
        self._model.changeColCost(column, 0.0)
        for each in (column, *shut):
            self._model.changeColBounds(each, 0.0, float(self._most[each]))
        if -reached > by * self._hidden[at] - VIOLATED:
            self._keep(np.asarray(self._model.getSolution().col_value))
            return None
        return self._counted(multipliers, at, by if up else -by, closed)

    def _keep(self, values: Floats) -> None:
        """Whatever differs as far here as it must is not exposed to a reader who knows nothing of what differs."""
        by = values[: self._size] - values[self._size :]
        enough = np.where(
            self._rise > 0, by >= self._rise * self._hidden - VIOLATED, np.abs(by) >= self._hidden - VIOLATED
        )
        self._kept.append(_Kept(enough & (self._hidden > 0), np.abs(by) > NOUGHT))

    def _counted(self, multipliers: Floats, at: int, by: float, closed: Sequence[int]) -> Floats | None:
        """Holds for any multipliers, so that no error of the solver's can make a cut that is not true."""
        weights = self._sums.weighed(_in_twelfths(multipliers))[self.free]
        lacking = -by * weights[at]
        gains, falls = weights > NOUGHT, np.where(weights < -NOUGHT, -weights * self._falls, 0.0)
        others = np.ones(self._size, dtype=bool)
        others[[at, *closed]] = False
        hidden = others & self._wholly
        if (gains & hidden).any():
            return None
        lacking -= float(falls[hidden].sum())
        if lacking <= VIOLATED * max(1.0, abs(by)):
            return None
        parts = np.where(gains, 1.0, np.minimum(falls / lacking, 1.0))
        parts[~others | self._wholly] = 0.0
        return parts


def _in_twelfths(multipliers: Floats) -> Floats:
    many = np.round(multipliers * PARTS)
    close = bool((np.abs(multipliers * PARTS - many) < 1e-6).all())
    return many if close else multipliers * PARTS
