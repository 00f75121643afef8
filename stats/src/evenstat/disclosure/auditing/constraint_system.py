"""Everything that an attacker knows, as linear constraints on the unknown cells. It does not use how the tables
were protected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import NO_LIMIT, Integers, Publication
from evenstat.errors import InvalidCount

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statement:
    """A published figure calculated from several cells: the sum of coefficient times cell is between `low` and
    `high`.
    """

    cells: tuple[int, ...]
    coefficients: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ConstraintSystem:
    """A connected group of unknown cells with their constraints. Row r: its signs times its cells is between low and
    high.

    `cells` are numbers of the publication; `index` are positions in `cells`; `lower` and `upper` bound each cell.
    """

    cells: Integers
    lower: Floats
    upper: Floats
    starts: NDArray[np.int32]
    index: NDArray[np.int32]
    signs: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class _ConstraintRow:
    cells: tuple[int, ...]
    signs: tuple[float, ...]
    low: float
    high: float


def constraint_systems(
    published: Publication, suppressed_lower_bound: int, statements: Sequence[Statement] = ()
) -> list[ConstraintSystem]:
    """One system for each connected group of unknown cells.

    Args:
        published: what is published.
        suppressed_lower_bound: the value that this attacker knows every suppressed cell to have at least.
        statements: other published figures.

    Raises:
        InvalidCount: published counts do not add up.
    """
    lower = np.where(published.suppressed, np.maximum(published.low, suppressed_lower_bound), published.low)
    unknown = lower != published.high
    rows = dict.fromkeys(_sum_rows(published, lower, unknown))
    rows |= dict.fromkeys(_statement_rows(statements, lower, unknown))
    upper = np.where(published.high == NO_LIMIT, np.inf, published.high.astype(np.float64))
    return list(_connected_systems(list(rows), np.flatnonzero(unknown), lower.astype(np.float64), upper))


def _sum_rows(published: Publication, lower: Integers, unknown: NDArray[np.bool_]) -> Iterator[_ConstraintRow]:
    shape = published.shape
    for parent, children in shape.sums():
        below = children[unknown[children]]
        known_sum = int(lower[children[~unknown[children]]].sum())
        cells, signs = tuple(below.tolist()), (1.0,) * len(below)
        if unknown[parent]:
            yield _ConstraintRow((*cells, parent), (*signs, -1.0), -float(known_sum), -float(known_sum))
            continue
        left = float(lower[parent] - known_sum)
        if len(below):
            yield _ConstraintRow(cells, signs, left, left)
        elif left:
            raise InvalidCount(
                f"{shape.named(parent)} is {lower[parent]}, but its published parts add up to"
                f" {known_sum}. Correct the counts."
            )


def _statement_rows(
    statements: Sequence[Statement], lower: Integers, unknown: NDArray[np.bool_]
) -> Iterator[_ConstraintRow]:
    for statement in statements:
        pairs = list(zip(statement.cells, statement.coefficients, strict=True))
        known_sum = float(sum(by * lower[cell] for cell, by in pairs if not unknown[cell]))
        open_pairs = [pair for pair in pairs if unknown[pair[0]]]
        if open_pairs:
            cells, signs = zip(*open_pairs, strict=True)
            yield _ConstraintRow(cells, signs, statement.low - known_sum, statement.high - known_sum)


def _connected_systems(
    rows: Sequence[_ConstraintRow], unknown: Integers, lower: Floats, upper: Floats
) -> Iterator[ConstraintSystem]:
    leader = {int(cell): int(cell) for cell in unknown}

    def first(cell: int) -> int:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for row in rows:
        for cell in row.cells[1:]:
            leader[first(cell)] = first(row.cells[0])
    groups: dict[int, tuple[list[int], list[_ConstraintRow]]] = {}
    for cell in leader:
        groups.setdefault(first(cell), ([], []))[0].append(cell)
    for row in rows:
        groups[first(row.cells[0])][1].append(row)
    for cells, members in groups.values():
        yield _system(np.array(cells, dtype=np.int64), members, lower, upper)


def _system(cells: Integers, rows: Sequence[_ConstraintRow], lower: Floats, upper: Floats) -> ConstraintSystem:
    place = {cell: at for at, cell in enumerate(cells.tolist())}
    return ConstraintSystem(
        cells,
        lower[cells],
        upper[cells],
        np.cumsum([0, *(len(row.cells) for row in rows)]).astype(np.int32),
        np.array([place[cell] for row in rows for cell in row.cells], dtype=np.int32),
        np.array([sign for row in rows for sign in row.signs], dtype=np.float64),
        np.array([row.low for row in rows], dtype=np.float64),
        np.array([row.high for row in rows], dtype=np.float64),
    )
