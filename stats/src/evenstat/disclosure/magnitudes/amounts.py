"""Tables of amounts: sums of pay, bonuses or hours, with the contributions to each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.tables import Integers, Layout, LinkedTables, cells_of_records, from_records
from evenstat.errors import InvalidCount

LARGEST = 2  # contributions kept for each cell by default


@dataclass(frozen=True, eq=False)
class Amounts:
    """Sums of whole amounts (pence) over the cells of a layout. Do not publish.

    `people` counts the contributors, including those with an amount of 0. `largest` is cells x contributions, in
    descending order. `contributions` has the amounts of all contributors, ordered by cell: cell c has those from
    `starts[c]` to `starts[c + 1]`.
    """

    people: LinkedTables
    sums: Integers
    largest: Integers
    contributions: Integers
    starts: Integers

    @property
    def shape(self) -> Layout:
        return self.people.shape

    @property
    def contributors(self) -> Integers:
        return self.people.counts

    def of(self, cell: int) -> Integers:
        """The contributions to the cell, in ascending order."""
        return self.contributions[self.starts[cell] : self.starts[cell + 1]]


def amounts(
    shape: Layout, categories: Mapping[str, Sequence[str]], values: Sequence[int], *, largest: int = LARGEST
) -> Amounts:
    """Sums of amounts from one record for each person.

    Args:
        shape: the cells to publish.
        categories: for each dimension the category of every person.
        values: the amount of each person, whole and not negative: money in pence.
        largest: how many of the largest contributions a dominance rule uses, at least 2.

    Raises:
        InvalidCount: an amount is negative or not a whole number. InvalidInput: a category that its dimension lacks.
    """
    contributions = _whole_amounts(values)
    cells = cells_of_records(shape, categories, len(contributions))
    at = cells.ravel()
    contributions_by_cell = np.repeat(contributions, cells.shape[1])[at >= 0]
    at = at[at >= 0]
    order = np.lexsort((contributions_by_cell, at))
    at, contributions_by_cell = at[order], contributions_by_cell[order]
    starts = np.searchsorted(at, np.arange(len(shape) + 1))
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(contributions_by_cell)])
    people = from_records(shape, categories, [1] * len(contributions))
    return Amounts(
        people,
        sums[starts[1:]] - sums[starts[:-1]],
        _largest(contributions_by_cell, starts, max(largest, 2)),
        contributions_by_cell,
        starts,
    )


def _whole_amounts(values: Sequence[int]) -> Integers:
    contributions = np.asarray(values)
    if len(contributions) and not np.issubdtype(contributions.dtype, np.integer):
        raise InvalidCount("Amounts must be whole numbers: give money in pence.")
    if (contributions < 0).any():
        at = int(np.argmax(contributions < 0))
        raise InvalidCount(f"Record {at + 1} has an amount of {contributions[at]}. Amounts cannot be negative.")
    return contributions.astype(np.int64)


def _largest(contributions_by_cell: Integers, starts: Integers, number: int) -> Integers:
    """0 if a cell has fewer contributors."""
    places = starts[1:, None] - 1 - np.arange(number)
    within = places >= starts[:-1, None]
    return np.where(
        within, contributions_by_cell[np.where(within, places, 0)] if len(contributions_by_cell) else 0, 0
    ).astype(np.int64)
