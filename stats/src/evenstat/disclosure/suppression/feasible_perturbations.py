"""The attacker queries of the pattern search: is there another table that would be published in the same way?

The cheapest feasible perturbation that changes a cell, counted over cells not yet suppressed, is an LP. It covers all
cells if the tables are small; in large tables a local LP is tried first. Perturbations of suppressed cells only are
found by an LP without the other cells, or by a local LP.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evenstat.disclosure.suppression.attacker_lp import AttackerLP
from evenstat.disclosure.suppression.constraints import Floats, SumConstraints
from evenstat.disclosure.suppression.local_lp import LocalAttackerLP
from evenstat.disclosure.suppression.perturbations import ZERO_TOLERANCE, MaximumDecrease, Perturbation, Query
from evenstat.disclosure.suppression.within_pattern import WithinPatternLP
from evenstat.disclosure.tables import Flags, Integers, Layout

SUPPRESSED_COST = 0.02  # cost of a suppressed cell in local LPs, so that few of them change
LARGE = 5_000  # cells that may change; above this, local LPs are tried first


class FeasiblePerturbations:
    """All feasible perturbations of one set of counts.

    Cells in `fixed` never change: true zeros that are shown and figures that must be published. The others decrease at
    most by their count minus `lower_bounds`, the value that an attacker knows a suppressed cell to have at least.
    """

    def __init__(
        self, shape: Layout, counts: Integers, fixed: Flags, lower_bounds: Integers, *, divisible: bool = False
    ) -> None:
        self._may_differ = ~fixed
        self._max_decrease = MaximumDecrease(np.maximum(counts - lower_bounds, 0).astype(np.float64), divisible)
        self._constraints = SumConstraints(shape, self._may_differ)
        self._within_pattern = WithinPatternLP(self._constraints, self._may_differ, self._max_decrease)
        self._cost = np.ones(len(shape))
        large = self._may_differ.sum() > LARGE
        self._local = LocalAttackerLP(shape, self._constraints, self._max_decrease) if large else None
        self._full: AttackerLP | None = None
        self._solves = 0

    @property
    def solves(self) -> int:
        return self._solves + self._within_pattern.solves + (self._local.solves if self._local else 0)

    @property
    def gave_up(self) -> bool:
        """Whether the last integer search ended before it was known whether a perturbation exists."""
        return self._within_pattern.gave_up

    def set_costs(self, cost: Floats) -> None:
        """Set the cost per unit of change of each cell; 0 for cells that are already suppressed."""
        self._cost = cost

    def cheapest(
        self, cell: int, *, upper_protection: float = 0.0, known_cells: Sequence[int] = ()
    ) -> Perturbation | None:
        """The cheapest feasible perturbation of a cell against an attacker who knows `known_cells`.

        It increases the cell by `upper_protection`, or changes it by 1 in either direction. None if there is no such
        perturbation.
        """
        queries, perturbation = self._queries(cell, upper_protection, known_cells), None
        if self._local:
            perturbation = self._cheapest_of(self._solve_local, queries)
        return perturbation or self._cheapest_of(self._solve_full, queries)

    def within_pattern(
        self, cell: int, suppressed: Flags, *, upper_protection: float = 0.0, known_cells: Sequence[int] = ()
    ) -> Perturbation | None:
        """A small integer perturbation of suppressed cells only, if one is found."""
        fractional_found = False
        for query in self._queries(cell, upper_protection, known_cells):
            if self._local:
                perturbation = self._local.solve(query, np.ones(len(suppressed)), suppressed & self._may_differ)
            else:
                perturbation = self._within_pattern.smallest(query, suppressed)
            if perturbation is not None and perturbation.integer:
                return perturbation
            fractional_found |= perturbation is not None
        if not fractional_found or self._local:  # the local LP has already tried an integer search
            return None
        return self.integer_perturbation(
            cell, upper_protection=upper_protection, known_cells=known_cells, suppressed=suppressed
        )

    def integer_perturbation(
        self,
        cell: int,
        *,
        upper_protection: float = 0.0,
        known_cells: Sequence[int] = (),
        suppressed: Flags | None = None,
    ) -> Perturbation | None:
        """As `cheapest`, by an integer search that may give up; restricted to `suppressed` cells if given."""
        self._within_pattern.gave_up = False
        queries = self._queries(cell, upper_protection, known_cells)
        if suppressed is not None:
            for query in queries:
                perturbation = self._within_pattern.integer_perturbation(query, suppressed)
                if perturbation is not None:
                    return self._at_true_cost(perturbation)
        for query in queries:
            perturbation = self._within_pattern.branch_and_bound(
                query, self._may_differ if suppressed is None else suppressed, self._cost
            )
            if perturbation is not None:
                return self._at_true_cost(perturbation)
        return None

    def _queries(self, cell: int, upper_protection: float, known_cells: Sequence[int]) -> list[Query]:
        if cell in known_cells or not self._may_differ[cell]:
            return []
        up = Query(cell, max(upper_protection, 1.0), known_cells)
        return (
            [up]
            if upper_protection or self._max_decrease.per_cell[cell] < 1.0
            else [up, Query(cell, -1.0, known_cells)]
        )

    def _cheapest_of(
        self, solve: Callable[[Query], Perturbation | None], queries: Sequence[Query]
    ) -> Perturbation | None:
        best: Perturbation | None = None
        for query in queries:
            perturbation = solve(query)
            if perturbation is not None and (best is None or _rank(perturbation) < _rank(best)):
                best = perturbation
            if best is not None and best.cost < ZERO_TOLERANCE and best.integer:
                break
        return best

    def _solve_local(self, query: Query) -> Perturbation | None:
        assert self._local is not None
        perturbation = self._local.solve(query, np.maximum(self._cost, SUPPRESSED_COST), self._may_differ)
        return self._at_true_cost(perturbation) if perturbation is not None else None

    def _solve_full(self, query: Query) -> Perturbation | None:
        if self._full is None:
            self._full = AttackerLP(self._constraints, np.flatnonzero(self._may_differ), self._max_decrease)
        self._full.set_costs(self._cost)
        self._solves += 1
        return self._full.solve(query)

    def _at_true_cost(self, perturbation: Perturbation) -> Perturbation:
        """A perturbation found at perturbed costs, with its true cost."""
        return replace(perturbation, cost=float(self._cost[perturbation.cells] @ np.abs(perturbation.change)))


def _rank(perturbation: Perturbation) -> tuple[int, bool]:
    return round(perturbation.cost / ZERO_TOLERANCE), not perturbation.integer
