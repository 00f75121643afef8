"""What differs where every published figure stays: as a linear programme of HiGHS."""

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Integers, Layout

Floats = NDArray[np.float64]


def programme(shape: Layout, column: Integers, most: Floats) -> highspy.HighsLp:
    size = len(most) // 2
    rows: dict[tuple[tuple[int, ...], int], None] = {}
    for parent, children in shape.sums():
        columns = column[children]
        below, above = columns[columns >= 0], int(column[parent])
        if len(below) or above >= 0:
            rows.setdefault((tuple(below.tolist()), above))
    entries = [[(each, 1.0) for each in below] + [(above, -1.0)] * (above >= 0) for below, above in rows]
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = 2 * size, len(entries)
    programme.col_cost_ = np.ones(2 * size)
    programme.col_lower_ = np.zeros(2 * size)
    programme.col_upper_ = most
    programme.row_lower_ = programme.row_upper_ = np.zeros(len(entries))
    matrix = programme.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(2 * len(row) for row in entries)]).astype(np.int32)
    matrix.index_ = np.array([at for row in entries for c, _ in row for at in (c, c + size)], dtype=np.int32)
    matrix.value_ = np.array([value for row in entries for _, sign in row for value in (sign, -sign)])
    return programme


def only(
    every: highspy.HighsLp, columns: NDArray[np.intp], lower: Floats, upper: Floats, cost: Floats
) -> highspy.HighsLp:
    """These columns of a programme, and the rows that they are in."""
    number = np.full(every.num_col_, -1, dtype=np.int64)
    number[columns] = np.arange(len(columns))
    index, value = np.array(every.a_matrix_.index_), np.array(every.a_matrix_.value_)
    row = np.repeat(np.arange(every.num_row_), np.diff(every.a_matrix_.start_))
    inside = number[index] >= 0
    rows, sizes = np.unique(row[inside], return_counts=True)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(columns), len(rows)
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = cost, lower, upper
    programme.row_lower_ = programme.row_upper_ = np.zeros(len(rows))
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    programme.a_matrix_.index_ = number[index[inside]].astype(np.int32)
    programme.a_matrix_.value_ = value[inside]
    return programme


def solver(programme: highspy.HighsLp) -> highspy.Highs:
    """HiGHS on one thread, going on from its last answer, so that the same questions give the same answers."""
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {"output_flag": False, "threads": 1, "presolve": "off", "solver": "simplex"}
    for option, value in options.items():
        model.setOptionValue(option, value)
    model.passModel(programme)
    return model
