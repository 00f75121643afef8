"""Which sums say too much of one contributor, and how far above the truth a reader must believe them possible."""

import numpy as np

from evenstat.disclosure.magnitudes.amounts import Amounts
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.tables import Flags, Integers
from evenstat.errors import UnknownPolicy

SAFE_PERCENT = 10  # of the largest contribution, where the policy has no p% of its own


def unsafe_sums(amounts: Amounts, policy: Policy) -> Flags:
    """Sums with too few contributors, ruled by the largest of them, or that let the second work out the first.

    Raises:
        UnknownPolicy: the policy looks at more of the largest contributions than are kept.
    """
    people = amounts.contributors
    few = (people >= policy.hide_from) & (people <= max(policy.hide_to, policy.contributors - 1))
    unsafe: Flags = few | (_dominant(amounts, policy) > 0) | (_guessed(amounts, policy.p_percent) > 0)
    return unsafe & ~amounts.shape.behind


def rises(amounts: Amounts, policy: Policy) -> Integers:
    """How far above its sum each cell must seem possible, if it is unsafe.

    The p% rule: far enough that whoever knows the second largest contribution can't work out the largest to within p%
    of it from above. The (n, k) rule: far enough that the n largest would make up no more than k%. Where there are too
    few contributors, as by the p% rule, with 10 where the policy has none. 1 at least.
    """
    percent = policy.p_percent or SAFE_PERCENT
    return np.maximum(np.maximum(_guessed(amounts, percent), _dominant(amounts, policy)), 1)


def _guessed(amounts: Amounts, percent: float) -> Integers:
    """By how much what the others bring falls short of p% of the largest."""
    first, second = amounts.largest[:, 0], amounts.largest[:, 1]
    others = amounts.sums - first - second
    return np.ceil(first * (percent / 100) - 1e-9).astype(np.int64) - others if percent else np.zeros_like(first)


def _dominant(amounts: Amounts, policy: Policy) -> Integers:
    """By how much the sum is below that of which the largest would be k%."""
    rule = policy.dominance
    if rule is None:
        return np.zeros_like(amounts.sums)
    if rule.largest > amounts.largest.shape[1]:
        raise UnknownPolicy(
            f"Policy {policy.id!r} looks at the {rule.largest} largest contributions, and {amounts.largest.shape[1]}"
            f" are kept: make the amounts up with largest={rule.largest}."
        )
    together = amounts.largest[:, : rule.largest].sum(axis=1)
    enough: Integers = np.ceil(together * (100 / rule.percent) - 1e-9).astype(np.int64)
    return enough - amounts.sums
