"""What is printed instead of true counts, and what a reader may conclude from each figure alone."""

from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.tables import NO_LIMIT, Flags, Integers


@dataclass(frozen=True, eq=False)
class Printed:
    """One value a cell. `marked` cells are printed as a mark ("fewer than 5"), and there `values` says nothing.

    `low` and `high` are what a count printed so may be. `secret` are the counts that figures must not give away
    together. `zeros_known`: nothing but a true zero is printed as 0.
    """

    values: Integers
    low: Integers
    high: Integers
    marked: Flags
    secret: Flags
    zeros_known: bool


def printed(values: Integers, low: Integers, high: Integers, *, zeros_known: bool = False) -> Printed:
    """Numbers alone, of which every count that is not printed as it is, is secret."""
    return Printed(values, low, high, np.zeros(len(values), dtype=bool), low < high, zeros_known)


def within(values: Integers, distance: int, *, zeros_stay: bool) -> tuple[Integers, Integers]:
    """The counts within a distance of what is printed; where true zeros are printed as 0, others are at least 1."""
    low = np.maximum(values - distance, np.where(zeros_stay & (values > 0), 1, 0))
    return low.astype(np.int64), values + distance


def unlimited(like: Integers) -> Integers:
    return np.full(len(like), NO_LIMIT, dtype=np.int64)
