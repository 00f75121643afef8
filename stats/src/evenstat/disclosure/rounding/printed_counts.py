"""Published figures instead of true counts, and what can be derived from each figure alone."""

from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.tables import NO_LIMIT, Flags, Integers


@dataclass(frozen=True, eq=False)
class PrintedCounts:
    """One value for each cell. `marked` cells are published as a mark ("fewer than 5"); their `values` have no meaning.

    `low` and `high` bound the counts published so. `secret` are the counts that the figures together must not disclose.
    `zeros_known`: only a true zero is published as 0.
    """

    values: Integers
    low: Integers
    high: Integers
    marked: Flags
    secret: Flags
    zeros_known: bool


def printed_counts(values: Integers, low: Integers, high: Integers, *, zeros_known: bool = False) -> PrintedCounts:
    """Numbers only; every count that is not published exactly is secret."""
    return PrintedCounts(values, low, high, np.zeros(len(values), dtype=bool), low < high, zeros_known)


def counts_within(values: Integers, distance: int, *, zeros_published: bool) -> tuple[Integers, Integers]:
    """The counts within a distance of the published figure; if true zeros are published as 0, others are at least 1."""
    low = np.maximum(values - distance, np.where(zeros_published & (values > 0), 1, 0))
    return low.astype(np.int64), values + distance


def unlimited(like: Integers) -> Integers:
    return np.full(len(like), NO_LIMIT, dtype=np.int64)
