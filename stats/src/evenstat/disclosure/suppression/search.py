"""The search for secondary suppressions: no suppressed cell can be derived, at the smallest loss found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.suppression.constraints import Floats
from evenstat.disclosure.suppression.feasible_perturbations import FeasiblePerturbations
from evenstat.disclosure.suppression.neighbours import Neighbours
from evenstat.disclosure.suppression.perturbation_pool import PerturbationPool, ProtectionRequirements
from evenstat.disclosure.suppression.perturbations import ZERO_TOLERANCE, Perturbation
from evenstat.disclosure.tables import Flags, Integers, Layout
from evenstat.errors import CannotProtect

MAX_REOPENED = 30  # maximum number of cells reopened in one round
TIE_WIDTH = 0.4  # of the smallest weight: a smaller difference in loss counts as a tie
PATIENCE = 150  # rounds without improvement before the search ends
EXTRA_CELLS_TRIED = 10  # further cells that a round tries to publish, besides those just suppressed

ProgressCallback = Callable[[str, int, int], None]  # stage, number of suppressed cells, number of LPs solved


class SearchStopped(Exception):
    """The caller has stopped the search; the current pattern is used if it is safe."""


@dataclass(frozen=True, slots=True)
class SuppressionProblem:
    """What to protect. Arrays have one value for each cell.

    `primary`: primary suppressions. `must_publish`: cells forced to be published (already published, required by law,
    or true zeros). `weight`: the loss of suppressing a cell. `requirements`: which cells to protect from which
    attackers. `lower_bound`: the value that a suppressed cell is known to have at least. `divisible`: the cells hold
    amounts instead of people, so that fractional changes count.
    """

    shape: Layout
    counts: Integers
    primary: Flags
    must_publish: Flags
    weight: Floats
    requirements: ProtectionRequirements
    lower_bound: Integers
    divisible: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A safe pattern, and how it was found."""

    suppressed: Flags
    solves: int
    non_integer: tuple[int, ...]  # cells for which only fractional perturbations are known
    stopped: bool


@dataclass(slots=True)
class _PatternState:
    suppressed: Flags
    pool: PerturbationPool

    def copy(self) -> "_PatternState":
        return _PatternState(self.suppressed.copy(), self.pool.copy())


@dataclass(eq=False)
class PatternSearch:
    """Build a first safe pattern, remove redundant suppressions, then improve it by local search.

    `budget` is the number of LPs solved; the same budget and seed give the same pattern on every machine, unless `stop`
    ends the search earlier.
    """

    problem: SuppressionProblem
    seed: int = 0
    budget: int = 2_000
    stop: Callable[[], bool] = lambda: False
    progress: ProgressCallback | None = None
    _non_integer: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem = self.problem
        self._perturbations = FeasiblePerturbations(
            problem.shape, problem.counts, problem.must_publish, problem.lower_bound, divisible=problem.divisible
        )
        self._guide = np.log1p(problem.counts.astype(np.float64))
        self._random = np.random.default_rng(self.seed)
        self._neighbours = Neighbours(problem.shape)
        self._tie_width = float(problem.weight.min()) * TIE_WIDTH

    def run(self) -> SearchResult:
        """Find a pattern.

        Raises:
            CannotProtect: the cells to be published leave no safe pattern, or the search was stopped before one was
            found.
        """
        state = _PatternState(self.problem.primary.copy(), PerturbationPool(self.problem.requirements))
        try:
            self._add_secondary(state, self._guide)
        except SearchStopped as stop:
            raise CannotProtect(
                "The search was stopped before a safe pattern was found: give it more time, merge categories, or"
                " publish fewer tables."
            ) from stop
        state.pool.reduce()
        stopped = False
        try:
            self._remove_redundant(state, self._heaviest_first(state))
            self._improve(state)
        except SearchStopped:
            stopped = True
        self._assert_protected(state)
        non_integer = tuple(sorted(cell for cell in self._non_integer if state.suppressed[cell]))
        return SearchResult(state.suppressed, self._perturbations.solves, non_integer, stopped)

    def _improve(self, best: _PatternState) -> None:
        """Run improvement rounds until the budget is used or there has been no improvement for a long time."""
        state, idle = best.copy(), 0
        while self._perturbations.solves < self.budget and idle < PATIENCE and self._secondary(state).any():
            idle += 1
            trial = self._improvement_round(state)
            if trial is None or self._loss(trial) > self._loss(state) + self._tie_width:
                continue
            state = trial  # a tie is accepted, to explore other patterns
            if self._loss(state) < self._loss(best) - ZERO_TOLERANCE:
                best.suppressed, best.pool, idle = state.suppressed.copy(), state.pool.copy(), 0
            self._report("improving the pattern", best.suppressed)

    def _zero_cost(self, state: _PatternState) -> Flags:
        """Cells that attackers do not see: changing them costs nothing."""
        return state.suppressed | self.problem.shape.unpublished

    def _secondary(self, state: _PatternState) -> Flags:
        return state.suppressed & ~self.problem.primary

    def _loss(self, state: _PatternState) -> float:
        return float(self.problem.weight[self._secondary(state)].sum())

    def _add_secondary(self, state: _PatternState, cost: Floats) -> None:
        """Add secondary suppressions until no attacker can recover a suppressed cell."""
        self._perturbations.set_costs(np.where(self._zero_cost(state), 0.0, cost))
        queue = self._smallest_first(np.flatnonzero(state.suppressed))
        while queue:
            cell = queue.pop()
            for attacker, _ in state.pool.unprotected([cell]):
                self._check_stop()
                perturbation = self._protecting_perturbation(state, attacker, cell)
                added = perturbation.cells[~self._zero_cost(state)[perturbation.cells]]
                state.pool.add(perturbation)
                queue.append(cell)  # it may not yet be protected from other attackers
                if len(added):
                    state.suppressed[added] = True
                    self._perturbations.set_costs(np.where(self._zero_cost(state), 0.0, cost))
                    queue = self._smallest_first(np.union1d(np.array(queue), added))
            self._report("adding secondary suppressions", state.suppressed)

    def _smallest_first(self, cells: Integers) -> list[int]:
        order = np.argsort(self.problem.counts[cells], kind="stable")[::-1]
        return [int(cell) for cell in cells[order]]

    def _protecting_perturbation(self, state: _PatternState, attacker: int, cell: int) -> Perturbation:
        """A perturbation that protects the cell from the attacker, integer if there is one."""
        upper_protection, known_cells = self._requirement(attacker, cell)
        perturbation = self._perturbations.cheapest(cell, upper_protection=upper_protection, known_cells=known_cells)
        if perturbation is None:
            raise CannotProtect(self._refusal(attacker, cell))
        if perturbation.integer:
            return perturbation
        allowed = self._zero_cost(state)
        allowed[perturbation.cells] = True
        for suppressed in (allowed, None):
            integer = self._perturbations.integer_perturbation(
                cell, upper_protection=upper_protection, known_cells=known_cells, suppressed=suppressed
            )
            if integer is not None:
                return integer
        if not self._perturbations.gave_up:
            raise CannotProtect(self._refusal(attacker, cell))
        self._non_integer.add(cell)
        return perturbation

    def _refusal(self, attacker: int, cell: int) -> str:
        suffix = " by somebody who is alone in a group" if attacker else ""
        return f"{self.problem.shape.named(cell)} can be derived from cells that must be published{suffix}."

    def _remove_redundant(self, state: _PatternState, candidates: Iterable[int]) -> None:
        """Publish again the suppressed cells that are not needed, one at a time."""
        for cell in candidates:
            self._check_stop()
            removed = state.pool.remove([cell])
            state.suppressed[cell] = False
            if not self._still_protected(state, state.pool.suppressed_cells_of(removed, state.suppressed)):
                state.suppressed[cell] = True
                state.pool.restore(removed)
            self._report("removing redundant suppressions", state.suppressed)

    def _still_protected(self, state: _PatternState, cells: Iterable[int]) -> bool:
        """Whether these cells stay protected from every attacker without further suppressions. Adds to the pool."""
        zero_cost = self._zero_cost(state)
        for cell in cells:
            while unprotected := next(state.pool.unprotected([cell]), None):
                upper_protection, known_cells = self._requirement(unprotected[0], cell)
                perturbation = self._perturbations.within_pattern(
                    cell, zero_cost, upper_protection=upper_protection, known_cells=known_cells
                )
                if perturbation is None:
                    return False
                state.pool.add(perturbation)
        return True

    def _is_protected(self, state: _PatternState) -> bool:
        return next(state.pool.unprotected(np.flatnonzero(state.suppressed).tolist()), None) is None

    def _improvement_round(self, state: _PatternState) -> _PatternState | None:
        """Publish a few neighbouring cells, protect the pattern again at random costs, and remove redundant
        suppressions.
        """
        trial, random = state.copy(), self._random
        reopened = self._cells_to_reopen(state)
        trial.pool.remove(reopened.tolist())
        trial.suppressed[reopened] = False
        power, spread = random.choice([0.0, 0.5, 1.0, 1.0]), random.choice([0.3, 1.0, 3.0])
        self._add_secondary(trial, (self._guide**power) * (1.0 + spread * random.random(len(self._guide))))
        if self._loss(trial) > self._loss(state) + 2.0 * float(np.median(self.problem.weight[reopened])):
            return None
        added = np.flatnonzero(trial.suppressed & ~state.suppressed)
        others = random.permutation(np.flatnonzero(self._secondary(trial)))[:EXTRA_CELLS_TRIED]
        self._remove_redundant(trial, random.permutation(np.union1d(added, others)).tolist())
        if len(trial.pool) > 2 * len(state.pool) + 50:
            trial.pool.reduce()
        return trial

    def _cells_to_reopen(self, state: _PatternState) -> Integers:
        secondary = np.flatnonzero(self._secondary(state))
        size = int(self._random.integers(3, max(4, min(MAX_REOPENED, len(secondary) // 3)) + 1))
        centre = int(self._random.choice(secondary))
        near = self._neighbours.shared_sums(centre)[secondary]
        order = np.argsort(-(near + 0.9 * self._random.random(len(secondary))), kind="stable")
        return secondary[order[:size]]

    def _heaviest_first(self, state: _PatternState) -> list[int]:
        cells = np.flatnonzero(self._secondary(state))
        order = -(self.problem.weight[cells] * self._guide[cells] + 0.3 * self._random.random(len(cells)))
        return [int(cell) for cell in cells[np.argsort(order, kind="stable")]]

    def _requirement(self, attacker: int, cell: int) -> tuple[float, list[int]]:
        requirements = self.problem.requirements
        if attacker == 0:
            return float(requirements.upper_protection[cell]), []
        return 0.0, [int(known) for known in requirements.known_cells[attacker - 1]]

    def _check_stop(self) -> None:
        if self.stop():
            raise SearchStopped

    def _report(self, stage: str, suppressed: Flags) -> None:
        if self.progress is not None:
            self.progress(stage, int(suppressed.sum()), self._perturbations.solves)

    def _assert_protected(self, state: _PatternState) -> None:
        assert self._is_protected(state)
        assert not (state.suppressed & self.problem.must_publish).any()
        assert state.suppressed[self.problem.primary].all()
