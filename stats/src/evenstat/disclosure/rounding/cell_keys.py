"""The cell-key method: every count is perturbed according to its record keys, so the same people always get the
same noise.
"""

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from evenstat.disclosure.policies import Policy
from evenstat.disclosure.rounding.printed_counts import PrintedCounts, counts_within, printed_counts
from evenstat.disclosure.rounding.solver import Floats
from evenstat.disclosure.tables import Integers, Layout, Records, summed
from evenstat.errors import InvalidInput

KEYS = 2**32  # record keys are below this
STEPS = 2**16  # resolution of the noise table, so that it is the same on every machine
MIN_SECRET_BYTES = 16  # bytes


def record_keys(ids: Sequence[str], secret: bytes) -> tuple[int, ...]:
    """One key for each person, from a permanent id (a payroll number) and a secret of the authority.

    The same person and secret always give the same key, and nobody can work out a key without the secret.

    Raises:
        InvalidInput: the secret is too short, or an id is given twice.

    >>> record_keys(["00123", "00124"], b"kept by the authority alone")
    (3724940164, 2251526473)
    """
    if len(secret) < MIN_SECRET_BYTES:
        raise InvalidInput(f"The secret for record keys has {len(secret)} bytes. Give {MIN_SECRET_BYTES} or more.")
    seen: set[str] = set()
    for record_id in ids:
        if record_id in seen:
            raise InvalidInput(f"The id {record_id!r} is given twice. Each person has one key.")
        seen.add(record_id)
    digests = (hmac.new(secret, record_id.encode("utf-8"), hashlib.sha256).digest() for record_id in ids)
    return tuple(int.from_bytes(digest[:4], "big") for digest in digests)


def perturb_by_cell_keys(
    shape: Layout, counts: Integers, records: Records, keys: Sequence[int], policy: Policy
) -> PrintedCounts:
    """A true zero stays 0; a count is never published below zero."""
    if len(keys) != len(records.people):
        raise InvalidInput(f"{len(keys)} keys are given for {len(records.people)} records. Give one for each.")
    cell_keys = summed(shape, records.categories, [int(key) % KEYS for key in keys]) % KEYS
    noise = np.zeros(len(counts), dtype=np.int64)
    for count in range(1, policy.distance + 1):  # all counts from the distance upwards have the same noise
        selected = counts >= count if count == policy.distance else counts == count
        steps = _steps(min(count, policy.distance), policy.distance, policy.variance)
        noise[selected] = np.searchsorted(steps, cell_keys[selected] // (KEYS // STEPS), side="right") - count
    values = counts + noise
    low, high = counts_within(values, policy.distance, zeros_published=True)
    return printed_counts(values, low, high)


def noise_table(policy: Policy, count: int) -> dict[int, float]:
    """The probability of each perturbation of a count, under a cell-key policy."""
    below = min(count, policy.distance)
    if not below:
        return {0: 1.0}
    steps = np.concatenate([[0], _steps(below, policy.distance, policy.variance), [STEPS]])
    return dict(zip(range(-below, policy.distance + 1), (np.diff(steps) / STEPS).tolist(), strict=True))


@lru_cache
def _steps(below: int, above: int, variance: float) -> Integers:
    """The boundaries, among all keys in order, between perturbations from -below to above."""
    probabilities = _max_entropy(np.arange(-below, above + 1, dtype=np.float64), variance)
    return np.round(np.cumsum(probabilities)[:-1] * STEPS).astype(np.int64)


def _max_entropy(moves: Floats, variance: float) -> Floats:
    """The distribution with greatest entropy among those with mean 0 and this variance."""
    features = np.stack([moves, moves**2 - variance])
    weights = np.array([0.0, -0.5 / variance])
    probabilities = _softmax(weights @ features)
    for _ in range(200):  # Newton's method on a convex function, with step halving
        gradient = features @ probabilities
        if np.abs(gradient).max() < 1e-12:
            break
        curvature = (features * probabilities) @ features.T - np.outer(gradient, gradient)
        step = np.linalg.solve(curvature + 1e-12 * np.eye(2), gradient)
        size = 1.0
        while size > 1e-9 and _log_sum_exp(weights - size * step, features) > _log_sum_exp(weights, features):
            size /= 2
        weights = weights - size * step
        probabilities = _softmax(weights @ features)
    return probabilities


def _softmax(scores: Floats) -> Floats:
    exponentials = np.exp(scores - scores.max())
    return np.asarray(exponentials / exponentials.sum(), dtype=np.float64)


def _log_sum_exp(weights: Floats, features: Floats) -> float:
    scores = weights @ features
    return float(scores.max() + np.log(np.exp(scores - scores.max()).sum()))
