"""Other tables that would be published in the same way, as perturbations of the true one.

A feasible perturbation adds and removes people in suppressed cells so that every published figure stays the same. As
long as some feasible perturbation changes a cell, an attacker who knows only published figures cannot know its value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.suppression.constraints import Floats
from evenstat.disclosure.tables import Integers

ZERO_TOLERANCE = 1e-7
INTEGER_TOLERANCE = 1e-6  # maximum distance from a whole number to count as one
MULTIPLES = (1, 2, 3, 4, 6)  # multiples of a fractional perturbation that are tried to make it integer


@dataclass(frozen=True, slots=True)
class Query:
    """Whether a cell can change by `change` (a decrease if negative) for an attacker who knows some cells."""

    cell: int
    change: float
    known_cells: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A feasible perturbation, and the cost of suppressing the changed cells that are not yet suppressed.

    `cells` are the numbers of the changed cells in ascending order and `change` the change of each. `integer`: the
    changes are whole numbers of people; if not, an attacker who considers only whole counts may rule it out.
    """

    cells: Integers
    change: Floats
    cost: float
    integer: bool


@dataclass(frozen=True, slots=True)
class MaximumDecrease:
    """How far each cell can decrease: its count minus the value that an attacker knows it to have at least.

    `divisible`: the cells hold amounts instead of people, so that fractional changes count.
    """

    per_cell: Floats  # one value for each cell
    divisible: bool = False

    def perturbation(self, cells: Integers, change: Floats, cost: float) -> Perturbation:
        """Build a perturbation from an LP solution, scaled to whole numbers if a small multiple is integer."""
        moved = np.flatnonzero(np.abs(change) > ZERO_TOLERANCE)
        cells, change = cells[moved], change[moved]
        if self.divisible:
            return Perturbation(cells, change, cost, integer=True)
        for multiple in MULTIPLES:
            scaled = np.round(change * multiple)
            if (np.abs(change * multiple - scaled) < INTEGER_TOLERANCE).all() and (
                -scaled <= self.per_cell[cells]
            ).all():
                return Perturbation(cells, scaled, cost, integer=True)
        return Perturbation(cells, change, cost, integer=False)
