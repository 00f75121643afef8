"""Conventional rounding: each count separately to the nearest multiple of the base. Sums need not add up."""

import numpy as np

from evenstat.disclosure.policies import Policy, Ties
from evenstat.disclosure.rounding.printed_counts import PrintedCounts
from evenstat.disclosure.tables import Integers


def round_to_nearest(counts: Integers, policy: Policy) -> PrintedCounts:
    """Small counts that the policy marks are published as a mark."""
    marked = (counts >= policy.suppress_from) & (counts <= policy.threshold)
    values = np.where(marked, 0, _multiples(counts, policy))
    low, high = _counts_published_as(values, policy)
    low, high = np.where(marked, policy.suppress_from, low), np.where(marked, policy.threshold, high)
    return PrintedCounts(
        values, low, high, marked, low < high, zeros_known=bool((high[(values == 0) & ~marked] == 0).all())
    )


def _multiples(counts: Integers, policy: Policy) -> Integers:
    quotient, remainder = np.divmod(counts, policy.base)
    tie_goes_up = (policy.ties is Ties.UP) | (quotient % 2 == 1)
    up = (2 * remainder > policy.base) | ((2 * remainder == policy.base) & tie_goes_up)
    return np.asarray((quotient + up) * policy.base, dtype=np.int64)


def _counts_published_as(values: Integers, policy: Policy) -> tuple[Integers, Integers]:
    """The smallest and largest count that is published as each value."""
    offsets = np.arange(-policy.base, policy.base + 1)
    low, high = values.copy(), values.copy()
    for value in np.unique(values):
        counts = value + offsets
        counts = counts[(counts >= 0) & ((counts < policy.suppress_from) | (counts > policy.threshold))]
        alike = counts[_multiples(counts, policy) == value]
        if len(alike):  # not for a 0 that represents a mark
            low[values == value], high[values == value] = alike.min(), alike.max()
    return low, high
