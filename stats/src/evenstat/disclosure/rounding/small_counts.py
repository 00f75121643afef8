"""Small count rounding: inner counts of small published cells become 0 or the base, and all cells are sums of these.

Everything adds up, no count between 0 and the base is published, and large counts change little.
"""

from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed_counts import PrintedCounts, counts_within
from evenstat.disclosure.rounding.solver import Floats
from evenstat.disclosure.tables import Flags, Integers, Layout, Records, cells_of_records
from evenstat.errors import CannotProtect

TRIES = 12  # each with more weight on cells that changed too much
SWAPS = 2_000


def round_small_counts(shape: Layout, counts: Integers, records: Records, policy: Policy, seed: int) -> PrintedCounts:
    """Raises CannotProtect if no choice within the policy's distance was found."""
    inner = _inner(shape, records, seed)
    weight = np.where(shape.unpublished, 0.0, 1.0)
    largest_change = 0
    for _ in range(TRIES):
        values = inner.printed_counts(_rounded_inner_counts(inner, policy.base, weight, shape.unpublished))
        change = np.abs(values - counts) * ~shape.unpublished
        largest_change = int(change.max())
        if not policy.distance or largest_change <= policy.distance:
            return _printed(shape, counts, values, policy, policy.distance or largest_change)
        weight = np.where(change > policy.distance, 2.0 * weight, weight)
    raise CannotProtect(
        f"{shape.named(int(change.argmax()))} changes by {largest_change} but the policy allows {policy.distance}. Use"
        f" a larger distance, a base smaller than {policy.base}, or publish fewer tables together."
    )


@dataclass(frozen=True, eq=False)
class _Inner:
    """Combinations that the tables distinguish: rows of `cells` (the last number is a placeholder for none) and
    their people.
    """

    cells: Integers
    people: Integers
    size: int

    def printed_counts(self, people: Integers) -> Integers:
        values = np.zeros(self.size + 1, dtype=np.int64)
        np.add.at(values, self.cells, people[:, None])
        return values[:-1]


def _inner(shape: Layout, records: Records, seed: int) -> _Inner:
    cells = cells_of_records(shape, records.categories, len(records.people))
    rows, row_of_record = np.unique(cells, axis=0, return_inverse=True)
    people = np.zeros(len(rows), dtype=np.int64)
    np.add.at(people, row_of_record.ravel(), np.asarray(records.people, dtype=np.int64))
    order = np.random.default_rng(seed).permutation(np.flatnonzero(people))  # so that ties do not favour a group
    rows = rows[order]
    return _Inner(np.where(rows < 0, len(shape), rows), people[order], len(shape))


def _rounded_inner_counts(inner: _Inner, base: int, weight: Floats, unpublished: Flags) -> Integers:
    """The published count of each combination: more are rounded until no published count is small."""
    people, rounds = inner.people, np.zeros(len(inner.people), dtype=bool)
    chosen = people
    while True:
        values = np.append(inner.printed_counts(chosen), 0)
        small = (values > 0) & (values < base) & ~np.append(unpublished, True)
        new_rounds = small[inner.cells].any(axis=1) & ~rounds & (chosen > 0) & (chosen < base)
        if not new_rounds.any():
            return chosen
        rounds |= new_rounds
        up = _rounded_up(inner.cells[rounds], people[rounds], base, np.append(weight, 0.0))
        chosen = people.copy()
        chosen[rounds] = up * base


def _rounded_up(cells: Integers, people: Integers, base: int, weight: Floats) -> Flags:
    """Which are rounded up to the base: one at a time, whichever brings the sums closest to the true ones; then
    swaps.
    """
    error = np.zeros(len(weight))
    np.add.at(error, cells, -people[:, None].astype(np.float64))
    up = np.zeros(len(cells), dtype=bool)
    own = base * base * weight[cells].sum(axis=1)
    for _ in range(len(cells) + SWAPS):
        pull = 2 * base * (weight * error)[cells].sum(axis=1)
        gain = np.where(up, own - pull, own + pull)
        best = int(gain.argmin())
        if gain[best] >= -1e-9:
            best = _swap(cells, up, gain, base, weight, error)
            if best < 0:
                return up
        error[cells[best]] += -base if up[best] else base
        up[best] = ~up[best]
    return up


def _swap(cells: Integers, up: Flags, gain: Floats, base: int, weight: Floats, error: Floats) -> int:
    """Make the first half of a swap that helps, and return the other half. -1: none."""
    for first in np.argsort(gain, kind="stable")[:20].tolist():
        by = -base if up[first] else base
        after = error.copy()
        after[cells[first]] += by
        pull = 2 * base * (weight * after)[cells].sum(axis=1)
        own = base * base * weight[cells].sum(axis=1)
        second = np.where(up, own - pull, own + pull)
        second[first] = np.inf
        other = int(second.argmin())
        if gain[first] + second[other] < -1e-9:
            error[cells[first]] += by
            up[first] = ~up[first]
            return other
    return -1


def _printed(shape: Layout, counts: Integers, values: Integers, policy: Policy, distance: int) -> PrintedCounts:
    low, high = counts_within(values, distance, zeros_published=True)
    single = _is_inner_cell(shape)  # one combination: a value other than 0 or the base is unchanged
    base = policy.base
    low = np.where(single & (values > base), values, low)
    high = np.where(single & (values > 0), values, np.where(single, np.minimum(high, base - 1), high))
    unmarked, secret = np.zeros(len(values), dtype=bool), (counts > 0) & (counts < base) & (low < high)
    return PrintedCounts(values, low, high, unmarked, secret, zeros_known=False)


def _is_inner_cell(shape: Layout) -> Flags:
    finest = [
        np.isin(shape.codes[:, axis], [dimension.position[code] for code in dimension.categories])
        for axis, dimension in enumerate(shape.dimensions)
    ]
    single: Flags = np.all(finest, axis=0)
    return single
