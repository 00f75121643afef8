"""Which cells share sums with each other."""

import numpy as np

from evenstat.disclosure.tables import Integers, Layout


class Neighbours:
    """The sums of each cell, one cell after another."""

    def __init__(self, shape: Layout) -> None:
        sums = np.arange(len(shape.parents), dtype=np.int64)
        cells = np.concatenate([shape.children, shape.parents])
        within = np.concatenate([np.repeat(sums, np.diff(shape.starts)), sums])
        order = np.argsort(cells, kind="stable")
        self._sums = within[order]
        self._starts = np.searchsorted(cells[order], np.arange(len(shape) + 1))
        self._shape = shape

    def shared_sums(self, cell: int) -> Integers:
        """For every cell, how many sums it shares with this one."""
        shape, count = self._shape, np.zeros(len(self._shape), dtype=np.int64)
        for number in self._sums[self._starts[cell] : self._starts[cell + 1]]:
            count[shape.children[shape.starts[number] : shape.starts[number + 1]]] += 1
            count[shape.parents[number]] += 1
        return count
