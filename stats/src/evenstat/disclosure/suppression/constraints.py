"""Feasible perturbations as LPs for HiGHS: every published figure stays the same."""

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Flags, Integers, Layout

Floats = NDArray[np.float64]


class SumConstraints:
    """The additivity constraints on the cells that may change, without duplicates: a total minus its parts is 0.

    Constraint s covers `cells[starts[s]:starts[s + 1]]` with their `signs`; cell c is in `sums[first[c]:first[c + 1]]`
    with the signs in `signs_in` there.
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
            [cell for below, above in rows for cell in (*below, *([above] if above >= 0 else []))], dtype=np.int64
        )
        self.signs = np.array(
            [sign for below, above in rows for sign in (*[1.0] * len(below), *([-1.0] if above >= 0 else []))]
        )
        within = np.repeat(np.arange(len(rows), dtype=np.int64), np.diff(self.starts))
        order = np.argsort(self.cells, kind="stable")
        self.sums, self.signs_in = within[order], self.signs[order]
        self.first = np.searchsorted(self.cells[order], np.arange(len(shape) + 1)).astype(np.int64)

    def of(self, cells: Integers) -> tuple[Integers, Integers]:
        """The positions in `sums` of the constraints of each cell, one cell after another, and their number for
        each cell.
        """
        many = self.first[cells + 1] - self.first[cells]
        places: Integers = np.arange(many.sum()) + np.repeat(self.first[cells] - np.cumsum(many) + many, many)
        return places, many

    def dual_combination(self, duals: Floats) -> Floats:
        """The coefficient of each cell in the sum of all constraints, each multiplied by its dual."""
        parts = self.signs * np.repeat(duals, np.diff(self.starts))
        weights: Floats = np.bincount(self.cells, parts, len(self.first) - 1).astype(np.float64)
        return weights

    def lp(self, cells: Integers, max_decrease: Floats) -> highspy.HighsLp:
        """For n cells in ascending order: column c is the increase of cell c, column n + c its decrease; each unit
        costs 1.
        """
        places, many = self.of(cells)
        used, rows = np.unique(self.sums[places], return_inverse=True)
        size, ends = len(cells), np.cumsum(many)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * size, len(used)
        lp.col_cost_, lp.col_lower_ = np.ones(2 * size), np.zeros(2 * size)
        lp.col_upper_ = np.concatenate([np.full(size, highspy.kHighsInf), max_decrease[cells]])
        lp.row_lower_ = lp.row_upper_ = np.zeros(len(used))
        matrix = lp.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kColwise
        matrix.start_ = np.concatenate([[0], ends, ends[-1:] + ends]).astype(np.int32)
        matrix.index_ = np.tile(rows, 2).astype(np.int32)
        matrix.value_ = np.concatenate([self.signs_in[places], -self.signs_in[places]])
        return lp


def simplex_solver(lp: highspy.HighsLp) -> highspy.Highs:
    """HiGHS on one thread, warm-started from its last basis, so that the same queries give the same answers."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    model.passModel(lp)
    return model
