"""True counts of linked tables, and publications of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables.layout import Integers, Key, Layout, summed
from evenstat.errors import InvalidCount, InvalidInput

Flags = NDArray[np.bool_]
NO_LIMIT = np.iinfo(np.int64).max  # nothing limits the count of the cell
MAX_LISTED = 20  # errors in one message


@dataclass(frozen=True, eq=False)
class LinkedTables:
    """The true count of every cell of a set of tables. Do not publish.

    `singletons` has, for each person who is the only one in some cell, all cells with a count of 1 that contain them:
    the suppressed cells that this person knows. In tables that were already tabulated, cells with a count of 1 are
    assumed to contain the same person if a sum links them.
    """

    shape: Layout
    counts: Integers
    singletons: tuple[Integers, ...]


@dataclass(frozen=True, eq=False)
class Publication:
    """A publication: each cell is between `low` and `high` (equal if the count is shown), and which cells are
    suppressed.

    `zeros_shown`: every true zero is shown, so a suppressed cell has a count of at least 1.
    """

    shape: Layout
    low: Integers
    high: Integers
    suppressed: Flags
    zeros_shown: bool = True


def suppress_cells(shape: Layout, counts: Integers, suppressed: Flags, *, zeros_shown: bool = True) -> Publication:
    """A publication of the counts with these cells suppressed."""
    unseen = suppressed | shape.unpublished
    low, high = np.where(unseen, 0, counts), np.where(unseen, NO_LIMIT, counts)
    return Publication(shape, low, high, suppressed & ~shape.unpublished, zeros_shown)


def from_records(shape: Layout, categories: Mapping[str, Sequence[str]], counts: Sequence[int]) -> LinkedTables:
    """Tables from inner cells: the number of people for each combination of categories.

    Args:
        shape: the cells to publish.
        categories: for each dimension the category of every record.
        counts: the number of people of each record, whole and not negative.

    Raises:
        InvalidCount: a count is negative. InvalidInput: a category that its dimension does not have.
    """
    people = np.asarray(counts, dtype=np.int64)
    if (people < 0).any():
        at = int(np.argmax(people < 0))
        raise InvalidCount(f"Record {at + 1} counts {people[at]} people. Counts cannot be negative.")
    total = summed(shape, categories, people.tolist())
    record = summed(shape, categories, np.where(people > 0, np.arange(len(people)) + 1, 0).tolist())
    return LinkedTables(
        shape, total, _grouped_by_person(np.flatnonzero(total == 1), record)
    )  # a cell with a count of 1 has one record


def from_tabulated(shape: Layout, counts: Mapping[Key, int]) -> LinkedTables:
    """Tables that are already tabulated, as councils publish them: every cell with its count, including margins.

    Raises:
        InvalidInput: a cell is missing, or no table has it.
        InvalidCount: a count is negative, or parts do not add up to their total; every such sum is named.
    """
    _refuse_unknown_cells(shape, counts)
    values = np.array([counts[shape.key(cell)] for cell in range(len(shape))], dtype=np.int64)
    negative = [shape.named(int(cell)) for cell in np.flatnonzero(values < 0)]
    if negative:
        raise InvalidCount(f"Counts cannot be negative: {_listed(negative)}.")
    refuse_inconsistent_sums(shape, values)
    return LinkedTables(shape, values, _linked_singletons(shape, values))


def refuse_inconsistent_sums(shape: Layout, counts: Integers) -> None:
    """Raises InvalidCount naming every total that is not the sum of its parts."""
    parts = np.add.reduceat(counts[shape.children], shape.starts[:-1]) if len(shape.parents) else shape.parents
    places = np.flatnonzero(parts != counts[shape.parents])
    wrong = [
        f"{shape.named(whole)} is {counts[whole]}, but its parts ({_parts(shape, at)}) add up to {parts[at]}"
        for at, whole in zip(places.tolist(), shape.parents[places].tolist(), strict=True)
    ]
    if wrong:
        raise InvalidCount(
            f"These margins do not add up: {_listed(wrong)}. Correct the counts, or leave the table out."
        )


def _parts(shape: Layout, at: int) -> str:
    parts = shape.children[shape.starts[at] : shape.starts[at + 1]].tolist()
    return ", ".join(shape.named(part) for part in parts[:3]) + (", …" if len(parts) > 3 else "")


def _refuse_unknown_cells(shape: Layout, counts: Mapping[Key, int]) -> None:
    unknown_cells = [" / ".join(key) for key in counts if key not in shape.number]
    if unknown_cells:
        raise InvalidInput(f"No table has the cell {_listed(unknown_cells)}. Correct its codes, or add the table.")
    missing = [shape.named(cell) for cell in range(len(shape)) if shape.key(cell) not in counts]
    if missing:
        raise InvalidInput(f"No count is given for {_listed(missing)}. Enter 0 if there is nobody.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MAX_LISTED
    return "; ".join(names[:MAX_LISTED]) + (f"; and {more} more" if more > 0 else "")


def _grouped_by_person(cells: Integers, person: Integers) -> tuple[Integers, ...]:
    """Cells with a count of 1, grouped by person."""
    ordered = cells[np.argsort(person[cells], kind="stable")]
    edges = np.flatnonzero(np.diff(person[ordered])) + 1
    return tuple(np.split(ordered, edges)) if len(ordered) else ()


def _linked_singletons(shape: Layout, counts: Integers) -> tuple[Integers, ...]:
    """Cells with a count of 1 linked by sums: if a total of 1 has a part of 1, it is the same person."""
    person = np.arange(len(shape), dtype=np.int64)
    whole = np.repeat(shape.parents, np.diff(shape.starts))
    same = (counts[whole] == 1) & (counts[shape.children] == 1)
    above, below = whole[same], shape.children[same]
    while True:
        least = person.copy()
        np.minimum.at(least, above, person[below])
        np.minimum.at(least, below, person[above])
        if (least == person).all():
            return _grouped_by_person(np.flatnonzero(counts == 1), person)
        person = least
