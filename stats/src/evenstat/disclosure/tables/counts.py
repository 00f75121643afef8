"""True counts of linked tables, and what of them a reader sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables.layout import Integers, Key, Layout, summed
from evenstat.errors import InvalidCount, InvalidInput

Flags = NDArray[np.bool_]
NO_LIMIT = np.iinfo(np.int64).max  # a hidden cell may hold any number of people
NAMED_AT_ONCE = 20  # mistakes, so that a message can be read


@dataclass(frozen=True, eq=False)
class LinkedTables:
    """The true count of every cell of a set of tables. Never for the public.

    `alone` has, for each person whom some cell of one holds, all cells of one that hold them: what this person knows of
    hidden cells. From tables already made up, cells of one are taken for the same person where a sum ties them.
    """

    shape: Layout
    counts: Integers
    alone: tuple[Integers, ...]


@dataclass(frozen=True, eq=False)
class Publication:
    """What is printed: each cell is from `low` to `high` (equal where a count is shown as it is), and which are hidden.

    `zeros_shown`: every true zero is printed as it is, so that a hidden cell holds somebody.
    """

    shape: Layout
    low: Integers
    high: Integers
    hidden: Flags
    zeros_shown: bool = True


def suppressed(shape: Layout, counts: Integers, hidden: Flags, *, zeros_shown: bool = True) -> Publication:
    """The counts, but for the hidden ones."""
    unseen = hidden | shape.behind
    low, high = np.where(unseen, 0, counts), np.where(unseen, NO_LIMIT, counts)
    return Publication(shape, low, high, hidden & ~shape.behind, zeros_shown)


def from_records(shape: Layout, categories: Mapping[str, Sequence[str]], counts: Sequence[int]) -> LinkedTables:
    """Tables from inner cells: how many people stand at each combination of categories.

    Args:
        shape: the cells to publish.
        categories: for each dimension the category of every record.
        counts: people of each record, whole and not negative.

    Raises:
        InvalidCount: a count is negative. InvalidInput: a category that its dimension does not have.
    """
    people = np.asarray(counts, dtype=np.int64)
    if (people < 0).any():
        at = int(np.argmax(people < 0))
        raise InvalidCount(f"Record {at + 1} counts {people[at]} people: a count is 0 or more.")
    total = summed(shape, categories, people.tolist())
    record = summed(shape, categories, np.where(people > 0, np.arange(len(people)) + 1, 0).tolist())
    return LinkedTables(shape, total, _together(np.flatnonzero(total == 1), record))  # a cell of one has one record


def from_tabulated(shape: Layout, counts: Mapping[Key, int]) -> LinkedTables:
    """Tables that are made up already, as councils publish them: every cell with its count, margins included.

    Raises:
        InvalidInput: a cell is missing, or no table has it.
        InvalidCount: a count is negative, or parts do not add up to their whole; every such sum is named.
    """
    _refuse_strangers(shape, counts)
    values = np.array([counts[shape.key(cell)] for cell in range(len(shape))], dtype=np.int64)
    negative = [shape.named(int(cell)) for cell in np.flatnonzero(values < 0)]
    if negative:
        raise InvalidCount(f"A count is 0 or more, and {_listed(negative)} is below.")
    refuse_what_does_not_add_up(shape, values)
    return LinkedTables(shape, values, _tied(shape, values))


def refuse_what_does_not_add_up(shape: Layout, counts: Integers) -> None:
    """Raises InvalidCount with every whole that is not the sum of its parts."""
    parts = np.add.reduceat(counts[shape.children], shape.starts[:-1]) if len(shape.parents) else shape.parents
    places = np.flatnonzero(parts != counts[shape.parents])
    wrong = [
        f"{shape.named(whole)} is {counts[whole]}, its parts ({_parts(shape, at)}) add up to {parts[at]}"
        for at, whole in zip(places.tolist(), shape.parents[places].tolist(), strict=True)
    ]
    if wrong:
        raise InvalidCount(f"These margins do not add up: {_listed(wrong)}. Mend the counts, or leave the table out.")


def _parts(shape: Layout, at: int) -> str:
    parts = shape.children[shape.starts[at] : shape.starts[at + 1]].tolist()
    return ", ".join(shape.named(each) for each in parts[:3]) + (", …" if len(parts) > 3 else "")


def _refuse_strangers(shape: Layout, counts: Mapping[Key, int]) -> None:
    strangers = [" / ".join(key) for key in counts if key not in shape.number]
    if strangers:
        raise InvalidInput(f"No table has the cell {_listed(strangers)}. Mend its codes, or name the table.")
    missing = [shape.named(cell) for cell in range(len(shape)) if shape.key(cell) not in counts]
    if missing:
        raise InvalidInput(f"No count is given for {_listed(missing)}. Write 0 where there is nobody.")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED_AT_ONCE
    return "; ".join(names[:NAMED_AT_ONCE]) + (f"; and {more} more" if more > 0 else "")


def _together(cells: Integers, person: Integers) -> tuple[Integers, ...]:
    """Cells of one, those of one person together."""
    ordered = cells[np.argsort(person[cells], kind="stable")]
    edges = np.flatnonzero(np.diff(person[ordered])) + 1
    return tuple(np.split(ordered, edges)) if len(ordered) else ()


def _tied(shape: Layout, counts: Integers) -> tuple[Integers, ...]:
    """Cells of one that a sum ties: where a whole of one has a part of one, it is the same person."""
    person = np.arange(len(shape), dtype=np.int64)
    whole = np.repeat(shape.parents, np.diff(shape.starts))
    same = (counts[whole] == 1) & (counts[shape.children] == 1)
    above, below = whole[same], shape.children[same]
    while True:
        least = person.copy()
        np.minimum.at(least, above, person[below])
        np.minimum.at(least, below, person[above])
        if (least == person).all():
            return _together(np.flatnonzero(counts == 1), person)
        person = least
