"""Tables of amounts: sums of pay, bonuses or hours, with who contributes how much to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.tables import Integers, Layout, LinkedTables, from_records, holding
from evenstat.errors import InvalidCount

LARGEST = 2  # contributions kept for each cell, unless more are asked for


@dataclass(frozen=True, eq=False)
class Amounts:
    """Sums of whole amounts (pence) over the cells of a layout. Never for the public.

    `people` counts the contributors, those of nothing too. `largest` is cells x contributions, from the largest down.
    `each` has the amount of every contributor, ordered by cell: cell c has those from `starts[c]` to `starts[c + 1]`.
    """

    people: LinkedTables
    sums: Integers
    largest: Integers
    each: Integers
    starts: Integers

    @property
    def shape(self) -> Layout:
        return self.people.shape

    @property
    def contributors(self) -> Integers:
        return self.people.counts

    def of(self, cell: int) -> Integers:
        """What each contributor to the cell brings, in rising order."""
        return self.each[self.starts[cell] : self.starts[cell + 1]]


def amounts(
    shape: Layout, categories: Mapping[str, Sequence[str]], values: Sequence[int], *, largest: int = LARGEST
) -> Amounts:
    """Sums of amounts from people, one record each.

    Args:
        shape: the cells to publish.
        categories: for each dimension the category of every person.
        values: what each has, as a whole number that is not negative: money in pence.
        largest: how many of the largest contributions a rule of dominance looks at, 2 at least.

    Raises:
        InvalidCount: an amount is negative or no whole number. InvalidInput: a category that its dimension lacks.
    """
    each = _whole_amounts(values)
    cells = holding(shape, categories, len(each))
    at = cells.ravel()
    every = np.repeat(each, cells.shape[1])[at >= 0]
    at = at[at >= 0]
    order = np.lexsort((every, at))
    at, every = at[order], every[order]
    starts = np.searchsorted(at, np.arange(len(shape) + 1))
    sums = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(every)])
    people = from_records(shape, categories, [1] * len(each))
    return Amounts(
        people, sums[starts[1:]] - sums[starts[:-1]], _largest(every, starts, max(largest, 2)), every, starts
    )


def _whole_amounts(values: Sequence[int]) -> Integers:
    each = np.asarray(values)
    if len(each) and not np.issubdtype(each.dtype, np.integer):
        raise InvalidCount("Amounts are whole numbers: give money in pence.")
    if (each < 0).any():
        at = int(np.argmax(each < 0))
        raise InvalidCount(f"Record {at + 1} has an amount of {each[at]}: an amount is 0 or more.")
    return each.astype(np.int64)


def _largest(every: Integers, starts: Integers, number: int) -> Integers:
    """0 where a cell has fewer contributors."""
    places = starts[1:, None] - 1 - np.arange(number)
    within = places >= starts[:-1, None]
    return np.where(within, every[np.where(within, places, 0)] if len(every) else 0, 0).astype(np.int64)
