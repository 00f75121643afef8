"""What differs where every published figure stays: as linear programmes of HiGHS."""

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Flags, Integers, Layout

Floats = NDArray[np.float64]


class Sums:
    """The sums that tie the cells that may differ, each once: a whole less its parts stays as it is.

    Sum s is of `cells[starts[s]:starts[s + 1]]` with their `signs`; cell c is in `sums[first[c]:first[c + 1]]` with the
    signs of `signs_in` there.
    """

    def __init__(self, shape: Layout, may_differ: Flags) -> None:
        rows: dict[tuple[tuple[int, ...], int], None] = {}
        for parent, children in shape.sums():
            below, above = children[may_differ[children]], parent if may_differ[parent] else -1
            if len(below) or above >= 0:
                rows.setdefault((tuple(below.tolist()), above))
        ends = np.cumsum([0, *(len(below) + (above >= 0) for below, above in rows)])
        self.starts = ends.astype(np.int64)
        self.cells = np.array(
            [each for below, above in rows for each in (*below, *([above] if above >= 0 else []))], dtype=np.int64
        )
        self.signs = np.array(
            [sign for below, above in rows for sign in (*[1.0] * len(below), *([-1.0] if above >= 0 else []))]
        )
        within = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(self.starts))
        order = np.argsort(self.cells, kind="stable")
        self.sums, self.signs_in = within[order], self.signs[order]
        self.first = np.searchsorted(self.cells[order], np.arange(len(shape) + 1)).astype(np.int64)

    def of(self, cells: Integers) -> tuple[Integers, Integers]:
        """Where in `sums` each of the cells stands, one cell after another, and how often."""
        many = self.first[cells + 1] - self.first[cells]
        places: Integers = np.arange(many.sum()) + np.repeat(self.first[cells] - np.cumsum(many) + many, many)
        return places, many

    def weighed(self, multipliers: Floats) -> Floats:
        """What each cell counts for where every sum is multiplied by a number and all are added up."""
        parts = self.signs * np.repeat(multipliers, np.diff(self.starts))
        weights: Floats = np.bincount(self.cells, parts, len(self.first) - 1).astype(np.float64)
        return weights

    def programme(self, cells: Integers, falls: Floats) -> highspy.HighsLp:
        """Of n cells, in rising order: column c is what cell c gains, n + c what it loses; each costs 1 a person."""
        places, many = self.of(cells)
        used, rows = np.unique(self.sums[places], return_inverse=True)
        size, ends = len(cells), np.cumsum(many)
        programme = highspy.HighsLp()
        programme.num_col_, programme.num_row_ = 2 * size, len(used)
        programme.col_cost_, programme.col_lower_ = np.ones(2 * size), np.zeros(2 * size)
        programme.col_upper_ = np.concatenate([np.full(size, highspy.kHighsInf), falls[cells]])
        programme.row_lower_ = programme.row_upper_ = np.zeros(len(used))
        matrix = programme.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.concatenate([[0], ends, ends[-1:] + ends]).astype(np.int32)
        matrix.index_ = np.tile(rows, 2).astype(np.int32)
        matrix.value_ = np.concatenate([self.signs_in[places], -self.signs_in[places]])
        return programme


def solver(programme: highspy.HighsLp) -> highspy.Highs:
    """HiGHS on one thread, going on from its last answer, so that the same questions give the same answers."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    model.passModel(programme)
    return model
