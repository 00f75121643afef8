"""Protection of linked tables: from true counts to what is hidden of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evenstat.disclosure.hiding.programmes import Floats
from evenstat.disclosure.hiding.search import Found, Problem, Progress, Search
from evenstat.disclosure.hiding.unsafe import unsafe_cells
from evenstat.disclosure.hiding.witnesses import Needs, readers
from evenstat.disclosure.policies import Attacker, Guarantee, Method, Policy
from evenstat.disclosure.tables import Flags, Integers, Layout, LinkedTables, Parts, Publication, suppressed
from evenstat.errors import CannotProtect, UnknownPolicy

BUDGET = 5_000  # programmes solved, unless asked otherwise


def never() -> bool:
    return False


class Weight(StrEnum):
    """What hiding a cell costs: 1 (between equals, the smaller cells go), its people, or the logarithm of 1 + these."""

    CELLS = "cells"
    PEOPLE = "people"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Loss:
    """What hiding cost. Never for the public: the number of people is made of true counts.

    `hidden` cells, of which `beside` are hidden for the sake of others; `people` in hidden cells, each table's own.
    """

    cells: int
    hidden: int
    beside: int
    people: int


@dataclass(frozen=True, eq=False)
class Pattern:
    """Which cells are hidden, why, and how that was found. Never for the public: `publication` is.

    `unsafe` cells are hidden by rule, the other hidden ones for the sake of these. `in_parts`: cells whose other tables
    count people in parts only, the search for whole ones having given up. `stopped`: another run may differ.
    """

    tables: LinkedTables
    policy: Policy
    attacker: Attacker
    guarantee: Guarantee
    unsafe: Flags
    hidden: Flags
    weight: Weight
    seed: int
    solves: int
    in_parts: tuple[int, ...]
    stopped: bool

    @property
    def loss(self) -> Loss:
        beside = int((self.hidden & ~self.unsafe).sum())
        people = int(self.tables.counts[self.hidden].sum())
        return Loss(int((~self.tables.shape.behind).sum()), int(self.hidden.sum()), beside, people)

    @property
    def publication(self) -> Publication:
        return suppressed(self.tables.shape, self.tables.counts, self.hidden, zeros_shown=self.policy.zeros_shown)


def protect(
    tables: LinkedTables,
    policy: Policy,
    *,
    attacker: Attacker | None = None,
    guarantee: Guarantee | None = None,
    weight: Weight = Weight.CELLS,
    publish: Collection[int] = (),
    hide: Collection[int] = (),
    seed: int = 0,
    budget: int = BUDGET,
    stop: Callable[[], bool] = never,
    progress: Progress | None = None,
) -> Pattern:
    """Linked tables with every unsafe cell hidden, and with whatever would give one away, at the least loss found.

    Population: people counted once each in the inner cells; the tables show sums of these.

    Method: a hidden cell is safe from a reader where another table in whole people, with another count there, would
        publish the same and agree with all that the reader knows. The cheapest such table is a linear programme (HiGHS)
        in which what is hidden already costs nothing. Then what is not needed is published again, and rounds open a
        part of the pattern and close it at other prices, until `budget` programmes are solved.

    Args:
        tables: the true counts.
        policy: which counts are unsafe; `attacker` and `guarantee` replace what it says of readers.
        weight: what is to be kept small: hidden cells, people in them, or the logarithm of these.
        publish: cells that must be shown, whatever the policy says, such as figures that the law asks for.
        hide: cells to be hidden besides.
        seed, budget: the same two give the same pattern on every machine.
        stop: asked between programmes; True ends the search with a safe pattern or none, and another run may differ.
        progress: called with what is being done, the hidden cells and the programmes solved.

    Returns:
        A Pattern. True zeros are always shown, unless the policy hides them.

    Raises:
        CannotProtect: cells to be published leave no room, or the search was stopped before anything safe was found.
        UnknownPolicy: the policy rounds instead of hiding.

    Limits: several people who pool what they know are not withstood, nor a reader who runs this program on every table
        that fits. How few cells could be hidden at best is what `bound` says.

    Source: Fischetti and Salazar 2001, https://doi.org/10.1287/mnsc.47.7.1008.9805, for the model of the reader.

    >>> from evenstat.disclosure import policy
    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade, sex = flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])
    >>> records = {"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}
    >>> tables = from_records(layout([grade, sex], [["grade", "sex"]]), records, [3, 20, 30, 25, 40, 9])
    >>> found = protect(tables, policy("council_lt5"))
    >>> [found.tables.shape.named(int(cell)) for cell in found.hidden.nonzero()[0]]
    ['G1 / F', 'G1 / M', 'G3 / F', 'G3 / M']
    """
    if policy.method is not Method.HIDE:
        raise UnknownPolicy(f"Policy {policy.id!r} rounds and hides nothing: use `rounded` with it.")
    attacker = attacker or policy.withstands
    guarantee = guarantee or policy.guarantee
    problem = posed(
        tables, policy, attacker, guarantee, weight, chosen(tables.shape, publish), chosen(tables.shape, hide)
    )
    found: Found = Search(problem, seed, budget, stop, progress).best()
    return Pattern(
        tables,
        policy,
        attacker,
        guarantee,
        problem.unsafe,
        found.hidden,
        weight,
        seed,
        found.solves,
        found.in_parts,
        found.stopped,
    )


def posed(
    tables: LinkedTables,
    policy: Policy,
    attacker: Attacker,
    guarantee: Guarantee,
    weight: Weight,
    publish: Flags,
    hide: Flags,
) -> Problem:
    counts, zeros_stay = tables.counts, policy.zeros_shown
    refuse_both(tables.shape, publish, hide)
    unsafe = (unsafe_cells(tables, policy) | hide) & ~publish
    behind = tables.shape.behind
    stays = publish | ((counts == 0) & ~hide & ~behind if zeros_stay else np.zeros(len(counts), dtype=bool))
    rule = unsafe_cells(tables, policy) & ~publish
    rise = np.where(rule, [guarantee.rise(int(count)) for count in counts], 0)
    known = known_to_people(tables, ~stays) if attacker is Attacker.C else ()
    least = np.where(behind, 0, 1 if zeros_stay and attacker is not Attacker.A else 0)
    return Problem(
        tables.shape,
        counts,
        unsafe,
        stays,
        weights(counts, weight) + _between_equals(counts, weight),
        Needs(known, rise),
        least,
    )


def known_to_people(tables: LinkedTables, may_differ: Flags) -> tuple[Integers, ...]:
    """For each person who is alone in a cell, what they know: it and every part of it."""
    parts, behind = Parts(tables.shape), tables.shape.behind
    return readers([parts.within(each[~behind[each]]) for each in tables.alone], may_differ)


def chosen(shape: Layout, cells: Collection[int]) -> Flags:
    flags = np.zeros(len(shape), dtype=bool)
    flags[list(cells)] = True
    return flags


def refuse_both(shape: Layout, publish: Flags, hide: Flags) -> None:
    both = np.flatnonzero(publish & hide)
    if len(both):
        raise CannotProtect(f"{shape.named(int(both[0]))} is to be both published and hidden: choose one.")


def weights(counts: Integers, weight: Weight) -> Floats:
    people = counts.astype(np.float64)
    return {Weight.CELLS: np.ones(len(people)), Weight.PEOPLE: people, Weight.LOG: np.log1p(people)}[weight]


def _between_equals(counts: Integers, weight: Weight) -> Floats:
    """What leads to the smaller of two cells that weigh the same; all of it together is less than one cell."""
    if weight is not Weight.CELLS:
        return np.zeros(len(counts))
    log = np.log1p(counts.astype(np.float64))
    return log / (2.0 * len(log) * max(float(log.max()), 1.0))
