"""The feasible perturbations found so far, and which suppressed cells each protects from which attacker.

An attacker is identified by the cells whose true values they know: attacker 0 knows none; the others are singletons,
who know every suppressed cell with a count of 1 that contains them. A suppressed cell is protected from an attacker if
some perturbation changes it and changes no cell that the attacker knows. Sets of attackers are stored as bit masks.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from evenstat.disclosure.suppression.perturbations import Perturbation
from evenstat.disclosure.tables import Flags, Integers

NO_ATTACKER = 0
OUTSIDER = 1  # the attacker who knows no suppressed cell
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class ProtectionRequirements:
    """Which cells to protect from which attackers. `known_cells` are the cells known to each attacker except the
    outsider.

    `upper_protection` is how far above its count each cell must seem possible to the outsider; 0 if any perturbation
    will do.
    """

    known_cells: tuple[Integers, ...]
    upper_protection: Integers


@dataclass(frozen=True, slots=True)
class _PooledPerturbation:
    cells: tuple[int, ...]
    protects_from: int  # attackers who know none of its cells
    raised_enough: frozenset[int]  # cells that it changes enough for the outsider


@dataclass(eq=False)
class PerturbationPool:
    """A set of perturbations that grows and shrinks with the pattern."""

    requirements: ProtectionRequirements
    _known_by: dict[int, int] = field(default_factory=dict)  # cell -> attackers who know it
    _all_attackers: int = OUTSIDER
    _pooled: dict[int, _PooledPerturbation] = field(default_factory=dict)
    _by_cell: dict[int, set[int]] = field(default_factory=dict)  # cell -> perturbations that change it
    _next_number: int = 0

    def __post_init__(self) -> None:
        if not self._known_by:
            for attacker, cells in enumerate(self.requirements.known_cells, 1):
                for cell in cells.tolist():
                    self._known_by[cell] = self._known_by.get(cell, NO_ATTACKER) | 1 << attacker
            self._all_attackers = (1 << len(self.requirements.known_cells) + 1) - 1

    def __len__(self) -> int:
        return len(self._pooled)

    def copy(self) -> "PerturbationPool":
        by_cell = {cell: set(numbers) for cell, numbers in self._by_cell.items() if numbers}
        return PerturbationPool(
            self.requirements, self._known_by, self._all_attackers, dict(self._pooled), by_cell, self._next_number
        )

    def add(self, perturbation: Perturbation) -> None:
        cells = tuple(perturbation.cells.tolist())
        attackers_aware = NO_ATTACKER
        for cell in cells:
            attackers_aware |= self._known_by.get(cell, NO_ATTACKER)
        upper_protection = self.requirements.upper_protection[perturbation.cells]
        raised_enough = perturbation.cells[
            (upper_protection == 0) | (perturbation.change >= upper_protection - TOLERANCE)
        ]
        self._store(
            self._next_number,
            _PooledPerturbation(cells, self._all_attackers & ~attackers_aware, frozenset(raised_enough.tolist())),
        )
        self._next_number += 1

    def remove(self, cells: Iterable[int]) -> dict[int, _PooledPerturbation]:
        """Remove and return the perturbations that change any of the cells: they are not feasible once these are
        published.
        """
        numbers = {number for cell in cells for number in self._by_cell.get(cell, ())}
        removed = {number: self._pooled.pop(number) for number in sorted(numbers)}
        for number, pooled in removed.items():
            for cell in pooled.cells:
                self._by_cell[cell].discard(number)
        return removed

    def restore(self, removed: dict[int, _PooledPerturbation]) -> None:
        for number, pooled in removed.items():
            self._store(number, pooled)

    def unprotected(self, cells: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The suppressed cells that are not protected from some attacker, as pairs of attacker (0 is the outsider)
        and cell.
        """
        for cell in cells:
            attackers = self._attackers_left(cell)
            if attackers:
                yield (attackers & -attackers).bit_length() - 1, cell

    def reduce(self) -> None:
        """Keep only the perturbations that are needed, smallest first."""
        order = sorted(self._pooled, key=lambda number: (len(self._pooled[number].cells), number))
        remaining = {cell: self._all_attackers & ~self._known_by.get(cell, NO_ATTACKER) for cell in self._by_cell}
        chosen: dict[int, _PooledPerturbation] = {}
        for number in order:
            pooled, helps = self._pooled[number], False
            for cell in pooled.cells:
                newly_protected = remaining[cell] & self._protected_from(pooled, cell)
                helps |= bool(newly_protected)
                remaining[cell] &= ~newly_protected
            if helps:
                chosen[number] = pooled
        self._pooled, self._by_cell = {}, {}
        self.restore(chosen)

    def suppressed_cells_of(self, removed: dict[int, _PooledPerturbation], suppressed: Flags) -> list[int]:
        """The suppressed cells that the removed perturbations changed."""
        return sorted({cell for pooled in removed.values() for cell in pooled.cells if suppressed[cell]})

    def _store(self, number: int, pooled: _PooledPerturbation) -> None:
        self._pooled[number] = pooled
        for cell in pooled.cells:
            self._by_cell.setdefault(cell, set()).add(number)

    def _attackers_left(self, cell: int) -> int:
        left = self._all_attackers & ~self._known_by.get(cell, NO_ATTACKER)
        for number in self._by_cell.get(cell, ()):
            left &= ~self._protected_from(self._pooled[number], cell)
            if not left:
                return NO_ATTACKER
        return left

    def _protected_from(self, pooled: _PooledPerturbation, cell: int) -> int:
        """The attackers from whom the perturbation protects the cell; for the outsider it must increase enough."""
        return pooled.protects_from if cell in pooled.raised_enough else pooled.protects_from & ~OUTSIDER


def singleton_attackers(known_cells: Collection[Integers], may_differ: Flags) -> tuple[Integers, ...]:
    """For each person, the cells that they know among those that may change; attackers with the same cells only
    once.
    """
    distinct = {tuple(cells[may_differ[cells]].tolist()): None for cells in known_cells}
    return tuple(np.array(cells, dtype=np.int64) for cells in distinct if cells)
