"""Linear and whole-number programmes on HiGHS: one thread, no clock, so that the same question has the same answer."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Flags

Floats = NDArray[np.float64]
BRANCHES = 20_000  # of a search in whole numbers
NEAR_ENOUGH = 1e-2  # a table this near to the nearest there is, is taken


@dataclass(frozen=True, slots=True)
class Row:
    """The sum of sign times column is from `low` to `high`."""

    columns: tuple[int, ...]
    signs: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Programme:
    """The least cost over columns between bounds, those in `whole` in whole numbers."""

    cost: Floats
    lower: Floats
    upper: Floats
    rows: tuple[Row, ...]
    whole: Flags
    offset: float = 0.0  # what it costs in any case


@dataclass(frozen=True, eq=False)
class Answer:
    values: Floats
    cost: float
    proven: bool


def model(programme: Programme) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_max_nodes": BRANCHES,
        "mip_rel_gap": NEAR_ENOUGH,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    highs.passModel(_passed(programme))
    return highs


def going_on(programme: Programme) -> highspy.Highs:
    """A solver that is asked again and again, each time from its last answer on."""
    highs = model(programme)
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    return highs


def solved(programme: Programme) -> Answer | None:
    """None where nothing fits, or nothing was found before the search was given up."""
    highs = model(programme)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = np.asarray(highs.getSolution().col_value)
    proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal and info.mip_gap <= NEAR_ENOUGH
    return Answer(values, float(info.objective_function_value), proven)


def _passed(programme: Programme) -> highspy.HighsLp:
    rows = programme.rows
    passed = highspy.HighsLp()
    passed.num_col_, passed.num_row_ = len(programme.cost), len(rows)
    passed.col_cost_, passed.col_lower_, passed.col_upper_ = programme.cost, programme.lower, programme.upper
    passed.offset_ = programme.offset
    passed.row_lower_ = np.array([row.low for row in rows], dtype=np.float64)
    passed.row_upper_ = np.array([row.high for row in rows], dtype=np.float64)
    passed.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    passed.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)]).astype(np.int32)
    passed.a_matrix_.index_ = np.array([at for row in rows for at in row.columns], dtype=np.int32)
    passed.a_matrix_.value_ = np.array([sign for row in rows for sign in row.signs], dtype=np.float64)
    if programme.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        passed.integrality_ = [kinds[int(each)] for each in programme.whole]
    return passed
