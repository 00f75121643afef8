"""A cheap difference in large tables, from a programme of a few rows and columns through the cell that is to differ.

Of each dimension the code of the cell is taken and those of the same sum whose cells in its line are cheapest; the
programme holds the cells of all tables that have such codes only. A difference among these is one of the whole tables,
and seldom much dearer than the cheapest of all; where there is none, more codes are taken.
"""

from collections.abc import Iterator

import numpy as np

from evenstat.disclosure.hiding.asking_once import asked_once
from evenstat.disclosure.hiding.corners import Corners
from evenstat.disclosure.hiding.differences import Difference, Falls, Question
from evenstat.disclosure.hiding.programmes import Floats, Sums
from evenstat.disclosure.tables import Dimension, Flags, Integers, Layout

FEWEST = 3  # codes of each dimension, if there are so many
FEW = (600, 2_500)  # cells of the first programme, and of the last


class AskingNearby:
    """Asked of a cell, at prices and among cells that are given with each question."""

    def __init__(self, shape: Layout, sums: Sums, falls: Falls) -> None:
        self.solves = 0
        self._shape, self._sums, self._falls = shape, sums, falls
        self._corners = Corners()
        self._beside = [_of_the_same_sum(each) for each in shape.dimensions]

    def asked(self, question: Question, cost: Floats, may_differ: Flags) -> Difference | None:
        """None where none was found; in whole people, unless no such one was."""
        found: Difference | None = None
        for cells in self._blocks(question, cost, may_differ):
            answer = self._linear(question, cells, cost)
            if answer is not None and not answer.whole:
                answer = self._in_whole_people(question, cells, cost) or answer
            if answer is not None and answer.whole:
                return answer
            found = found or answer
        return found

    def _blocks(self, question: Question, cost: Floats, may_differ: Flags) -> Iterator[Integers]:
        open_ = may_differ.copy()
        open_[list(question.known)] = False
        lines = [self._line(question.cell, axis, cost, open_) for axis in range(len(self._shape.dimensions))]
        done = 0
        for few in FEW:
            cells = self._shape.cells(self._most_codes(lines, few))
            cells = cells[open_[cells]]
            if len(cells) > done:
                yield cells
            done = len(cells)

    def _line(self, cell: int, axis: int, cost: Floats, open_: Flags) -> Integers:
        """The cell's code of one dimension, then those that are in a sum with it, of the cheapest cells first."""
        shape, at = self._shape, int(self._shape.codes[cell, axis])
        codes = self._beside[axis][at]
        numbers = shape.coded[cell] + (codes - at) * shape.radix[axis]
        places = np.minimum(np.searchsorted(shape.coded, numbers), len(shape) - 1)
        here = (shape.coded[places] == numbers) & open_[places]
        codes, places = codes[here], places[here]
        return np.append(at, codes[np.argsort(cost[places], kind="stable")])

    def _most_codes(self, lines: list[Integers], few: int) -> list[Integers]:
        """As many codes of each dimension, the cell's own and more, as leave few enough cells."""
        many = np.arange(FEWEST, max(len(each) for each in lines) + 1)
        cells = np.ones((len(self._shape.tables), len(many)))
        for line, shows in zip(lines, self._shape.shows, strict=True):
            cells *= np.cumsum(shows[:, line], axis=1)[:, np.minimum(many, len(line)) - 1]
        enough = int(many[np.flatnonzero(cells.sum(axis=0) <= few).max(initial=0)]) if len(many) else FEWEST
        return [line[:enough] for line in lines]

    def _linear(self, question: Question, cells: Integers, cost: Floats) -> Difference | None:
        self.solves += 1
        return asked_once(self._sums, self._falls, question, cells, cost).found

    def _in_whole_people(self, question: Question, cells: Integers, cost: Floats) -> Difference | None:
        return self._corners.whole(
            lambda prices: self._linear(question, cells, prices),
            lambda changed: self._searched(question, cells[changed[cells]], cost),
            cost,
        )

    def _searched(self, question: Question, cells: Integers, cost: Floats) -> Difference | None:
        self.solves += 1
        return asked_once(self._sums, self._falls, question, cells, cost, whole=True).found


def _of_the_same_sum(dimension: Dimension) -> list[Integers]:
    """For each code of the dimension, in their order, those that a rollup names with it."""
    beside: list[set[int]] = [set() for _ in dimension.codes]
    for rollup in dimension.rollups:
        together = {dimension.position[code] for code in (rollup.parent, *rollup.children)}
        for code in together:
            beside[code] |= together - {code}
    return [np.array(sorted(each), dtype=np.int64) for each in beside]
