"""Conventional rounding: every count to the nearest multiple of the base, each on its own. Sums need not add up."""

import numpy as np

from evenstat.disclosure.policies import Policy, Ties
from evenstat.disclosure.rounding.printed import Printed
from evenstat.disclosure.tables import Integers


def to_nearest(counts: Integers, policy: Policy) -> Printed:
    """Small counts that the policy marks are marked."""
    marked = (counts >= policy.hide_from) & (counts <= policy.hide_to)
    values = np.where(marked, 0, _multiples(counts, policy))
    low, high = _printed_alike(values, policy)
    low, high = np.where(marked, policy.hide_from, low), np.where(marked, policy.hide_to, high)
    return Printed(values, low, high, marked, low < high, zeros_known=bool((high[(values == 0) & ~marked] == 0).all()))


def _multiples(counts: Integers, policy: Policy) -> Integers:
    times, left = np.divmod(counts, policy.base)
    tie_goes_up = (policy.ties is Ties.UP) | (times % 2 == 1)
    up = (2 * left > policy.base) | ((2 * left == policy.base) & tie_goes_up)
    return np.asarray((times + up) * policy.base, dtype=np.int64)


def _printed_alike(values: Integers, policy: Policy) -> tuple[Integers, Integers]:
    """The least and the most count that is printed as each value."""
    near = np.arange(-policy.base, policy.base + 1)
    low, high = values.copy(), values.copy()
    for value in np.unique(values):
        counts = value + near
        counts = counts[(counts >= 0) & ((counts < policy.hide_from) | (counts > policy.hide_to))]
        alike = counts[_multiples(counts, policy) == value]
        if len(alike):  # not so for a 0 that stands for a mark
            low[values == value], high[values == value] = alike.min(), alike.max()
    return low, high
