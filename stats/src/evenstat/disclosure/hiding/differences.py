"""Other tables that would publish the same, as differences from the true one.

A *difference* adds and takes people in hidden cells so that every published figure stays as it is. As long as some
difference changes a cell, a reader who knows only what is published can't know it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.hiding.programmes import Floats
from evenstat.disclosure.tables import Integers

SMALL = 1e-7
WHOLE = 1e-6  # how near to a whole number the solver's answer must be to count as one
MULTIPLES = (1, 2, 3, 4, 6)  # of a difference in parts of people, tried to make it one in whole people


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a cell can differ `by` so many people (fewer where it is negative) for a reader who knows some cells."""

    cell: int
    by: float
    known: Sequence[int] = ()


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


@dataclass(frozen=True, slots=True)
class Falls:
    """How far each cell can fall: its count less what a reader knows a hidden cell to hold.

    `divisible`: the cells hold amounts, not people, so that parts of one count as a difference.
    """

    most: Floats  # one value a cell
    divisible: bool = False

    def difference(self, cells: Integers, by: Floats, cost: float) -> Difference:
        """Of a solver's answer, made one in whole people where a multiple of it is."""
        moved = np.flatnonzero(np.abs(by) > SMALL)
        cells, by = cells[moved], by[moved]
        if self.divisible:
            return Difference(cells, by, cost, whole=True)
        for multiple in MULTIPLES:
            many = np.round(by * multiple)
            if (np.abs(by * multiple - many) < WHOLE).all() and (-many <= self.most[cells]).all():
                return Difference(cells, many, cost, whole=True)
        return Difference(cells, by, cost, whole=False)
