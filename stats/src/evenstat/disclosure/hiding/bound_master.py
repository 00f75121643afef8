"""The least loss that satisfies the cuts found so far: cells hidden in part, or wholly or not at all."""

from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.hiding.bound_cuts import Cut
from evenstat.disclosure.hiding.programmes import Floats
from evenstat.disclosure.tables import Flags
from evenstat.errors import CannotProtect

SLACK = 1e-6  # of the solver's; taken off every bound


@dataclass(frozen=True, slots=True)
class Least:
    """No pattern that satisfies the cuts loses less than `loss`; `hidden` is one that loses about so little."""

    loss: float
    hidden: Floats
    best: bool  # `hidden` loses `loss` itself


class Master:
    """A programme over the cells that may be hidden beside the unsafe ones; it grows by cuts."""

    def __init__(self, unsafe: Flags, may: Flags, weight: Floats) -> None:
        self.unsafe, self.cells = unsafe, np.flatnonzero(may & ~unsafe)
        self.cuts = 0
        self._column = np.full(len(unsafe), -1, dtype=np.int64)
        self._column[self.cells] = np.arange(len(self.cells))
        self._seen: set[tuple[int, bytes, bytes]] = set()
        self._weight = weight[self.cells]
        self._model = self._emptied()

    def _emptied(self) -> highspy.Highs:
        model, size = highspy.Highs(), len(self.cells)  # type: ignore[no-untyped-call]
        for option, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            model.setOptionValue(option, value)
        places = np.arange(size, dtype=np.int32)
        model.addVars(size, np.zeros(size), np.ones(size))
        model.changeColsCost(size, places, self._weight)
        return model

    def add(self, cut: Cut) -> bool:
        """Whether it was new."""
        key = (-1 if self.unsafe[cut.cell] else cut.cell, cut.cells.tobytes(), np.round(cut.parts, 9).tobytes())
        if key in self._seen:
            return False
        self._seen.add(key)
        columns, parts, least = self._column[cut.cells], cut.parts, 1.0
        if not self.unsafe[cut.cell]:
            columns, parts, least = np.append(columns, self._column[cut.cell]), np.append(parts, -1.0), 0.0
        self._model.addRow(least, highspy.kHighsInf, len(columns), columns.astype(np.int32), parts)
        self.cuts += 1
        return True

    def _run(self) -> None:
        self._model.run()
        if self._model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise CannotProtect(
                "Whatever is hidden beside them, some unsafe cells follow from what must be published: publish fewer"
                " tables, or merge categories."
            )

    def in_part(self) -> Least:
        if not len(self.cells):
            return self._only_unsafe()
        self._integer(highspy.HighsVarType.kContinuous)
        self._run()
        return Least(float(self._model.getInfo().objective_function_value), self._hidden(), best=True)

    def wholly(self, nodes: int) -> Least:
        """By branching so many times at most."""
        if not len(self.cells):
            return self._only_unsafe()
        self._integer(highspy.HighsVarType.kInteger)
        self._model.setOptionValue("mip_max_nodes", nodes)
        self._run()
        info = self._model.getInfo()
        best = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return Least(float(info.mip_dual_bound), np.round(self._hidden()), best)

    def rounded(self, loss: float) -> float:
        """The least loss that a pattern can have, when it has at least this one."""
        loss = max(loss - SLACK, 0.0)
        return float(np.ceil(loss)) if (self._weight == np.round(self._weight)).all() else loss

    def _only_unsafe(self) -> Least:
        return Least(0.0, self.unsafe.astype(np.float64), best=True)

    def _integer(self, kind: highspy.HighsVarType) -> None:
        places = np.arange(len(self.cells), dtype=np.int32)
        self._model.changeColsIntegrality(len(places), places, np.array([kind] * len(places)))

    def _hidden(self) -> Floats:
        hidden = self.unsafe.astype(np.float64)
        values = np.asarray(self._model.getSolution().col_value)
        if len(values):
            hidden[self.cells] = np.clip(values, 0.0, 1.0)
        return hidden
