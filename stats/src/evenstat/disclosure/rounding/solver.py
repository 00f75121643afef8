"""LPs and MILPs for HiGHS: one thread and no time limit, so that the same problem has the same solution."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import Flags

Floats = NDArray[np.float64]
MAX_NODES = 20_000  # of branch and bound
MIP_GAP = 1e-2  # relative gap at which a solution is accepted


@dataclass(frozen=True, slots=True)
class ConstraintRow:
    """The sum of sign times column is between `low` and `high`."""

    columns: tuple[int, ...]
    signs: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """Minimise the cost over bounded columns; those in `whole` are integer."""

    cost: Floats
    lower: Floats
    upper: Floats
    rows: tuple[ConstraintRow, ...]
    whole: Flags
    offset: float = 0.0  # constant term of the objective


@dataclass(frozen=True, eq=False)
class SolverResult:
    values: Floats
    cost: float
    proven: bool


def model(lp: LinearProgram) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | float | str] = {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_max_nodes": MAX_NODES,
        "mip_rel_gap": MIP_GAP,
    }
    for option, value in options.items():
        highs.setOptionValue(option, value)
    highs.passModel(_passed(lp))
    return highs


def warm_started(lp: LinearProgram) -> highspy.Highs:
    """A solver that is used repeatedly, each time from its last basis."""
    highs = model(lp)
    highs.setOptionValue("presolve", "off")
    highs.setOptionValue("solver", "simplex")
    return highs


def solve(lp: LinearProgram) -> SolverResult | None:
    """None if there is no solution, or none was found before the search gave up."""
    highs = model(lp)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    values = np.asarray(highs.getSolution().col_value)
    proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal and info.mip_gap <= MIP_GAP
    return SolverResult(values, float(info.objective_function_value), proven)


def _passed(lp: LinearProgram) -> highspy.HighsLp:
    rows = lp.rows
    passed = highspy.HighsLp()
    passed.num_col_, passed.num_row_ = len(lp.cost), len(rows)
    passed.col_cost_, passed.col_lower_, passed.col_upper_ = lp.cost, lp.lower, lp.upper
    passed.offset_ = lp.offset
    passed.row_lower_ = np.array([row.low for row in rows], dtype=np.float64)
    passed.row_upper_ = np.array([row.high for row in rows], dtype=np.float64)
    passed.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    passed.a_matrix_.start_ = np.cumsum([0, *(len(row.columns) for row in rows)]).astype(np.int32)
    passed.a_matrix_.index_ = np.array([at for row in rows for at in row.columns], dtype=np.int32)
    passed.a_matrix_.value_ = np.array([sign for row in rows for sign in row.signs], dtype=np.float64)
    if lp.whole.any():
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        passed.integrality_ = [kinds[int(is_integer)] for is_integer in lp.whole]
    return passed
