"""Protection of linked tables: from true counts to a suppression pattern."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evenstat.disclosure.policies import Attacker, Guarantee, Method, Policy
from evenstat.disclosure.suppression.constraints import Floats
from evenstat.disclosure.suppression.perturbation_pool import ProtectionRequirements, singleton_attackers
from evenstat.disclosure.suppression.primary import primary_cells
from evenstat.disclosure.suppression.search import PatternSearch, ProgressCallback, SearchResult, SuppressionProblem
from evenstat.disclosure.tables import CellParts, Flags, Integers, Layout, LinkedTables, Publication, suppress_cells
from evenstat.errors import CannotProtect, UnknownPolicy

BUDGET = 5_000  # LPs solved by default


def never_stop() -> bool:
    return False


class Weight(StrEnum):
    """The cost of suppressing a cell: 1 (ties favour smaller cells), its count, or the logarithm of its count plus
    1.
    """

    CELLS = "cells"
    PEOPLE = "people"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class SuppressionLoss:
    """The loss from suppression. Do not publish: the number of people is derived from true counts.

    `suppressed` cells, of which `secondary` are secondary suppressions; `people` in suppressed cells, a person once for
    each suppressed cell that they are in.
    """

    cells: int
    suppressed: int
    secondary: int
    people: int


@dataclass(frozen=True, eq=False)
class Pattern:
    """Which cells are suppressed, why, and how the pattern was found. Do not publish: publish `publication`.

    `primary` cells are suppressed by the policy, the other suppressed cells to protect them. `non_integer`: cells for
    which only fractional perturbations are known, because the integer search gave up. `stopped`: another run may
    differ.
    """

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    guarantee: Guarantee
    primary: Flags
    suppressed: Flags
    weight: Weight
    seed: int
    solves: int
    non_integer: tuple[int, ...]
    stopped: bool

    @property
    def loss(self) -> SuppressionLoss:
        secondary = int((self.suppressed & ~self.primary).sum())
        people = int(self.tables.counts[self.suppressed].sum())
        return SuppressionLoss(
            int((~self.tables.shape.unpublished).sum()), int(self.suppressed.sum()), secondary, people
        )

    @property
    def publication(self) -> Publication:
        return suppress_cells(
            self.tables.shape, self.tables.counts, self.suppressed, zeros_shown=self.policy.zeros_shown
        )


def protect(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    weight: Weight = Weight.CELLS,
    publish: Collection[int] = (),
    suppress: Collection[int] = (),
    seed: int = 0,
    budget: int = BUDGET,
    stop: Callable[[], bool] = never_stop,
    progress: ProgressCallback | None = None,
) -> Pattern:
    """Linked tables with every primary cell suppressed and with secondary suppressions, at the smallest loss found.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: a suppressed cell is protected from an attacker if another table of whole counts, with a different count
        there, would be published in the same way and agrees with everything that the attacker knows. The cheapest such
        table is an LP (HiGHS) in which changes of suppressed cells cost nothing. Redundant suppressions are then
        removed, and local search reopens a part of the pattern and protects it again at perturbed costs, until `budget`
        LPs are solved.

    Args:
        tables: the true counts.
        policy: which counts are primary; `attacker` and `guarantee` replace those of the policy.
        weight: what to minimise: suppressed cells, people in them, or the logarithm of these.
        publish: cells that must be published whatever the policy says, such as figures that the law requires.
        suppress: further cells to suppress.
        seed, budget: the same values give the same pattern on every machine.
        stop: called between LPs; True ends the search with a safe pattern or none, and another run may differ.
        progress: called with the current stage, the number of suppressed cells and the number of LPs solved.

    Returns:
        A Pattern. True zeros are always shown unless the policy suppresses them.

    Raises:
        CannotProtect: the cells to be published leave no safe pattern, or the search was stopped before one was found.
        UnknownPolicy: the policy rounds instead of suppressing.

    Limits: it does not protect against attackers who pool what they know, nor against one who runs this program on
        every table that fits. `lower_bound` shows how few cells could be suppressed at best.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for the model of the attacker.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade, sex = flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])
    >>> records = {"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}
    >>> tables = from_records(layout([grade, sex], [["grade", "sex"]]), records, [3, 20, 30, 25, 40, 9])
    >>> pattern = protect(tables, policy("council_lt5"))
    >>> [pattern.tables.shape.named(int(cell)) for cell in pattern.suppressed.nonzero()[0]]
    ['G1 / F', 'G1 / M', 'G3 / F', 'G3 / M']
    """
    if policy.method is not Method.SUPPRESS:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds and does not suppress: use `round_tables` with it.")
    attacker = attacker or policy.attacker
    guarantee = guarantee or policy.guarantee
    problem = suppression_problem(
        tables,
        policy,
        attacker,
        guarantee,
        weight,
        cell_flags(tables.shape, publish),
        cell_flags(tables.shape, suppress),
    )
    result: SearchResult = PatternSearch(problem, seed, budget, stop, progress).run()
    return Pattern(
        tables,
        policy,
        attacker,
        guarantee,
        problem.primary,
        result.suppressed,
        weight,
        seed,
        result.solves,
        result.non_integer,
        result.stopped,
    )


def suppression_problem(
    tables: LinkedTables,
    policy: Policy,
    attacker: Attacker,
    guarantee: Guarantee,
    weight: Weight,
    publish: Flags,
    suppress: Flags,
) -> SuppressionProblem:
    counts, zeros_published = tables.counts, policy.zeros_shown
    refuse_contradiction(tables.shape, publish, suppress)
    primary = (primary_cells(tables, policy) | suppress) & ~publish
    unpublished = tables.shape.unpublished
    must_publish = publish | (
        (counts == 0) & ~suppress & ~unpublished if zeros_published else np.zeros(len(counts), dtype=bool)
    )
    by_policy = primary_cells(tables, policy) & ~publish
    upper_protection = np.where(by_policy, [guarantee.upper_protection(int(count)) for count in counts], 0)
    known_cells = known_to_singletons(tables, ~must_publish) if attacker is Attacker.SINGLETON else ()
    lower_bound = np.where(unpublished, 0, 1 if zeros_published and attacker is not Attacker.NON_NEGATIVE else 0)
    return SuppressionProblem(
        tables.shape,
        counts,
        primary,
        must_publish,
        weights(counts, weight) + _tie_breaker(counts, weight),
        ProtectionRequirements(known_cells, upper_protection),
        lower_bound,
    )


def known_to_singletons(tables: LinkedTables, may_differ: Flags) -> tuple[Integers, ...]:
    """For each singleton, the cells that they know: their own cells and all parts of these."""
    parts, unpublished = CellParts(tables.shape), tables.shape.unpublished
    return singleton_attackers(
        [parts.with_parts(cells[~unpublished[cells]]) for cells in tables.singletons], may_differ
    )


def cell_flags(shape: Layout, cells: Collection[int]) -> Flags:
    flags = np.zeros(len(shape), dtype=bool)
    flags[list(cells)] = True
    return flags


def refuse_contradiction(shape: Layout, publish: Flags, suppress: Flags) -> None:
    both = np.flatnonzero(publish & suppress)
    if len(both):
        raise CannotProtect(
            f"{shape.named(int(both[0]))} is listed both to be published and to be suppressed: choose one."
        )


def weights(counts: Integers, weight: Weight) -> Floats:
    people = counts.astype(np.float64)
    return {Weight.CELLS: np.ones(len(people)), Weight.PEOPLE: people, Weight.LOG: np.log1p(people)}[weight]


def _tie_breaker(counts: Integers, weight: Weight) -> Floats:
    """A small extra weight that prefers the smaller of two cells with equal weight; its total is less than one cell."""
    if weight is not Weight.CELLS:
        return np.zeros(len(counts))
    log = np.log1p(counts.astype(np.float64))
    return log / (2.0 * len(log) * max(float(log.max()), 1.0))
