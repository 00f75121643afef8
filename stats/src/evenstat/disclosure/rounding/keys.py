"""Cell keys: every count is moved by what the keys of its people say, so that the same people always move it alike."""

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed import Printed, printed, within
from evenstat.disclosure.rounding.solver import Floats
from evenstat.disclosure.tables import Integers, Layout, Records, summed
from evenstat.errors import InvalidInput

KEYS = 2**32  # record keys are from 0 to one less
STEPS = 2**16  # of the table of noise, so that it is the same on every machine
SHORTEST_SECRET = 16  # bytes


def record_keys(ids: Sequence[str], secret: bytes) -> tuple[int, ...]:
    """One key for each person, from a name that stays theirs (a payroll number) and a secret of the authority.

    The same person and secret give the same key for good, and nobody without the secret can work a key out.

    Raises:
        InvalidInput: the secret is too short, or an id is given twice.

    >>> record_keys(["00123", "00124"], b"kept by the authority alone")
    (3724940164, 2251526473)
    """
    if len(secret) < SHORTEST_SECRET:
        raise InvalidInput(f"The secret behind record keys has {len(secret)} bytes: give {SHORTEST_SECRET} or more.")
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise InvalidInput(f"The id {each!r} is given twice: each person has one key.")
        seen.add(each)
    digests = (hmac.new(secret, each.encode("utf-8"), hashlib.sha256).digest() for each in ids)
    return tuple(int.from_bytes(digest[:4], "big") for digest in digests)


def moved_by_keys(shape: Layout, counts: Integers, records: Records, keys: Sequence[int], policy: Policy) -> Printed:
    """A true zero stays; a count is never printed below zero."""
    if len(keys) != len(records.people):
        raise InvalidInput(f"{len(keys)} keys are given for {len(records.people)} records: give one for each.")
    cell_keys = summed(shape, records.categories, [int(each) % KEYS for each in keys]) % KEYS
    noise = np.zeros(len(counts), dtype=np.int64)
    for count in range(1, policy.distance + 1):  # from the distance up, all alike
        those = counts >= count if count == policy.distance else counts == count
        steps = _steps(min(count, policy.distance), policy.distance, policy.variance)
        noise[those] = np.searchsorted(steps, cell_keys[those] // (KEYS // STEPS), side="right") - count
    values = counts + noise
    low, high = within(values, policy.distance, zeros_stay=True)
    return printed(values, low, high)


def noise_table(policy: Policy, count: int) -> dict[int, float]:
    """How likely each move of a count is, under a policy of cell keys."""
    below = min(count, policy.distance)
    if not below:
        return {0: 1.0}
    steps = np.concatenate([[0], _steps(below, policy.distance, policy.variance), [STEPS]])
    return dict(zip(range(-below, policy.distance + 1), (np.diff(steps) / STEPS).tolist(), strict=True))


@lru_cache
def _steps(below: int, above: int, variance: float) -> Integers:
    """Where, of all keys in order, each move from -below to above begins, but the first."""
    likely = _most_even(np.arange(-below, above + 1, dtype=np.float64), variance)
    return np.round(np.cumsum(likely)[:-1] * STEPS).astype(np.int64)


def _most_even(moves: Floats, variance: float) -> Floats:
    """Of all that leave counts as they are on average and have this variance, the one of greatest entropy."""
    features = np.stack([moves, moves**2 - variance])
    weights = np.array([0.0, -0.5 / variance])
    likely = _likely(weights @ features)
    for _ in range(200):  # Newton's method on a convex function, with shorter steps where it overshoots
        gradient = features @ likely
        if np.abs(gradient).max() < 1e-12:
            break
        curvature = (features * likely) @ features.T - np.outer(gradient, gradient)
        step = np.linalg.solve(curvature + 1e-12 * np.eye(2), gradient)
        size = 1.0
        while size > 1e-9 and _log_sum(weights - size * step, features) > _log_sum(weights, features):
            size /= 2
        weights = weights - size * step
        likely = _likely(weights @ features)
    return likely


def _likely(scores: Floats) -> Floats:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum(), dtype=np.float64)


def _log_sum(weights: Floats, features: Floats) -> float:
    scores = weights @ features
    return float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
