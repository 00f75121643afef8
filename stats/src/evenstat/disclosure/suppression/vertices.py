"""From a fractional perturbation to an integer one: other vertices of the LP, then branch and bound."""

from collections.abc import Callable

import numpy as np

from evenstat.disclosure.suppression.constraints import Floats
from evenstat.disclosure.suppression.perturbations import Perturbation
from evenstat.disclosure.tables import Flags

VERTICES = 5  # LPs solved with perturbed costs
BRANCH_AFTER = (2, 4)  # vertices
MAX_COST_INCREASE = 3.0  # maximum relative cost increase of a changed cell


class VertexSearch:
    """Re-solve with seeded cost perturbations. One random stream, so the same queries in the same order give the same
    answers.
    """

    def __init__(self) -> None:
        self._random = np.random.default_rng(0)

    def integer_vertex(
        self,
        solve: Callable[[Floats], Perturbation | None],
        branch_and_bound: Callable[[Flags], Perturbation | None],
        costs: Floats,
    ) -> Perturbation | None:
        """Re-solve with seeded cost perturbations to reach an integer vertex; otherwise branch and bound.

        The cells changed at one vertex cost more at the next, so that the vertices use different cells. A branch and
        bound among these cells is short and usually finds a solution.

        Args:
            solve: the cheapest perturbation at given costs. branch_and_bound: an integer one among given cells.
            costs: for the first vertex, one for each cell.
        """
        costs, changed = costs.copy(), np.zeros(len(costs), dtype=bool)
        for vertex in range(VERTICES):
            perturbation = solve(costs)
            if perturbation is None or perturbation.integer:
                return perturbation
            changed[perturbation.cells] = True
            costs[perturbation.cells] *= 1.0 + MAX_COST_INCREASE * self._random.random(len(perturbation.cells))
            if vertex in BRANCH_AFTER and (integer := branch_and_bound(changed)):
                return integer
        return None
