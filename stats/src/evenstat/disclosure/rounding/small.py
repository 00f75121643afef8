"""Small-count rounding: inner counts behind small published ones become 0 or the base, and all is added up from them.

Everything adds up, no count from 1 to one less than the base is printed, and large counts move little.
"""

from dataclasses import dataclass

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed import Printed, within
from evenstat.disclosure.rounding.solver import Floats
from evenstat.disclosure.tables import Flags, Integers, Layout, Records, holding
from evenstat.errors import CannotProtect

TRIES = 12  # with more weight on what moved too far
SWAPS = 2_000


def small_rounded(shape: Layout, counts: Integers, records: Records, policy: Policy, seed: int) -> Printed:
    """Raises CannotProtect where no choice within the policy's distance was found."""
    inner = _inner(shape, records, seed)
    weight = np.where(shape.behind, 0.0, 1.0)
    farthest = 0
    for _ in range(TRIES):
        values = inner.printed(_chosen(inner, policy.base, weight, shape.behind))
        away = np.abs(values - counts) * ~shape.behind
        farthest = int(away.max())
        if not policy.distance or farthest <= policy.distance:
            return _printed(shape, counts, values, policy, policy.distance or farthest)
        weight = np.where(away > policy.distance, 2.0 * weight, weight)
    raise CannotProtect(
        f"{shape.named(int(away.argmax()))} moves by {farthest} where the policy allows {policy.distance}: allow a"
        f" greater distance, a smaller base than {policy.base}, or publish fewer tables together."
    )


@dataclass(frozen=True, eq=False)
class _Inner:
    """Combinations that the tables tell apart: rows of `cells` (the last is a place for none) and their people."""

    cells: Integers
    people: Integers
    size: int

    def printed(self, people: Integers) -> Integers:
        values = np.zeros(self.size + 1, dtype=np.int64)
        np.add.at(values, self.cells, people[:, None])
        return values[:-1]


def _inner(shape: Layout, records: Records, seed: int) -> _Inner:
    cells = holding(shape, records.categories, len(records.people))
    rows, which = np.unique(cells, axis=0, return_inverse=True)
    people = np.zeros(len(rows), dtype=np.int64)
    np.add.at(people, which.ravel(), np.asarray(records.people, dtype=np.int64))
    order = np.random.default_rng(seed).permutation(np.flatnonzero(people))  # so that ties favour no group
    rows = rows[order]
    return _Inner(np.where(rows < 0, len(shape), rows), people[order], len(shape))


def _chosen(inner: _Inner, base: int, weight: Floats, behind: Flags) -> Integers:
    """What each combination is printed as: more of them are rounded until no published count is small."""
    people, rounds = inner.people, np.zeros(len(inner.people), dtype=bool)
    chosen = people
    while True:
        values = np.append(inner.printed(chosen), 0)
        small = (values > 0) & (values < base) & ~np.append(behind, True)
        fresh = small[inner.cells].any(axis=1) & ~rounds & (chosen > 0) & (chosen < base)
        if not fresh.any():
            return chosen
        rounds |= fresh
        up = _raised(inner.cells[rounds], people[rounds], base, np.append(weight, 0.0))
        chosen = people.copy()
        chosen[rounds] = up * base


def _raised(cells: Integers, people: Integers, base: int, weight: Floats) -> Flags:
    """Which go up to the base: one after another, whichever brings the sums nearest to the truth; then swaps."""
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
    """The first half of an exchange of two that helps, which is made here; the other half is returned. -1: none."""
    for one in np.argsort(gain, kind="stable")[:20].tolist():
        by = -base if up[one] else base
        after = error.copy()
        after[cells[one]] += by
        pull = 2 * base * (weight * after)[cells].sum(axis=1)
        own = base * base * weight[cells].sum(axis=1)
        second = np.where(up, own - pull, own + pull)
        second[one] = np.inf
        other = int(second.argmin())
        if gain[one] + second[other] < -1e-9:
            error[cells[one]] += by
            up[one] = ~up[one]
            return other
    return -1


def _printed(shape: Layout, counts: Integers, values: Integers, policy: Policy, distance: int) -> Printed:
    low, high = within(values, distance, zeros_stay=True)
    alone = _single(shape)  # one combination: what is neither 0 nor the base has not moved
    base = policy.base
    low = np.where(alone & (values > base), values, low)
    high = np.where(alone & (values > 0), values, np.where(alone, np.minimum(high, base - 1), high))
    nothing, secret = np.zeros(len(values), dtype=bool), (counts > 0) & (counts < base) & (low < high)
    return Printed(values, low, high, nothing, secret, zeros_known=False)


def _single(shape: Layout) -> Flags:
    finest = [
        np.isin(shape.codes[:, axis], [each.position[code] for code in each.categories])
        for axis, each in enumerate(shape.dimensions)
    ]
    single: Flags = np.all(finest, axis=0)
    return single
