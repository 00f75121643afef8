"""All that a reader knows, as rows over the cells that they do not know: nothing of how the tables were protected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables import NO_LIMIT, Integers, Publication
from evenstat.errors import InvalidCount

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statement:
    """A published figure that several cells make up: the sum of coefficient times cell is from `low` to `high`."""

    cells: tuple[int, ...]
    coefficients: tuple[float, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class System:
    """Cells tied together by rows that no known cell cuts apart. Row r: its signs times its cells is from low to high.

    `cells` are numbers of the publication; `index` are places in `cells`; `least` and `most` bound each cell.
    """

    cells: Integers
    least: Floats
    most: Floats
    starts: NDArray[np.int32]
    index: NDArray[np.int32]
    signs: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[int, ...]
    signs: tuple[float, ...]
    low: float
    high: float


def systems(published: Publication, least_hidden: int, statements: Sequence[Statement] = ()) -> list[System]:
    """One for each group of unknown cells that are tied together.

    Args:
        published: what is printed.
        least_hidden: what a hidden cell holds at least, for all that this reader knows.
        statements: figures printed beside the tables.

    Raises:
        InvalidCount: published counts do not add up.
    """
    least = np.where(published.hidden, np.maximum(published.low, least_hidden), published.low)
    unknown = least != published.high
    rows = dict.fromkeys(_sums(published, least, unknown))
    rows |= dict.fromkeys(_stated(statements, least, unknown))
    most = np.where(published.high == NO_LIMIT, np.inf, published.high.astype(np.float64))
    return list(_apart(list(rows), np.flatnonzero(unknown), least.astype(np.float64), most))


def _sums(published: Publication, least: Integers, unknown: NDArray[np.bool_]) -> Iterator[_Row]:
    shape = published.shape
    for parent, children in shape.sums():
        below = children[unknown[children]]
        known = int(least[children[~unknown[children]]].sum())
        cells, signs = tuple(below.tolist()), (1.0,) * len(below)
        if unknown[parent]:
            yield _Row((*cells, parent), (*signs, -1.0), -float(known), -float(known))
            continue
        left = float(least[parent] - known)
        if len(below):
            yield _Row(cells, signs, left, left)
        elif left:
            raise InvalidCount(
                f"{shape.named(parent)} is {least[parent]}, and its published parts add up to {known}: mend the counts."
            )


def _stated(statements: Sequence[Statement], least: Integers, unknown: NDArray[np.bool_]) -> Iterator[_Row]:
    for statement in statements:
        pairs = list(zip(statement.cells, statement.coefficients, strict=True))
        known = float(sum(by * least[cell] for cell, by in pairs if not unknown[cell]))
        open_pairs = [pair for pair in pairs if unknown[pair[0]]]
        if open_pairs:
            cells, signs = zip(*open_pairs, strict=True)
            yield _Row(cells, signs, statement.low - known, statement.high - known)


def _apart(rows: Sequence[_Row], unknown: Integers, least: Floats, most: Floats) -> Iterator[System]:
    leader = {int(cell): int(cell) for cell in unknown}

    def first(cell: int) -> int:
        while leader[cell] != cell:
            leader[cell] = leader[leader[cell]]
            cell = leader[cell]
        return cell

    for row in rows:
        for cell in row.cells[1:]:
            leader[first(cell)] = first(row.cells[0])
    groups: dict[int, tuple[list[int], list[_Row]]] = {}
    for cell in leader:
        groups.setdefault(first(cell), ([], []))[0].append(cell)
    for row in rows:
        groups[first(row.cells[0])][1].append(row)
    for cells, members in groups.values():
        yield _system(np.array(cells, dtype=np.int64), members, least, most)


def _system(cells: Integers, rows: Sequence[_Row], least: Floats, most: Floats) -> System:
    place = {cell: at for at, cell in enumerate(cells.tolist())}
    return System(
        cells,
        least[cells],
        most[cells],
        np.cumsum([0, *(len(row.cells) for row in rows)]).astype(np.int32),
        np.array([place[cell] for row in rows for cell in row.cells], dtype=np.int32),
        np.array([sign for row in rows for sign in row.signs], dtype=np.float64),
        np.array([row.low for row in rows], dtype=np.float64),
        np.array([row.high for row in rows], dtype=np.float64),
    )
