"""Which counts rounded figures, taken together, give away exactly, and what to withhold so that they do not.

A count is given away when no other count there fits all that is printed. As in hiding, what keeps it is a difference:
people added and taken so that every figure could still be printed as it is. Where there is none, the cheapest one that
leaves the range of some figures says which of these to withhold.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.rounding.differences import Difference, Differences, ranges
from evenstat.disclosure.rounding.outsider import fitting
from evenstat.disclosure.rounding.printed import Printed
from evenstat.disclosure.tables import Flags, Integers, Layout, Parts
from evenstat.errors import CannotProtect


@dataclass(frozen=True, eq=False)
class Exposed:
    """What is withheld besides, and which of the other counts some reader still works out exactly."""

    withheld: Flags
    exact: Integers


def exposed(shape: Layout, counts: Integers, printed: Printed, alone: Collection[Integers], *, mend: bool) -> Exposed:
    """What each reader works out: one who knows no count, and one for each of `alone`, who is alone in those cells.

    Who is alone in a group knows every smaller cell of it too, and learns nothing of others from these.

    Args:
        mend: withhold figures until nobody works anything out.

    Raises:
        CannotProtect: a count follows from what is printed as it is, such as true zeros, and what a reader knows.
    """
    known, parts = ranges(shape, counts, printed), Parts(shape)
    unkept = _Unkept(
        known.free & printed.secret, [np.zeros(0, dtype=np.int64), *(parts.within(each) for each in alone)]
    )
    for found in fitting(known, unkept.from_outsider):
        unkept.keep(found)
    differences = Differences(known, zeros_known=printed.zeros_known)
    exact: set[int] = set()
    while (pair := unkept.first()) is not None:
        reader, cell = pair
        cheapest = differences.cheapest(cell, unkept.known[reader])
        if cheapest is not None and (mend or not len(cheapest.outside)):
            differences.withhold(cheapest.outside)
            unkept.keep(cheapest)
        elif mend:
            raise CannotProtect(f"{shape.named(cell)} follows from what is printed as it is and what a reader knows.")
        else:
            exact.add(cell)
            unkept.give_up(cell)
    return Exposed(differences.withheld, np.array(sorted(exact), dtype=np.int64))


@dataclass(eq=False)
class _Unkept:
    """Which cells have yet to be kept from which reader: readers x cells."""

    free: Flags
    known: list[Integers]
    _waiting: Flags = field(init=False)
    _knows: Flags = field(init=False)

    def __post_init__(self) -> None:
        self._knows = np.zeros((len(self.known), len(self.free)), dtype=bool)
        for reader, cells in enumerate(self.known):
            self._knows[reader, cells] = True
        self._waiting = self.free & ~self._knows

    def keep(self, difference: Difference) -> None:
        """It keeps what it changes from whoever knows none of the cells that it touches."""
        unaware = np.flatnonzero(~self._knows[:, difference.touched].any(axis=1))
        self._waiting[np.ix_(unaware, difference.changed)] = False

    def give_up(self, cell: int) -> None:
        """One reader who knows it is enough."""
        self._waiting[:, cell] = False

    def from_outsider(self, cell: int) -> bool:
        return bool(self._waiting[0, cell])

    def first(self) -> tuple[int, int] | None:
        readers = np.flatnonzero(self._waiting.any(axis=1))
        if not len(readers):
            return None
        return int(readers[0]), int(np.argmax(self._waiting[readers[0]]))
