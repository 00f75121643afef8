"""How little could be hidden at best: a proof, to know how far from the best a pattern may be."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evenstat.disclosure.hiding.bound_cuts import VIOLATED, Exposure
from evenstat.disclosure.hiding.bound_master import Least, Master
from evenstat.disclosure.hiding.neighbours import Neighbours
from evenstat.disclosure.hiding.protect import Weight, chosen, posed, weights
from evenstat.disclosure.hiding.search import Problem
from evenstat.disclosure.policies import Attacker, Guarantee, Method, Policy
from evenstat.disclosure.tables import Integers, LinkedTables
from evenstat.errors import CannotProtect, UnknownPolicy

ASKED = 20_000  # programmes solved, unless asked otherwise
NODES = 500  # of a search for the best pattern that satisfies the cuts
IN_PART = 1e-4


@dataclass(frozen=True, slots=True)
class Bound:
    """Every safe pattern hides the `unsafe` cells, and others that weigh at least `beside`.

    `hidden` is the least number of hidden cells that follows where each weighs 1, and None for other weights.
    `reached`: a pattern that weighs just so much shows nothing to readers who count people in parts, so that the proof
    can't be bettered in this way. `cuts` are the conditions found, `solves` the programmes solved for them.
    """

    unsafe: int
    beside: float
    hidden: int | None
    reached: bool
    cuts: int
    solves: int


def bound(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    weight: Weight = Weight.CELLS,
    publish: Collection[int] = (),
    hide: Collection[int] = (),
    budget: int = ASKED,
) -> Bound:
    """The least that any safe pattern loses, proven.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: what is hidden is chosen anew and anew at the least loss that satisfies all conditions found so far, first
        of cells hidden in part (a linear programme), then wholly (by branching). A linear programme for each hidden
        cell and reader then finds what of it is exposed, and its dual values say which cells would help: one of these
        must be hidden. Any such condition holds for every safe pattern, so that the loss is never too high.

    Args:
        tables, policy, attacker, guarantee, weight, publish, hide: as given to `protect`.
        budget: programmes solved, but for those of branching; the same budget gives the same bound.

    Returns:
        A Bound. Compare `hidden` with the hidden cells of a pattern, or `beside` with the weight of those beside.

    Raises:
        CannotProtect: an unsafe cell follows from what must be published. UnknownPolicy: the policy rounds.

    Limits: a reader is taken to count people in parts, so that the best pattern may lose more than the bound. Large
        tables use up the budget before the bound is the best that this method gives; it holds all the same.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for conditions from dual values.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade, sex = flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])
    >>> records = {"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}
    >>> tables = from_records(layout([grade, sex], [["grade", "sex"]]), records, [3, 20, 30, 25, 40, 9])
    >>> bound(tables, policy("council_lt5")).hidden
    4
    """
    if policy.method is not Method.HIDE:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds and hides nothing: there is no loss to bound.")
    readers, promised = attacker or policy.withstands, guarantee or policy.guarantee
    problem = posed(
        tables, policy, readers, promised, weight, chosen(tables.shape, publish), chosen(tables.shape, hide)
    )
    return _Proof(replace(problem, weight=weights(tables.counts, weight)), budget).found(weight)


@dataclass(eq=False)
class _Proof:
    problem: Problem
    budget: int
    _near: dict[int, list[Integers]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        self._exposure = Exposure(problem)
        self._master = Master(problem.unsafe, ~problem.stays & ~problem.shape.behind, problem.weight)
        self._neighbours = Neighbours(problem.shape)

    def found(self, weight: Weight) -> Bound:
        loss, reached = 0.0, False
        for wholly, everybody in ((False, False), (True, False), (True, True)):
            if wholly and self._exposure.solves >= self.budget:
                break  # branching takes long where there are so many cuts, and adds little
            least = self._least(wholly)
            loss = max(loss, least.loss)
            while least.best and self._failed(least, everybody):
                least = self._least(wholly)
                loss = max(loss, least.loss)
            reached = least.best and self._exposure.solves < self.budget
        beside, unsafe = self._master.rounded(loss), int(self.problem.unsafe.sum())
        hidden = unsafe + round(beside) if weight is Weight.CELLS else None
        return Bound(unsafe, beside, hidden, reached, self._master.cuts, self._exposure.solves)

    def _least(self, wholly: bool) -> Least:
        return self._master.wholly(NODES) if wholly else self._master.in_part()

    def _failed(self, least: Least, everybody: bool) -> int:
        """New cuts that the pattern fails, one a cell: those who know more are asked once the outsider is satisfied."""
        added = 0
        self._exposure.look_at(least.hidden)
        for cell in np.flatnonzero(least.hidden > IN_PART).tolist():
            for rise, known in self._asked(cell, everybody):
                if self._exposure.solves >= self.budget:
                    return added
                cut = self._exposure.exposed(cell, rise, known)
                if cut is None:
                    continue
                if self.problem.unsafe[cell] and not len(cut.cells):
                    raise CannotProtect(f"{self.problem.shape.named(cell)} follows from what must be published.")
                if cut.lacks(least.hidden) > VIOLATED and self._master.add(cut):
                    added += 1
                    break
        return added

    def _asked(self, cell: int, everybody: bool) -> Iterator[tuple[float, Sequence[int]]]:
        yield float(self.problem.needs.rise[cell]), ()
        for known in self.problem.needs.known if everybody else self._who_is_near(cell):
            yield 0.0, known.tolist()

    def _who_is_near(self, cell: int) -> list[Integers]:
        if cell not in self._near:
            shared = self._neighbours.shared_sums(cell)
            self._near[cell] = [known for known in self.problem.needs.known if shared[known].any()]
        return self._near[cell]
