"""A programme of some cells that is made for one question: linear, or in whole people by branching."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.hiding.differences import Difference, Falls, Question
from evenstat.disclosure.hiding.programmes import Floats, Sums, solver
from evenstat.disclosure.tables import Integers

NEARLY = 0.5  # how far from the cheapest a search in whole numbers may end
BRANCHES = 200  # of a search in whole numbers, before it is given up


@dataclass(frozen=True, slots=True)
class Answer:
    """`gave_up`: nothing was found, and it is not known whether there is anything."""

    found: Difference | None
    gave_up: bool = False


def asked_once(
    sums: Sums, falls: Falls, question: Question, cells: Integers, cost: Floats, *, whole: bool = False
) -> Answer:
    """The cheapest difference of the cells, which are in rising order and hold the one asked of; nearly so if whole."""
    size, at = len(cells), int(np.searchsorted(cells, question.cell))
    assert cells[at] == question.cell
    column, opposite = (at, at + size) if question.by > 0 else (at + size, at)
    programme = sums.programme(cells, falls.most)
    lower, upper = np.zeros(2 * size), np.array(programme.col_upper_)
    lower[column], upper[opposite] = abs(question.by), 0.0
    programme.col_lower_, programme.col_upper_ = lower, upper
    programme.col_cost_ = np.tile(cost[cells], 2)
    if whole:
        programme.integrality_ = [highspy.HighsVarType.kInteger] * (2 * size)
    model = solver(programme)
    if whole:
        _branch(model)
    model.run()
    info, status = model.getInfo(), model.getModelStatus()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Answer(None, gave_up=status != highspy.HighsModelStatus.kInfeasible)
    values = np.asarray(model.getSolution().col_value)
    found = falls.difference(cells, values[:size] - values[size:], float(info.objective_function_value))
    if whole and not found.whole:  # within the solver's tolerance of whole numbers, and not within ours
        return Answer(None, gave_up=True)
    return Answer(found)


def _branch(model: highspy.Highs) -> None:
    options: dict[str, int | float | str] = {
        "presolve": "on",
        "mip_max_nodes": BRANCHES,
        "mip_rel_gap": NEARLY,
        "random_seed": 0,
    }
    for option, value in options.items():
        model.setOptionValue(option, value)
