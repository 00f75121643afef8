"""A local LP or MILP built for one query."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.suppression.constraints import Floats, SumConstraints, simplex_solver
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Perturbation, Query
from evenstat.disclosure.tables import Integers

MIP_GAP = 0.5  # relative gap at which an integer search may end
MAX_NODES = 200  # branch-and-bound nodes before an integer search gives up


@dataclass(frozen=True, slots=True)
class QueryResult:
    """`gave_up`: no perturbation was found, and it is not known whether there is one."""

    perturbation: Perturbation | None
    gave_up: bool = False


def solve_single(
    constraints: SumConstraints,
    max_decrease: MaximumDecrease,
    query: Query,
    cells: Integers,
    cost: Floats,
    *,
    integer: bool = False,
) -> QueryResult:
    """The cheapest perturbation of the cells (in ascending order, the queried cell among them); within `MIP_GAP` if
    integer.
    """
    size, at = len(cells), int(np.searchsorted(cells, query.cell))
    assert cells[at] == query.cell
    column, opposite = (at, at + size) if query.change > 0 else (at + size, at)
    lp = constraints.lp(cells, max_decrease.per_cell)
    lower, upper = np.zeros(2 * size), np.array(lp.col_upper_)
    lower[column], upper[opposite] = abs(query.change), 0.0
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.col_cost_ = np.tile(cost[cells], 2)
    if integer:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * (2 * size)
    model = simplex_solver(lp)
    if integer:
        _set_mip_options(model)
    model.run()
    info, status = model.getInfo(), model.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return QueryResult(None, gave_up=status != highspy.HighsModelStatus.kInfeasible)
    values = np.asarray(model.getSolution().col_value)
    perturbation = max_decrease.perturbation(cells, values[:size] - values[size:], float(info.objective_function_value))
    if integer and not perturbation.integer:  # integer within the solver's tolerance but not within ours
        return QueryResult(None, gave_up=True)
    return QueryResult(perturbation)


def _set_mip_options(model: highspy.Highs) -> None:
    options: dict[str, int | float | str] = {
        "presolve": "on",
        "mip_max_nodes": MAX_NODES,
        "mip_rel_gap": MIP_GAP,
        "random_seed": 0,
    }
    for option, value in options.items():
        model.setOptionValue(option, value)
