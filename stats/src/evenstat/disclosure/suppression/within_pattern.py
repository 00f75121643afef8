"""Feasible perturbations of suppressed cells only: they show that a cell is protected without further suppressions."""

import numpy as np

from evenstat.disclosure.suppression.attacker_lp import AttackerLP
from evenstat.disclosure.suppression.constraints import Floats, SumConstraints
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Perturbation, Query
from evenstat.disclosure.suppression.single_lp import solve_single
from evenstat.disclosure.suppression.vertices import VertexSearch
from evenstat.disclosure.tables import Flags

MAX_LP_RATIO = 1.3  # maximum cells in the LP, as a multiple of the suppressed cells


class WithinPatternLP:
    """Solved for one pattern after another; while patterns only shrink, the LP is warm-started."""

    def __init__(self, constraints: SumConstraints, may_differ: Flags, max_decrease: MaximumDecrease) -> None:
        self.solves = 0
        self.gave_up = False  # whether the last integer search gave up
        self._constraints, self._may_differ, self._max_decrease = constraints, may_differ, max_decrease
        self._covered = np.zeros(len(may_differ), dtype=bool)
        self._lp: AttackerLP | None = None
        self._vertices = VertexSearch()

    def smallest(self, query: Query, suppressed: Flags) -> Perturbation | None:
        """The perturbation that moves the fewest people, perhaps fractional."""
        return self._solve(query, suppressed, np.ones(len(suppressed)))

    def integer_perturbation(self, query: Query, suppressed: Flags) -> Perturbation | None:
        """An integer perturbation that moves few people, though perhaps not the fewest."""
        return self._vertices.integer_vertex(
            lambda costs: self._solve(query, suppressed, costs),
            lambda changed: self.branch_and_bound(query, changed),
            np.ones(len(suppressed)),
        )

    def _solve(self, query: Query, suppressed: Flags, costs: Floats) -> Perturbation | None:
        lp = self._lp_covering(suppressed)
        lp.set_costs(costs)
        self.solves += 1
        return lp.solve(query)

    def branch_and_bound(self, query: Query, allowed: Flags, cost: Floats | None = None) -> Perturbation | None:
        """An integer perturbation with low cost and few people moved. The search may give up."""
        closed = np.zeros(len(allowed), dtype=bool)
        closed[list(query.known_cells)] = True
        cells = np.flatnonzero(allowed & self._may_differ & ~closed)
        costs = np.ones(len(allowed)) if cost is None else 1.0 + 1000.0 * cost
        result = solve_single(self._constraints, self._max_decrease, query, cells, costs, integer=True)
        self.solves += 1
        self.gave_up |= result.gave_up
        return result.perturbation

    def _lp_covering(self, suppressed: Flags) -> AttackerLP:
        """An LP of the suppressed cells, rebuilt if one of them is not in the current LP."""
        suppressed = suppressed & self._may_differ
        if self._lp is None or (suppressed & ~self._covered).any():
            both = suppressed | self._covered
            self._covered = both if both.sum() < MAX_LP_RATIO * suppressed.sum() else suppressed
            self._lp = AttackerLP(self._constraints, np.flatnonzero(self._covered), self._max_decrease)
        self._lp.allow_only(suppressed)
        return self._lp
