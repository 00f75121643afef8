"""Which counts rounded figures together disclose exactly, and which figures to withhold to prevent this.

A count is disclosed if no other count in its place fits all published figures. As in suppression, feasible
perturbations protect it: people added and removed so that every figure could still be published as it is. If there is
none, the cheapest perturbation that leaves the range of some figures shows which of these to withhold.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.rounding.alternative_counts import alternative_counts
from evenstat.disclosure.rounding.perturbations import CountPerturbation, CountPerturbationLP, count_ranges
from evenstat.disclosure.rounding.printed_counts import PrintedCounts
from evenstat.disclosure.tables import CellParts, Flags, Integers, Layout
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class RoundingDisclosures:
    """Figures withheld additionally, and which of the other counts some attacker can still work out exactly."""

    withheld: Flags
    exactly_disclosed: Integers


def find_disclosures(
    shape: Layout, counts: Integers, printed_counts: PrintedCounts, singletons: Collection[Integers], *, withhold: bool
) -> RoundingDisclosures:
    """What each attacker can work out: the outsider, who knows no count, and each of `singletons`, who knows those
    cells.

    The only person in a group also knows every smaller cell of it, and learns nothing about others from these.

    Args:
        withhold: withhold figures until nothing is disclosed exactly.

    Raises:
        CannotProtect: a count can be derived from figures published exactly, such as true zeros, and an attacker's
        knowledge.
    """
    feasible_ranges, parts = count_ranges(shape, counts, printed_counts), CellParts(shape)
    unprotected = _UnprotectedPairs(
        feasible_ranges.free & printed_counts.secret,
        [np.zeros(0, dtype=np.int64), *(parts.with_parts(cells) for cells in singletons)],
    )
    for perturbation in alternative_counts(feasible_ranges, unprotected.open_to_outsider):
        unprotected.mark_protected(perturbation)
    perturbation_lp = CountPerturbationLP(feasible_ranges, zeros_known=printed_counts.zeros_known)
    exactly_disclosed: set[int] = set()
    while (pair := unprotected.first()) is not None:
        attacker, cell = pair
        cheapest = perturbation_lp.cheapest(cell, unprotected.known[attacker])
        if cheapest is not None and (withhold or not len(cheapest.outside)):
            perturbation_lp.withhold(cheapest.outside)
            unprotected.mark_protected(cheapest)
        elif withhold:
            raise CannotProtect(
                f"{shape.named(cell)} can be derived from figures published exactly and an attacker's own knowledge."
            )
        else:
            exactly_disclosed.add(cell)
            unprotected.mark_disclosed(cell)
    return RoundingDisclosures(perturbation_lp.withheld, np.array(sorted(exactly_disclosed), dtype=np.int64))


@dataclass(eq=False)
class _UnprotectedPairs:
    """Which cells are not yet protected from which attacker: attackers x cells."""

    free: Flags
    known: list[Integers]
    _unprotected: Flags = field(init=False)
    _known: Flags = field(init=False)

    def __post_init__(self) -> None:
        self._known = np.zeros((len(self.known), len(self.free)), dtype=bool)
        for attacker, cells in enumerate(self.known):
            self._known[attacker, cells] = True
        self._unprotected = self.free & ~self._known

    def mark_protected(self, perturbation: CountPerturbation) -> None:
        """The perturbation protects the cells that it changes from attackers who know none of its cells."""
        unaware = np.flatnonzero(~self._known[:, perturbation.changed_cells].any(axis=1))
        self._unprotected[np.ix_(unaware, perturbation.changed)] = False

    def mark_disclosed(self, cell: int) -> None:
        """One attacker who can work it out is enough."""
        self._unprotected[:, cell] = False

    def open_to_outsider(self, cell: int) -> bool:
        return bool(self._unprotected[0, cell])

    def first(self) -> tuple[int, int] | None:
        attackers = np.flatnonzero(self._unprotected.any(axis=1))
        if not len(attackers):
            return None
        return int(attackers[0]), int(np.argmax(self._unprotected[attackers[0]]))
