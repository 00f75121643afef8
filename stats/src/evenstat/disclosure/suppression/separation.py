"""The separation problem: if a suppressed cell is not protected, a cut on the set of suppressed cells says so.

Multiply each additivity constraint by its dual and add them up: the result is 0 for every feasible perturbation. If the
suppressed cells cannot balance the coefficient of the queried cell, at least one other cell with a coefficient must be
suppressed. The duals come from an LP that changes the queried cell as far as the suppressed cells allow; a cell with
fractional suppression x between 0 and 1 may change in proportion.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np

from evenstat.disclosure.suppression.constraints import Floats, SumConstraints, simplex_solver
from evenstat.disclosure.suppression.search import SuppressionProblem
from evenstat.disclosure.tables import Flags, Integers

ZERO_TOLERANCE = 1e-8
MIN_VIOLATION = 1e-4
DENOMINATOR = 12.0  # duals close to multiples of 1/12 are rounded to them


@dataclass(frozen=True, slots=True)
class Cut:
    """If `cell` is suppressed, the `coefficients` of the suppressed `cells` add up to 1 or more."""

    cell: int
    cells: Integers
    coefficients: Floats

    def violation(self, suppressed: Floats) -> float:
        """By how much a pattern, perhaps with fractional suppressions, violates the cut."""
        return float(suppressed[self.cell] - self.coefficients @ suppressed[self.cells])


@dataclass(frozen=True, slots=True)
class _KnownPerturbation:
    """The cells that a perturbation protects from attackers who know none of its `changed_cells`."""

    cells: Flags
    changed_cells: Flags


class SeparationProblem:
    """Finds violated cuts for patterns, perhaps with fractional suppressions."""

    def __init__(self, problem: SuppressionProblem) -> None:
        shape, self.solves = problem.shape, 0
        self.problem = problem
        self.free = np.flatnonzero(~problem.must_publish)
        size = self._size = len(self.free)
        self._column = np.full(len(shape), -1, dtype=np.int64)
        self._column[self.free] = np.arange(size)
        self._max_decrease = np.maximum(problem.counts - problem.lower_bound, 0)[self.free].astype(np.float64)
        self._upper_protection = problem.requirements.upper_protection[self.free].astype(np.float64)
        self._always = (problem.primary | shape.unpublished)[self.free]
        self._constraints = SumConstraints(shape, ~problem.must_publish)
        max_decrease = np.zeros(len(shape))
        max_decrease[self.free] = self._max_decrease
        lp = self._constraints.lp(self.free, max_decrease)
        lp.col_cost_ = np.zeros(2 * size)
        self._model = simplex_solver(lp)
        self._model.setOptionValue("simplex_strategy", 4)  # primal simplex: the last basis stays feasible
        self.set_pattern(np.zeros(len(shape)))

    def set_pattern(self, suppressed: Floats) -> None:
        """Set the pattern for the following queries; primary cells are suppressed in every pattern."""
        self._suppressed = np.where(self._always, 1.0, suppressed[self.free])
        self._fully_suppressed = self._suppressed > 1.0 - 1e-6
        self._column_upper = np.concatenate(
            [
                np.where(self._fully_suppressed, highspy.kHighsInf, self._suppressed),
                np.where(
                    self._fully_suppressed, self._max_decrease, self._suppressed * np.minimum(self._max_decrease, 1.0)
                ),
            ]
        )
        places = np.arange(2 * self._size, dtype=np.int32)
        self._model.changeColsBounds(len(places), places, np.zeros(len(places)), self._column_upper)
        self._known_perturbations: list[_KnownPerturbation] = []

    def violated_cut(self, cell: int, upper_protection: float = 0.0, known_cells: Sequence[int] = ()) -> Cut | None:
        """A cut that the pattern violates if the cell is not protected from an attacker who knows `known_cells`."""
        at = int(self._column[cell])
        closed = [int(self._column[known]) for known in known_cells if self._column[known] >= 0]
        if at in closed or any(
            perturbation.cells[at] and not perturbation.changed_cells[closed].any()
            for perturbation in self._known_perturbations
        ):
            return None
        up = self._solve_direction(at, True, max(upper_protection, 1.0), closed)
        if up is None:
            return None
        down = (
            self._solve_direction(at, False, 1.0, closed)
            if not upper_protection and self._max_decrease[at] >= 1.0
            else up
        )
        if down is None:
            return None
        coefficients = np.maximum(up, down)
        places = np.flatnonzero(coefficients)
        return Cut(cell, self.free[places], coefficients[places])

    def _solve_direction(self, at: int, up: bool, change: float, closed: Sequence[int]) -> Floats | None:
        """The cut coefficients for an increase (or decrease) of the cell by `change`; None if the pattern already
        allows it.
        """
        column, opposite = (at, at + self._size) if up else (at + self._size, at)
        closed_columns = [
            opposite,
            *(column_of_known for known in closed for column_of_known in (known, known + self._size)),
        ]
        self._model.changeColCost(column, -1.0)
        self._model.changeColBounds(column, 0.0, change)
        for other in closed_columns:
            self._model.changeColBounds(other, 0.0, 0.0)
        self._model.run()
        self.solves += 1
        optimal = self._model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        objective = float(self._model.getInfo().objective_function_value) if optimal else -change
        duals = np.asarray(self._model.getSolution().row_dual)
        self._model.changeColCost(column, 0.0)
        for other in (column, *closed_columns):
            self._model.changeColBounds(other, 0.0, float(self._column_upper[other]))
        if -objective > change * self._suppressed[at] - MIN_VIOLATION:
            self._record(np.asarray(self._model.getSolution().col_value))
            return None
        return self._cut_coefficients(duals, at, change if up else -change, closed)

    def _record(self, values: Floats) -> None:
        """Cells that change enough here are protected from attackers who know none of the changed cells."""
        change = values[: self._size] - values[self._size :]
        enough = np.where(
            self._upper_protection > 0,
            change >= self._upper_protection * self._suppressed - MIN_VIOLATION,
            np.abs(change) >= self._suppressed - MIN_VIOLATION,
        )
        self._known_perturbations.append(
            _KnownPerturbation(enough & (self._suppressed > 0), np.abs(change) > ZERO_TOLERANCE)
        )

    def _cut_coefficients(self, duals: Floats, at: int, change: float, closed: Sequence[int]) -> Floats | None:
        """Derive a valid cut from the duals of the attacker LP. It is valid for any duals, so solver errors cannot make
        it wrong.
        """
        weights = self._constraints.dual_combination(_rationalised(duals))[self.free]
        deficit = -change * weights[at]
        increases, decreases = (
            weights > ZERO_TOLERANCE,
            np.where(weights < -ZERO_TOLERANCE, -weights * self._max_decrease, 0.0),
        )
        others = np.ones(self._size, dtype=bool)
        others[[at, *closed]] = False
        suppressed = others & self._fully_suppressed
        if (increases & suppressed).any():
            return None
        deficit -= float(decreases[suppressed].sum())
        if deficit <= MIN_VIOLATION * max(1.0, abs(change)):
            return None
        coefficients = np.where(increases, 1.0, np.minimum(decreases / deficit, 1.0))
        coefficients[~others | self._fully_suppressed] = 0.0
        return coefficients


def _rationalised(duals: Floats) -> Floats:
    scaled = np.round(duals * DENOMINATOR)
    close = bool((np.abs(duals * DENOMINATOR - scaled) < 1e-6).all())
    return scaled if close else duals * DENOMINATOR
