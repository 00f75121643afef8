"""Feasible perturbations of given cells as one attacker LP, re-solved from its last basis."""

import highspy
import numpy as np

from evenstat.disclosure.suppression.constraints import Floats, SumConstraints, simplex_solver
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Perturbation, Query
from evenstat.disclosure.tables import Flags, Integers


class AttackerLP:
    """The cheapest feasible perturbation of these cells. Each unit of change costs 1 until `set_costs` is called."""

    def __init__(self, constraints: SumConstraints, cells: Integers, max_decrease: MaximumDecrease) -> None:
        self.cells, self._max_decrease, size = cells, max_decrease, len(cells)
        self.allowed = np.ones(size, dtype=bool)
        self._column = np.full(len(max_decrease.per_cell), -1, dtype=np.int64)
        self._column[cells] = np.arange(size)
        self._cost = np.ones(size)
        self._column_upper = np.concatenate([np.full(size, highspy.kHighsInf), max_decrease.per_cell[cells]])
        self._upper = self._column_upper.copy()
        self._model = simplex_solver(constraints.lp(cells, max_decrease.per_cell))

    def set_costs(self, cost: Floats) -> None:
        """Set the cost per unit of change of each cell of the layout."""
        new_cost = cost[self.cells]
        changed = np.flatnonzero(new_cost != self._cost)
        if len(changed):
            both = self._both(changed)
            self._model.changeColsCost(len(both), both, np.tile(new_cost[changed], 2))
            self._cost = new_cost

    def allow_only(self, may_differ: Flags) -> None:
        """From now on only these cells of the layout may change."""
        new_allowed = may_differ[self.cells]
        changed = np.flatnonzero(new_allowed != self.allowed)
        if len(changed):
            both = self._both(changed)
            self._upper[both] = np.where(np.tile(new_allowed[changed], 2), self._column_upper[both], 0.0)
            self._model.changeColsBounds(len(both), both, np.zeros(len(both)), self._upper[both])
            self.allowed = new_allowed

    def solve(self, query: Query) -> Perturbation | None:
        """Returns None if there is no feasible perturbation."""
        at, size = int(self._column[query.cell]), len(self.cells)
        if at < 0 or not self.allowed[at]:
            return None
        column, opposite = (at, at + size) if query.change > 0 else (at + size, at)
        known_columns = [int(self._column[cell]) for cell in query.known_cells if self._column[cell] >= 0]
        closed = [opposite, *known_columns, *(place + size for place in known_columns)]
        self._model.changeColBounds(column, abs(query.change), abs(query.change))
        for other in closed:
            self._model.changeColBounds(other, 0.0, 0.0)
        self._model.run()
        perturbation = (
            self._perturbation() if self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal else None
        )
        for other in (column, *closed):
            self._model.changeColBounds(other, 0.0, float(self._upper[other]))
        return perturbation

    def _perturbation(self) -> Perturbation:
        values = np.asarray(self._model.getSolution().col_value)
        change = values[: len(self.cells)] - values[len(self.cells) :]
        return self._max_decrease.perturbation(
            self.cells, change, float(self._model.getInfo().objective_function_value)
        )

    def _both(self, columns: Integers) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.concatenate([columns, columns + len(self.cells)]).astype(np.int32)
