"""The confidence interval of one proportion."""

from math import sqrt
from statistics import NormalDist

from evenstat._checks import confidence_level, count_and_base
from evenstat.estimates import Estimate


def wilson(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """A share from 0 (nobody) to 1 (everybody), with its Wilson score interval.

    Population: the n people whose answer is known. The caller leaves out people who did not answer.

    Method: the shares p for which the observed share is within z standard errors of p, where the
        standard error is calculated at p itself; in closed form, with z the normal quantile,
        (count + z²/2 ± z·sqrt(count·(n − count)/n + z²/4)) / (n + z²).

    Args:
        count: the number of people in the group, from 0 to n.
        n: the number of people in the base, at least 1.
        level: the confidence level, between 0 and 1.

    Returns:
        An Estimate with value count/n and method "wilson". All figures are between 0 and 1.

    Raises:
        InvalidCount: the count is not a whole number, is negative or is larger than n, or n is 0.
        InvalidLevel: the level is not between 0 and 1.

    Limits: at count 0 the lower end is exactly 0, and at count n the upper end is exactly 1. Unlike the
        normal-approximation interval, the interval still has a positive width there.
        Coverage oscillates around the level as p changes, and falls below it for true shares very near
        0 or 1 (to about 0.84 at a level of 0.95). No correction for small finite populations or weights.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953

    >>> estimate = wilson(5, 50)
    >>> f"{estimate.value:.1%}, interval {estimate.low:.1%} to {estimate.high:.1%}"
    '10.0%, interval 4.3% to 21.4%'
    """
    numerator, base = count_and_base(count, n)
    z = -NormalDist().inv_cdf((1 - confidence_level(level)) / 2)
    share = numerator / base
    centre = numerator + z * z / 2
    half_width = z * sqrt(numerator * (base - numerator) / base + z * z / 4)
    low = 0.0 if numerator == 0 else (centre - half_width) / (base + z * z)
    high = 1.0 if numerator == base else (centre + half_width) / (base + z * z)
    # Floating-point rounding must not move an end past the share itself.
    return Estimate(share, min(low, share), max(high, share), level, "wilson", base)
