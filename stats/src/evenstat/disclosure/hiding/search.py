"""Which cells to hide beside the unsafe ones, so that nothing hidden can be worked out, at the least loss found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.hiding.alternatives import Alternatives
from evenstat.disclosure.hiding.differences import SMALL, Difference
from evenstat.disclosure.hiding.neighbours import Neighbours
from evenstat.disclosure.hiding.programmes import Floats
from evenstat.disclosure.hiding.witnesses import Needs, Witnesses
from evenstat.disclosure.tables import Flags, Integers, Layout
from evenstat.errors import CannotProtect

LARGEST_OPENING = 30  # cells that one round publishes to hide better
AS_GOOD = 0.4  # of the lightest cell: patterns that differ by less are taken for equal
PATIENCE = 150  # rounds without a better pattern, after which the search ends
ALSO_TRIED = 10  # cells that a round tries to publish beside those that it has just hidden

Progress = Callable[[str, int, int], None]  # what is done, hidden cells of the best pattern, programmes solved


class Stopped(Exception):
    """The caller wants no more: what stands by then is used if it is safe."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be protected. Arrays are one value a cell.

    `unsafe` is so by rule; `stays` must be published (out already, asked for by law, or a true zero); `weight` is the
    loss of hiding a cell; `needs` says what must be kept from whom; `least` is what each cell, once hidden, is known to
    hold. `divisible`: the cells hold amounts, not people, so that parts of one count as a difference.
    """

    shape: Layout
    counts: Integers
    unsafe: Flags
    stays: Flags
    weight: Floats
    needs: Needs
    least: Integers
    divisible: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern that is safe, and how it was come by."""

    hidden: Flags
    solves: int
    in_parts: tuple[int, ...]  # cells for which no other table in whole people was found before the search gave up
    stopped: bool


@dataclass(slots=True)
class _State:
    hidden: Flags
    witnesses: Witnesses

    def copy(self) -> "_State":
        return _State(self.hidden.copy(), self.witnesses.copy())


@dataclass(eq=False)
class Search:
    """A first pattern, a clean-up, then rounds that open a part of it and close it better.

    `budget` is the number of programmes solved; the same budget and seed give the same pattern on every machine, unless
    `stop` says so first.
    """

    problem: Problem
    seed: int = 0
    budget: int = 2_000
    stop: Callable[[], bool] = lambda: False
    progress: Progress | None = None
    _in_parts: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem = self.problem
        self._alternatives = Alternatives(
            problem.shape, problem.counts, problem.stays, problem.least, divisible=problem.divisible
        )
        self._guide = np.log1p(problem.counts.astype(np.float64))
        self._random = np.random.default_rng(self.seed)
        self._neighbours = Neighbours(problem.shape)
        self._as_good = float(problem.weight.min()) * AS_GOOD

    def best(self) -> Found:
        """The hidden cells.

        Raises:
            CannotProtect: what must be published leaves no room, or the search was stopped before anything was safe.
        """
        state = _State(self.problem.unsafe.copy(), Witnesses(self.problem.needs))
        try:
            self._close(state, self._guide)
        except Stopped as early:
            raise CannotProtect(
                "The search was stopped before a safe pattern was found: give it more time, merge categories, or"
                " publish fewer tables."
            ) from early
        state.witnesses.fewest()
        stopped = False
        try:
            self._clean(state, self._by_loss(state))
            self._improve(state)
        except Stopped:
            stopped = True
        self._assert_closed(state)
        in_parts = tuple(sorted(each for each in self._in_parts if state.hidden[each]))
        return Found(state.hidden, self._alternatives.solves, in_parts, stopped)

    def _improve(self, best: _State) -> None:
        """Round after round, until the budget is used up or nothing better has come for long."""
        state, idle = best.copy(), 0
        while self._alternatives.solves < self.budget and idle < PATIENCE and self._beside(state).any():
            idle += 1
            trial = self._round(state)
            if trial is None or self._loss(trial) > self._loss(state) + self._as_good:
                continue
            state = trial  # one as good leads elsewhere
            if self._loss(state) < self._loss(best) - SMALL:
                best.hidden, best.witnesses, idle = state.hidden.copy(), state.witnesses.copy(), 0
            self._tell("looking for a pattern that hides less", best.hidden)

    def _unseen(self, state: _State) -> Flags:
        """What a reader does not see: a difference there costs nothing more."""
        return state.hidden | self.problem.shape.behind

    def _beside(self, state: _State) -> Flags:
        return state.hidden & ~self.problem.unsafe

    def _loss(self, state: _State) -> float:
        return float(self.problem.weight[self._beside(state)].sum())

    def _close(self, state: _State, cost: Floats) -> None:
        """Hide more until everything hidden is kept from every reader."""
        self._alternatives.price(np.where(self._unseen(state), 0.0, cost))
        queue = self._smallest_first(np.flatnonzero(state.hidden))
        while queue:
            cell = queue.pop()
            for reader, _ in state.witnesses.waiting([cell]):
                self._go_on()
                found = self._witness(state, reader, cell)
                fresh = found.cells[~self._unseen(state)[found.cells]]
                state.witnesses.add(found)
                queue.append(cell)  # perhaps not yet kept from others
                if len(fresh):
                    state.hidden[fresh] = True
                    self._alternatives.price(np.where(self._unseen(state), 0.0, cost))
                    queue = self._smallest_first(np.union1d(np.array(queue), fresh))
            self._tell("hiding what would give others away", state.hidden)

    def _smallest_first(self, cells: Integers) -> list[int]:
        order = np.argsort(self.problem.counts[cells], kind="stable")[::-1]
        return [int(each) for each in cells[order]]

    def _witness(self, state: _State, reader: int, cell: int) -> Difference:
        """A difference that keeps the cell from the reader, in whole people if there is any."""
        rise, known = self._asked(reader, cell)
        found = self._alternatives.cheapest(cell, rise=rise, known=known)
        if found is None:
            raise CannotProtect(self._follows(reader, cell))
        if found.whole:
            return found
        unseen = self._unseen(state)
        unseen[found.cells] = True
        for hidden in (unseen, None):
            whole = self._alternatives.in_whole_people(cell, rise=rise, known=known, hidden=hidden)
            if whole is not None:
                return whole
        if not self._alternatives.gave_up:
            raise CannotProtect(self._follows(reader, cell))
        self._in_parts.add(cell)
        return found

    def _follows(self, reader: int, cell: int) -> str:
        who = " for somebody who is alone in a group" if reader else ""
        return f"{self.problem.shape.named(cell)} follows from what must be published{who}."

    def _clean(self, state: _State, candidates: Iterable[int]) -> None:
        """Publish again what is not needed, one cell after another."""
        for cell in candidates:
            self._go_on()
            taken = state.witnesses.withdraw([cell])
            state.hidden[cell] = False
            if not self._holds(state, state.witnesses.lost(taken, state.hidden)):
                state.hidden[cell] = True
                state.witnesses.restore(taken)
            self._tell("publishing what need not be hidden", state.hidden)

    def _holds(self, state: _State, cells: Iterable[int]) -> bool:
        """Whether these can be kept from every reader with nothing more hidden; learns witnesses."""
        unseen = self._unseen(state)
        for cell in cells:
            while waiting := next(state.witnesses.waiting([cell]), None):
                rise, known = self._asked(waiting[0], cell)
                found = self._alternatives.among(cell, unseen, rise=rise, known=known)
                if found is None:
                    return False
                state.witnesses.add(found)
        return True

    def _safe(self, state: _State) -> bool:
        return next(state.witnesses.waiting(np.flatnonzero(state.hidden).tolist()), None) is None

    def _round(self, state: _State) -> _State | None:
        """Publish a few neighbouring cells, close the pattern at random prices, and clean up around."""
        trial, random = state.copy(), self._random
        opened = self._opening(state)
        trial.witnesses.withdraw(opened.tolist())
        trial.hidden[opened] = False
        power, spread = random.choice([0.0, 0.5, 1.0, 1.0]), random.choice([0.3, 1.0, 3.0])
        self._close(trial, (self._guide**power) * (1.0 + spread * random.random(len(self._guide))))
        if self._loss(trial) > self._loss(state) + 2.0 * float(np.median(self.problem.weight[opened])):
            return None
        fresh = np.flatnonzero(trial.hidden & ~state.hidden)
        others = random.permutation(np.flatnonzero(self._beside(trial)))[:ALSO_TRIED]
        self._clean(trial, random.permutation(np.union1d(fresh, others)).tolist())
        if len(trial.witnesses) > 2 * len(state.witnesses) + 50:
            trial.witnesses.fewest()
        return trial

    def _opening(self, state: _State) -> Integers:
        beside = np.flatnonzero(self._beside(state))
        size = int(self._random.integers(3, max(4, min(LARGEST_OPENING, len(beside) // 3)) + 1))
        centre = int(self._random.choice(beside))
        near = self._neighbours.shared_sums(centre)[beside]
        order = np.argsort(-(near + 0.9 * self._random.random(len(beside))), kind="stable")
        return beside[order[:size]]

    def _by_loss(self, state: _State) -> list[int]:
        cells = np.flatnonzero(self._beside(state))
        order = -(self.problem.weight[cells] * self._guide[cells] + 0.3 * self._random.random(len(cells)))
        return [int(each) for each in cells[np.argsort(order, kind="stable")]]

    def _asked(self, reader: int, cell: int) -> tuple[float, list[int]]:
        needs = self.problem.needs
        if reader == 0:
            return float(needs.rise[cell]), []
        return 0.0, [int(each) for each in needs.known[reader - 1]]

    def _go_on(self) -> None:
        if self.stop():
            raise Stopped

    def _tell(self, what: str, hidden: Flags) -> None:
        if self.progress is not None:
            self.progress(what, int(hidden.sum()), self._alternatives.solves)

    def _assert_closed(self, state: _State) -> None:
        assert self._safe(state)
        assert not (state.hidden & self.problem.stays).any()
        assert state.hidden[self.problem.unsafe].all()
