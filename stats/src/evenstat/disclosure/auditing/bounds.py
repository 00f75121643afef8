"""The smallest and largest value of each unknown cell of a constraint system: at most two LPs for each cell."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import highspy
import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.auditing.constraint_system import ConstraintSystem, Floats
from evenstat.disclosure.tables import Integers
from evenstat.errors import InvalidCount

TOLERANCE = 1e-6
MAX_KEPT_VALUES = 4_000_000  # values of feasible tables that are kept for singleton attackers
MINIMISE, MAXIMISE = 1.0, -1.0
LARGE = 2.0**20  # larger values (money instead of people) are scaled, because the solver's tolerance is absolute

Known = Mapping[int, int]  # position of a cell in the system -> its value


class RangeSolver:
    """Solves one system repeatedly, warm-started. `feasible_tables` are tables found on the way, one in each row."""

    def __init__(self, system: ConstraintSystem) -> None:
        self.system = system
        size = len(system.cells)
        self._unit = _unit(system)
        self._model = _model(system, self._unit)
        self._kept_tables: list[Floats] = []
        self._max_kept = max(MAX_KEPT_VALUES // max(size, 1), 2)

    @property
    def feasible_tables(self) -> Floats:
        return np.array(self._kept_tables).reshape(len(self._kept_tables), len(self.system.cells))

    def bounds(self) -> tuple[Floats, Floats]:
        """The lower and upper bound of each cell, before rounding inwards; infinite if there is none."""
        return self._tightened(
            range(len(self.system.cells)), _observed_range(self.feasible_tables, len(self.system.cells))
        )

    def approximate_bounds_knowing(self, known: Known) -> tuple[Floats, Floats]:
        """Ranges for an attacker who knows some cells, just precise enough to show which others they can work out.

        The range of a cell with more than one possible whole number is not extended to its ends.
        """
        places = np.array(list(known), dtype=np.int64)
        feasible_tables = self.feasible_tables
        agree = (np.abs(feasible_tables[:, places] - np.array(list(known.values()))) < TOLERANCE).all(axis=1)
        low, high = _observed_range(feasible_tables[agree], len(self.system.cells))
        low[places] = high[places] = list(known.values())
        with self._knowing(known):
            for at in np.flatnonzero(~_is_ambiguous(low, high)).tolist():
                if at not in known and not _is_ambiguous(low[at : at + 1], high[at : at + 1])[0]:
                    low, high = self._tightened([at], (low, high))
        return low, high

    def bounds_knowing(self, known: Known, places: Sequence[int]) -> tuple[Floats, Floats]:
        """The lower and upper bounds of the given cells for an attacker who knows some others."""
        size = len(self.system.cells)
        with self._knowing(known):
            low, high = self._tightened(places, (np.full(size, np.inf), np.full(size, -np.inf)))
        return low[places], high[places]

    @contextmanager
    def _knowing(self, known: Known) -> Iterator[None]:
        for place, value in known.items():
            self._model.changeColBounds(place, value / self._unit, value / self._unit)
        yield
        for place in known:
            lower, upper = self.system.lower[place], self.system.upper[place]
            self._model.changeColBounds(place, lower / self._unit, upper / self._unit)

    def _tightened(self, places: Sequence[int] | range, ranges: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        low, high = ranges
        for sense, best in ((MINIMISE, low), (MAXIMISE, high)):
            for place in places:
                limit = self.system.lower[place] if sense == MINIMISE else self.system.upper[place]
                if sense * best[place] <= sense * limit + TOLERANCE:
                    continue  # a feasible table with this value is already known
                values = self._optimum(place, sense)
                if values is None:
                    best[place] = -sense * np.inf
                    continue
                seen_low, seen_high = np.minimum(low, values), np.maximum(high, values)
                low[:], high[:] = seen_low, seen_high
        return low, high

    def _optimum(self, place: int, sense: float) -> Floats | None:
        """A feasible table in which the cell is smallest (or largest); None if it is unbounded."""
        self._model.changeColCost(place, sense)
        self._model.run()
        status = self._model.getModelStatus()
        self._model.changeColCost(place, 0.0)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            name = self._model.modelStatusToString(status).lower()
            raise InvalidCount(f"No counts fit the publication ({name}). Check that the counts add up.")
        values = _unscaled(np.asarray(self._model.getSolution().col_value), self._unit)
        if len(self._kept_tables) < self._max_kept:
            self._kept_tables.append(values)
        return values


def whole_numbers(low: Floats, high: Floats) -> tuple[Integers, Integers]:
    """The smallest and largest whole number within each range; the largest is -1 if there is no upper bound."""
    top = np.where(np.isinf(high), -1.0, np.floor(np.where(np.isinf(high), 0.0, high) + TOLERANCE))
    return np.ceil(low - TOLERANCE).astype(np.int64), top.astype(np.int64)


def _is_ambiguous(low: Floats, high: Floats) -> NDArray[np.bool_]:
    """Whether more than one whole number fits."""
    with np.errstate(invalid="ignore"):
        return np.floor(high + TOLERANCE) > np.ceil(low - TOLERANCE)


def _observed_range(feasible_tables: Floats, size: int) -> tuple[Floats, Floats]:
    if not len(feasible_tables):
        return np.full(size, np.inf), np.full(size, -np.inf)
    return feasible_tables.min(axis=0), feasible_tables.max(axis=0)


def _unit(system: ConstraintSystem) -> float:
    """A power of two, so that division is exact."""
    limits = np.concatenate([system.lower, system.upper, system.low, system.high])
    largest = float(np.abs(limits[np.isfinite(limits)]).max(initial=0.0))
    return float(2.0 ** np.ceil(np.log2(largest / LARGE))) if largest > LARGE else 1.0


def _unscaled(values: Floats, unit: float) -> Floats:
    """In the original unit; values within the solver's tolerance of a whole number are rounded to it."""
    if unit == 1.0:
        return values
    ones = values * unit
    return np.where(np.abs(ones - np.round(ones)) < TOLERANCE * unit, np.round(ones), ones)


def _model(system: ConstraintSystem, unit: float) -> highspy.Highs:
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, bool | int | str] = {
        "output_flag": False,
        "presolve": "off",
        "solver": "simplex",
        "simplex_strategy": 4,
        "threads": 1,
    }
    for option, value in options.items():  # primal simplex: the next query starts from the last basis
        model.setOptionValue(option, value)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(system.cells), len(system.low)
    lp.col_cost_ = np.zeros(len(system.cells))
    lp.col_lower_, lp.col_upper_ = system.lower / unit, system.upper / unit
    lp.row_lower_, lp.row_upper_ = system.low / unit, system.high / unit
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = system.starts
    lp.a_matrix_.index_ = system.index
    lp.a_matrix_.value_ = system.signs
    model.passModel(lp)
    return model
