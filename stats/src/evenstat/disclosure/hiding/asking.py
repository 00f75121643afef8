"""Differences of certain cells, as one linear programme that is asked again and again, from its last answer on."""

import highspy
import numpy as np

from evenstat.disclosure.hiding.differences import Difference, Falls, Question
from evenstat.disclosure.hiding.programmes import Floats, Sums, solver
from evenstat.disclosure.tables import Flags, Integers


class Asking:
    """The cheapest difference of these cells. A person costs 1 in each until `price` says otherwise."""

    def __init__(self, sums: Sums, cells: Integers, falls: Falls) -> None:
        self.cells, self._falls, size = cells, falls, len(cells)
        self.open = np.ones(size, dtype=bool)
        self._column = np.full(len(falls.most), -1, dtype=np.int64)
        self._column[cells] = np.arange(size)
        self._cost = np.ones(size)
        self._most = np.concatenate([np.full(size, highspy.kHighsInf), falls.most[cells]])
        self._upper = self._most.copy()
        self._model = solver(sums.programme(cells, falls.most))

    def price(self, cost: Floats) -> None:
        """What it costs to let each cell of the layout differ, a person."""
        asked = cost[self.cells]
        changed = np.flatnonzero(asked != self._cost)
        if len(changed):
            both = self._both(changed)
            self._model.changeColsCost(len(both), both, np.tile(asked[changed], 2))
            self._cost = asked

    def keep_open(self, may_differ: Flags) -> None:
        """Only these cells of the layout may differ from now on."""
        asked = may_differ[self.cells]
        changed = np.flatnonzero(asked != self.open)
        if len(changed):
            both = self._both(changed)
            self._upper[both] = np.where(np.tile(asked[changed], 2), self._most[both], 0.0)
            self._model.changeColsBounds(len(both), both, np.zeros(len(both)), self._upper[both])
            self.open = asked

    def asked(self, question: Question) -> Difference | None:
        """None where there is none."""
        at, size = int(self._column[question.cell]), len(self.cells)
        if at < 0 or not self.open[at]:
            return None
        column, opposite = (at, at + size) if question.by > 0 else (at + size, at)
        known = [int(self._column[each]) for each in question.known if self._column[each] >= 0]
        closed = [opposite, *known, *(each + size for each in known)]
        self._model.changeColBounds(column, abs(question.by), abs(question.by))
        for each in closed:
            self._model.changeColBounds(each, 0.0, 0.0)
        self._model.run()
        found = self._answer() if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
        for each in (column, *closed):
            self._model.changeColBounds(each, 0.0, float(self._upper[each]))
        return found

    def _answer(self) -> Difference:
        values = np.asarray(self._model.getSolution().col_value)
        by = values[: len(self.cells)] - values[len(self.cells) :]
        return self._falls.difference(self.cells, by, float(self._model.getInfo().objective_function_value))

    def _both(self, columns: Integers) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.concatenate([columns, columns + len(self.cells)]).astype(np.int32)
