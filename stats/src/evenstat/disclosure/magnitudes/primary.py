"""Primary suppression of sums, and their upper protection levels."""

import numpy as np

from evenstat.disclosure.magnitudes.amounts import Amounts
from evenstat.disclosure.policies import Policy
from evenstat.disclosure.tables import Flags, Integers
from evenstat.errors import UnknownPolicy

SAFE_PERCENT = 10  # of the largest contribution, if the policy has no p% rule


def primary_sums(amounts: Amounts, policy: Policy) -> Flags:
    """Sums with too few contributors, dominated by the largest, or that let the second largest estimate the largest.

    Raises:
        UnknownPolicy: the policy uses more of the largest contributions than are kept.
    """
    people = amounts.contributors
    few = (people >= policy.suppress_from) & (people <= max(policy.threshold, policy.contributors - 1))
    primary: Flags = (
        few | (_dominance_shortfall(amounts, policy) > 0) | (_p_percent_shortfall(amounts, policy.p_percent) > 0)
    )
    return primary & ~amounts.shape.unpublished


def upper_protection_levels(amounts: Amounts, policy: Policy) -> Integers:
    """How far above its sum each cell must seem possible, if it is primary.

    The p% rule: far enough that the second largest contributor cannot estimate the largest contribution to within p% of
    it from above. The (n, k) rule: far enough that the n largest would make up no more than k%. With too few
    contributors: as for the p% rule, with p = 10 if the policy has none. At least 1.
    """
    percent = policy.p_percent or SAFE_PERCENT
    return np.maximum(np.maximum(_p_percent_shortfall(amounts, percent), _dominance_shortfall(amounts, policy)), 1)


def _p_percent_shortfall(amounts: Amounts, percent: float) -> Integers:
    """By how much the contributions of the others fall short of p% of the largest."""
    first, second = amounts.largest[:, 0], amounts.largest[:, 1]
    others = amounts.sums - first - second
    return np.ceil(first * (percent / 100) - 1e-9).astype(np.int64) - others if percent else np.zeros_like(first)


def _dominance_shortfall(amounts: Amounts, policy: Policy) -> Integers:
    """By how much the sum falls short of the one of which the largest would be k%."""
    rule = policy.dominance
    if rule is None:
        return np.zeros_like(amounts.sums)
    if rule.largest > amounts.largest.shape[1]:
        raise UnknownPolicy(
            f"Policy {policy.id!r} uses the {rule.largest} largest contributions, but {amounts.largest.shape[1]}"
            f" are kept. Call `amounts` with largest={rule.largest}."
        )
    together = amounts.largest[:, : rule.largest].sum(axis=1)
    enough: Integers = np.ceil(together * (100 / rule.percent) - 1e-9).astype(np.int64)
    return enough - amounts.sums
