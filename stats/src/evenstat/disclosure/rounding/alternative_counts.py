"""Perturbations for the outsider, who knows only the publication: each changes many cells and protects them all."""

from collections.abc import Callable, Iterator

import highspy
import numpy as np

from evenstat.disclosure.rounding.perturbations import ZERO_TOLERANCE, CountPerturbation, CountRanges
from evenstat.disclosure.rounding.solver import LinearProgram, warm_started

PRIMAL_SIMPLEX = 4  # the objective changes, the constraints do not


def alternative_counts(ranges: CountRanges, is_unprotected: Callable[[int], bool]) -> Iterator[CountPerturbation]:
    """Other counts that fit every figure, until no unprotected cell is left that such a perturbation could change."""
    size = len(ranges.cells)
    down = (ranges.low - ranges.counts)[ranges.cells].astype(np.float64)
    up = np.where(ranges.shape.unpublished, np.inf, (ranges.high - ranges.counts).astype(np.float64))[ranges.cells]
    up = np.where(np.isinf(up), highspy.kHighsInf, up)
    model = warm_started(LinearProgram(np.zeros(size), down, up, ranges.rows((1.0,)), np.zeros(size, dtype=bool)))
    model.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    none_outside = np.zeros(0, dtype=np.int64)
    for place, cell in enumerate(ranges.cells.tolist()):
        for cost, limit in ((-1.0, up[place]), (1.0, -down[place])):
            if limit < 1 or not is_unprotected(cell):
                continue
            model.changeColCost(place, cost)
            model.run()
            change = np.abs(np.asarray(model.getSolution().col_value))
            model.changeColCost(place, 0.0)
            yield CountPerturbation(
                ranges.cells[change > ZERO_TOLERANCE], ranges.cells[change > 1 - ZERO_TOLERANCE], none_outside, 0.0
            )
