"""The differences found so far, and which hidden cells each keeps from which reader.

A reader is known here by the cells whose true value they know: the first knows none; the others are people who are
alone in a cell, and so know every hidden cell of one that they are in. A hidden cell is kept from a reader when some
difference changes it and changes nothing that the reader knows. Sets of readers are the bits of a whole number.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.hiding.differences import Difference
from evenstat.disclosure.tables import Flags, Integers

NOBODY = 0
OUTSIDER = 1  # the reader who knows no hidden cell
ENOUGH = 1e-6


@dataclass(frozen=True, slots=True)
class Needs:
    """What must be kept from whom. `known` are the cells that each reader but the outsider knows.

    `rise` is how far above its count each cell must seem possible to the outsider; 0 where any difference will do.
    """

    known: tuple[Integers, ...]
    rise: Integers


@dataclass(frozen=True, slots=True)
class _Witness:
    cells: tuple[int, ...]
    reaches: int  # readers who know none of its cells
    rises: frozenset[int]  # cells that it changes far enough for the outsider


@dataclass(eq=False)
class Witnesses:
    """A set of differences that grows and shrinks with the pattern."""

    needs: Needs
    _knows: dict[int, int] = field(default_factory=dict)  # cell -> readers who know it
    _everyone: int = OUTSIDER
    _held: dict[int, _Witness] = field(default_factory=dict)
    _through: dict[int, set[int]] = field(default_factory=dict)  # cell -> witnesses that change it
    _next: int = 0

    def __post_init__(self) -> None:
        if not self._knows:
            for reader, cells in enumerate(self.needs.known, 1):
                for cell in cells.tolist():
                    self._knows[cell] = self._knows.get(cell, NOBODY) | 1 << reader
            self._everyone = (1 << len(self.needs.known) + 1) - 1

    def __len__(self) -> int:
        return len(self._held)

    def copy(self) -> "Witnesses":
        through = {cell: set(those) for cell, those in self._through.items() if those}
        return Witnesses(self.needs, self._knows, self._everyone, dict(self._held), through, self._next)

    def add(self, difference: Difference) -> None:
        cells = tuple(difference.cells.tolist())
        touched = NOBODY
        for cell in cells:
            touched |= self._knows.get(cell, NOBODY)
        rise = self.needs.rise[difference.cells]
        rises = difference.cells[(rise == 0) | (difference.by >= rise - ENOUGH)]
        self._hold(self._next, _Witness(cells, self._everyone & ~touched, frozenset(rises.tolist())))
        self._next += 1

    def withdraw(self, cells: Iterable[int]) -> dict[int, _Witness]:
        """Those that change any of the cells, taken out: what no longer holds once they are published."""
        gone = {which for cell in cells for which in self._through.get(cell, ())}
        taken = {which: self._held.pop(which) for which in sorted(gone)}
        for which, witness in taken.items():
            for cell in witness.cells:
                self._through[cell].discard(which)
        return taken

    def restore(self, taken: dict[int, _Witness]) -> None:
        for which, witness in taken.items():
            self._hold(which, witness)

    def waiting(self, cells: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Of these hidden cells, those that are not kept from somebody: reader (0 is the outsider) and cell."""
        for cell in cells:
            readers = self._unkept(cell)
            if readers:
                yield (readers & -readers).bit_length() - 1, cell

    def fewest(self) -> None:
        """Keep only what is needed, the simplest first."""
        order = sorted(self._held, key=lambda which: (len(self._held[which].cells), which))
        unkept = {cell: self._everyone & ~self._knows.get(cell, NOBODY) for cell in self._through}
        chosen: dict[int, _Witness] = {}
        for which in order:
            witness, helps = self._held[which], False
            for cell in witness.cells:
                news = unkept[cell] & self._keeps(witness, cell)
                helps |= bool(news)
                unkept[cell] &= ~news
            if helps:
                chosen[which] = witness
        self._held, self._through = {}, {}
        self.restore(chosen)

    def lost(self, taken: dict[int, _Witness], hidden: Flags) -> list[int]:
        """Hidden cells that the withdrawn differences changed."""
        return sorted({cell for each in taken.values() for cell in each.cells if hidden[cell]})

    def _hold(self, which: int, witness: _Witness) -> None:
        self._held[which] = witness
        for cell in witness.cells:
            self._through.setdefault(cell, set()).add(which)

    def _unkept(self, cell: int) -> int:
        left = self._everyone & ~self._knows.get(cell, NOBODY)
        for which in self._through.get(cell, ()):
            left &= ~self._keeps(self._held[which], cell)
            if not left:
                return NOBODY
        return left

    def _keeps(self, witness: _Witness, cell: int) -> int:
        """The readers from whom the difference keeps the cell; the outsider must see it rise far enough."""
        return witness.reaches if cell in witness.rises else witness.reaches & ~OUTSIDER


def readers(known_cells: Collection[Integers], may_differ: Flags) -> tuple[Integers, ...]:
    """For each person, what they know of the cells that may differ; nobody who knows the same cells twice."""
    known = {tuple(each[may_differ[each]].tolist()): None for each in known_cells}
    return tuple(np.array(cells, dtype=np.int64) for cells in known if cells)
