"""The smallest and largest value of each unknown cell of a system: two linear programmes a cell, or fewer."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.auditing.facts import Floats, System
from evenstat.disclosure.tables import Integers
from evenstat.errors import InvalidCount

TOLERANCE = 1e-6
KEPT = 4_000_000  # values of tables that fit, kept to answer for readers who know more
MINIMISE, MAXIMISE = 1.0, -1.0
LARGE = 2.0**20  # above it (money, not people) the solver is asked in larger units, or its own tolerance is too fine

Known = Mapping[int, int]  # place of a cell in the system -> what it holds


class Deducer:
    """Asks one system again and again, from the last answer on. `fitting` are tables found on the way, one a row."""

    def __init__(self, system: System) -> None:
        self.system = system
        size = len(system.cells)
        self._unit = _unit(system)
        self._model = _model(system, self._unit)
        self._kept: list[Floats] = []
        self._most_kept = max(KEPT // max(size, 1), 2)

    @property
    def fitting(self) -> Floats:
        return np.array(self._kept).reshape(len(self._kept), len(self.system.cells))

    def bounds(self) -> tuple[Floats, Floats]:
        """For each cell the least and the most, before rounding inwards; infinite where nothing limits it."""
        return self._narrowed(range(len(self.system.cells)), _spread(self.fitting, len(self.system.cells)))

    def several_knowing(self, known: Known) -> tuple[Floats, Floats]:
        """For a reader who knows some cells: just far enough to tell which others they know.

        The range of a cell that more than one whole number fits is not stretched to its ends.
        """
        places = np.array(list(known), dtype=np.int64)
        fitting = self.fitting
        agree = (np.abs(fitting[:, places] - np.array(list(known.values()))) < TOLERANCE).all(axis=1)
        low, high = _spread(fitting[agree], len(self.system.cells))
        low[places] = high[places] = list(known.values())
        with self._knowing(known):
            for at in np.flatnonzero(~_several(low, high)).tolist():
                if at not in known and not _several(low[at : at + 1], high[at : at + 1])[0]:
                    low, high = self._narrowed([at], (low, high))
        return low, high

    def bounds_knowing(self, known: Known, asked: Sequence[int]) -> tuple[Floats, Floats]:
        """The least and the most of the cells asked for, for a reader who knows some others."""
        size = len(self.system.cells)
        with self._knowing(known):
            low, high = self._narrowed(asked, (np.full(size, np.inf), np.full(size, -np.inf)))
        return low[asked], high[asked]

    @contextmanager
    def _knowing(self, known: Known) -> Iterator[None]:
        for place, value in known.items():
            self._model.changeColBounds(place, value / self._unit, value / self._unit)
        yield
        for place in known:
            least, most = self.system.least[place], self.system.most[place]
            self._model.changeColBounds(place, least / self._unit, most / self._unit)

    def _narrowed(self, places: Sequence[int] | range, found: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        low, high = found
        for sense, best in ((MINIMISE, low), (MAXIMISE, high)):
            for place in places:
                limit = self.system.least[place] if sense == MINIMISE else self.system.most[place]
                if sense * best[place] <= sense * limit + TOLERANCE:
                    continue  # a table that fits was seen with this already
                values = self._solved(place, sense)
                if values is None:
                    best[place] = -sense * np.inf
                    continue
                seen_low, seen_high = np.minimum(low, values), np.maximum(high, values)
                low[:], high[:] = seen_low, seen_high
        return low, high

    def _solved(self, place: int, sense: float) -> Floats | None:
        """The cells of a table where this one is least (or most); None where nothing limits it."""
        self._model.changeColCost(place, sense)
        self._model.run()
        status = self._model.getModelStatus()
        self._model.changeColCost(place, 0.0)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            name = self._model.modelStatusToString(status).lower()
            raise InvalidCount(f"No counts fit what is published ({name}): check that the counts add up.")
        values = _in_ones(np.asarray(self._model.getSolution().col_value), self._unit)
        if len(self._kept) < self._most_kept:
            self._kept.append(values)
        return values


def whole(low: Floats, high: Floats) -> tuple[Integers, Integers]:
    """The least and most whole number within each range; the most is -1 where there is no limit."""
    top = np.where(np.isinf(high), -1.0, np.floor(np.where(np.isinf(high), 0.0, high) + TOLERANCE))
    return np.ceil(low - TOLERANCE).astype(np.int64), top.astype(np.int64)


def _several(low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Whether more than one whole number fits."""
    with np.errstate(invalid="ignore"):
        return np.floor(high + TOLERANCE) > np.ceil(low - TOLERANCE)


def _spread(fitting: Floats, size: int) -> tuple[Floats, Floats]:
    if not len(fitting):
        return np.full(size, np.inf), np.full(size, -np.inf)
    return fitting.min(axis=0), fitting.max(axis=0)


def _unit(system: System) -> float:
    """A power of two, so that nothing is lost by dividing."""
    known = np.concatenate([system.least, system.most, system.low, system.high])
    largest = float(np.abs(known[np.isfinite(known)]).max(initial=0.0))
    return float(2.0 ** np.ceil(np.log2(largest / LARGE))) if largest > LARGE else 1.0


def _in_ones(values: Floats, unit: float) -> Floats:
    """Out of units, with what is a whole number but for the solver's tolerance made one."""
    if unit == 1.0:
        return values
    ones = values * unit
    return np.where(np.abs(ones - np.round(ones)) < TOLERANCE * unit, np.round(ones), ones)


def _model(system: System, unit: float) -> highspy.Highs:
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {
        "output_flag": False,
        "presolve": "off",
        "solver": "simplex",
        "simplex_strategy": 4,
        "threads": 1,
    }
    for option, value in options.items():  # primal simplex: the next question starts from the last answer
        model.setOptionValue(option, value)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(system.cells), len(system.low)
    programme.col_cost_ = np.zeros(len(system.cells))
    programme.col_lower_, programme.col_upper_ = system.least / unit, system.most / unit
    programme.row_lower_, programme.row_upper_ = system.low / unit, system.high / unit
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = system.starts
    programme.a_matrix_.index_ = system.index
    programme.a_matrix_.value_ = system.signs
    model.passModel(programme)
    return model
