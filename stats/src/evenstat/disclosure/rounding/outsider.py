"""Differences for the reader who knows nothing but what is printed: each touches many cells and answers for them."""

from collections.abc import Callable, Iterator

import highspy
import numpy as np

from evenstat.disclosure.rounding.differences import SMALL, Difference, Ranges
from evenstat.disclosure.rounding.solver import Programme, going_on

PRIMAL_SIMPLEX = 4  # what is asked changes, what fits does not


def fitting(known: Ranges, waiting: Callable[[int], bool]) -> Iterator[Difference]:
    """Other counts that fit every figure, until no cell is waiting that some could change."""
    size = len(known.cells)
    down = (known.low - known.counts)[known.cells].astype(np.float64)
    up = np.where(known.shape.behind, np.inf, (known.high - known.counts).astype(np.float64))[known.cells]
    up = np.where(np.isinf(up), highspy.kHighsInf, up)
    model = going_on(Programme(np.zeros(size), down, up, known.rows((1.0,)), np.zeros(size, dtype=bool)))
    model.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
    nothing = np.zeros(0, dtype=np.int64)
    for place, cell in enumerate(known.cells.tolist()):
        for cost, most in ((-1.0, up[place]), (1.0, -down[place])):
            if most < 1 or not waiting(cell):
                continue
            model.changeColCost(place, cost)
            model.run()
            change = np.abs(np.asarray(model.getSolution().col_value))
            model.changeColCost(place, 0.0)
            yield Difference(known.cells[change > SMALL], known.cells[change > 1 - SMALL], nothing, 0.0)
