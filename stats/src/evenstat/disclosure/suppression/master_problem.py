"""The master problem: the smallest loss that satisfies all cuts so far, as an LP relaxation or a MILP."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.suppression.constraints import Floats
from evenstat.disclosure.suppression.separation import Cut
from evenstat.disclosure.tables import Flags
from evenstat.errors import CannotProtect

SLACK = 1e-6  # tolerance of the solver, subtracted from every bound


@dataclass(frozen=True, slots=True)
class MasterSolution:
    """No pattern that satisfies the cuts has a smaller loss than `loss`; `suppressed` is a pattern with about that
    loss.
    """

    loss: float
    suppressed: Floats
    optimal: bool  # the loss of `suppressed` is exactly `loss`


class MasterProblem:
    """One binary variable for each cell that may be suppressed secondarily; cuts are added as rows."""

    def __init__(self, primary: Flags, may_suppress: Flags, weight: Floats) -> None:
        self.primary, self.cells = primary, np.flatnonzero(may_suppress & ~primary)
        self.cuts = 0
        self._column = np.full(len(primary), -1, dtype=np.int64)
        self._column[self.cells] = np.arange(len(self.cells))
        self._seen: set[tuple[int, bytes, bytes]] = set()
        self._weight = weight[self.cells]
        self._model = self._empty_model()

    def _empty_model(self) -> highspy.Highs:
        model, size = highspy.Highs(), len(self.cells)  # type: ignore[no-untyped-call]
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            model.setOptionValue(option, value)
        places = np.arange(size, dtype=np.int32)
        model.addVars(size, np.zeros(size), np.ones(size))
        model.changeColsCost(size, places, self._weight)
        return model

    def add(self, cut: Cut) -> bool:
        """Returns whether the cut is new."""
        key = (-1 if self.primary[cut.cell] else cut.cell, cut.cells.tobytes(), np.round(cut.coefficients, 9).tobytes())
        if key in self._seen:
            return False
        self._seen.add(key)
        columns, coefficients, row_lower = self._column[cut.cells], cut.coefficients, 1.0
        if not self.primary[cut.cell]:
            columns, coefficients, row_lower = (
                np.append(columns, self._column[cut.cell]),
                np.append(coefficients, -1.0),
                0.0,
            )
        self._model.addRow(row_lower, highspy.kHighsInf, len(columns), columns.astype(np.int32), coefficients)
        self.cuts += 1
        return True

    def _run(self) -> None:
        self._model.run()
        if self._model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise CannotProtect(
                "Whatever else is suppressed, some primary cells can be derived from cells that must be published."
                " Publish fewer tables, or merge categories."
            )

    def solve_relaxation(self) -> MasterSolution:
        if not len(self.cells):
            return self._primary_only()
        self._set_integrality(highspy.HighsVarType.kContinuous)
        self._run()
        return MasterSolution(float(self._model.getInfo().objective_function_value), self._suppressed(), optimal=True)

    def solve_integer(self, nodes: int) -> MasterSolution:
        """Branch and bound with at most this many nodes."""
        if not len(self.cells):
            return self._primary_only()
        self._set_integrality(highspy.HighsVarType.kInteger)
        self._model.setOptionValue("mip_max_nodes", nodes)
        self._run()
        info = self._model.getInfo()
        optimal = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return MasterSolution(float(info.mip_dual_bound), np.round(self._suppressed()), optimal)

    def rounded_up(self, loss: float) -> float:
        """The smallest possible loss of a pattern, given that it is at least this."""
        loss = max(loss - SLACK, 0.0)
        return float(np.ceil(loss)) if (self._weight == np.round(self._weight)).all() else loss

    def _primary_only(self) -> MasterSolution:
        return MasterSolution(0.0, self.primary.astype(np.float64), optimal=True)

    def _set_integrality(self, kind: highspy.HighsVarType) -> None:
        places = np.arange(len(self.cells), dtype=np.int32)
        self._model.changeColsIntegrality(len(places), places, np.array([kind] * len(places)))

    def _suppressed(self) -> Floats:
        suppressed = self.primary.astype(np.float64)
        values = np.asarray(self._model.getSolution().col_value)
        if len(values):
            suppressed[self.cells] = np.clip(values, 0.0, 1.0)
        return suppressed
