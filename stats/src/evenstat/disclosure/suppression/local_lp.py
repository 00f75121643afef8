"""Cheap feasible perturbations in large tables, from an LP over a few rows and columns through the queried cell.

For each dimension the LP includes the code of the cell and, among codes in the same sum, those with the cheapest cells
in its row or column; it covers the cells of all tables that have only such codes. A perturbation within this block is
feasible in the whole tables and rarely costs much more than the cheapest. If there is none, more codes are included.
"""

from collections.abc import Iterator

import numpy as np

from evenstat.disclosure.suppression.constraints import Floats, SumConstraints
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Perturbation, Query
from evenstat.disclosure.suppression.single_lp import solve_single
from evenstat.disclosure.suppression.vertices import VertexSearch
from evenstat.disclosure.tables import Dimension, Flags, Integers, Layout

MIN_CODES = 3  # minimum number of codes for each dimension, if it has that many
BLOCK_SIZES = (600, 2_500)  # maximum cells of the first LP and of the last


class LocalAttackerLP:
    """Answers queries with costs and allowed cells that are given with each query."""

    def __init__(self, shape: Layout, constraints: SumConstraints, max_decrease: MaximumDecrease) -> None:
        self.solves = 0
        self._shape, self._constraints, self._max_decrease = shape, constraints, max_decrease
        self._vertices = VertexSearch()
        self._siblings = [_codes_sharing_a_sum(dimension) for dimension in shape.dimensions]

    def solve(self, query: Query, cost: Floats, may_differ: Flags) -> Perturbation | None:
        """An integer perturbation if one is found, otherwise a fractional one, otherwise None."""
        fractional: Perturbation | None = None
        for cells in self._blocks(query, cost, may_differ):
            perturbation = self._linear(query, cells, cost)
            if perturbation is not None and not perturbation.integer:
                perturbation = self._integer_perturbation(query, cells, cost) or perturbation
            if perturbation is not None and perturbation.integer:
                return perturbation
            fractional = fractional or perturbation
        return fractional

    def _blocks(self, query: Query, cost: Floats, may_differ: Flags) -> Iterator[Integers]:
        allowed = may_differ.copy()
        allowed[list(query.known_cells)] = False
        lines = [self._line(query.cell, axis, cost, allowed) for axis in range(len(self._shape.dimensions))]
        previous_size = 0
        for max_cells in BLOCK_SIZES:
            cells = self._shape.cells(self._most_codes(lines, max_cells))
            cells = cells[allowed[cells]]
            if len(cells) > previous_size:
                yield cells
            previous_size = len(cells)

    def _line(self, cell: int, axis: int, cost: Floats, allowed: Flags) -> Integers:
        """The code of the cell in one dimension, then the codes that share a sum with it, cheapest cells first."""
        shape, at = self._shape, int(self._shape.codes[cell, axis])
        codes = self._siblings[axis][at]
        numbers = shape.coded[cell] + (codes - at) * shape.radix[axis]
        places = np.minimum(np.searchsorted(shape.coded, numbers), len(shape) - 1)
        usable = (shape.coded[places] == numbers) & allowed[places]
        codes, places = codes[usable], places[usable]
        return np.append(at, codes[np.argsort(cost[places], kind="stable")])

    def _most_codes(self, lines: list[Integers], max_cells: int) -> list[Integers]:
        """As many codes of each dimension as possible, the cell's own first, without exceeding the number of cells."""
        many = np.arange(MIN_CODES, max(len(line) for line in lines) + 1)
        cells = np.ones((len(self._shape.tables), len(many)))
        for line, shows in zip(lines, self._shape.shows, strict=True):
            cells *= np.cumsum(shows[:, line], axis=1)[:, np.minimum(many, len(line)) - 1]
        enough = int(many[np.flatnonzero(cells.sum(axis=0) <= max_cells).max(initial=0)]) if len(many) else MIN_CODES
        return [line[:enough] for line in lines]

    def _linear(self, query: Query, cells: Integers, cost: Floats) -> Perturbation | None:
        self.solves += 1
        return solve_single(self._constraints, self._max_decrease, query, cells, cost).perturbation

    def _integer_perturbation(self, query: Query, cells: Integers, cost: Floats) -> Perturbation | None:
        return self._vertices.integer_vertex(
            lambda costs: self._linear(query, cells, costs),
            lambda changed: self._branch_and_bound(query, cells[changed[cells]], cost),
            cost,
        )

    def _branch_and_bound(self, query: Query, cells: Integers, cost: Floats) -> Perturbation | None:
        self.solves += 1
        return solve_single(self._constraints, self._max_decrease, query, cells, cost, integer=True).perturbation


def _codes_sharing_a_sum(dimension: Dimension) -> list[Integers]:
    """For each code of the dimension, in order, the codes that share a rollup with it."""
    siblings: list[set[int]] = [set() for _ in dimension.codes]
    for rollup in dimension.rollups:
        together = {dimension.position[code] for code in (rollup.parent, *rollup.children)}
        for code in together:
            siblings[code] |= together - {code}
    return [np.array(sorted(codes), dtype=np.int64) for codes in siblings]
