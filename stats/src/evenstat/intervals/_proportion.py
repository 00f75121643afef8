"""The range of one proportion."""

from math import sqrt
from statistics import NormalDist

from evenstat._checks import confidence_level, part_of
from evenstat.estimates import Estimate


def wilson(count: int, n: int, *, level: float = 0.95) -> Estimate:
    """A share from 0 to 1 with Wilson's score interval; 0 is none of them, 1 is all of them.

    Population: the n people whose answer is known; people with no answer are left out by the caller.

    Method: the shares p for which the observed share is within z standard errors of p, where the
        standard error is worked out at p itself; in closed form, with z the normal quantile,
        (count + z²/2 ± z·sqrt(count·(n − count)/n + z²/4)) / (n + z²).

    Args:
        count: people in the group, a whole number from 0 to n.
        n: people in the base, at least 1.
        level: confidence level, between 0 and 1.

    Returns:
        An Estimate with value count/n and method "wilson"; every figure is between 0 and 1.

    Raises:
        InvalidCount: a count that is not whole, is below zero or is above n, or a base of nobody.
        InvalidLevel: a level that is not between 0 and 1.

    Limits: at count 0 the lower end is exactly 0 and at count n the upper end is exactly 1; there the
        other end does all the work and the range is never empty, unlike the plain normal interval.
        Coverage swings about the level as p changes, and dips below it for true shares very near
        0 or 1 (to about 0.84 at a level of 0.95). No correction for small finite populations or weights.

    Source: Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953

    >>> estimate = wilson(5, 50)
    >>> f"{estimate.value:.1%}, range {estimate.low:.1%} to {estimate.high:.1%}"
    '10.0%, range 4.3% to 21.4%'
    """
    part, base = part_of(count, n)
    z = -NormalDist().inv_cdf((1 - confidence_level(level)) / 2)
    share = part / base
    centre = part + z * z / 2
    reach = z * sqrt(part * (base - part) / base + z * z / 4)
    low = 0.0 if part == 0 else (centre - reach) / (base + z * z)
    high = 1.0 if part == base else (centre + reach) / (base + z * z)
    # Rounding in the last place must not push an end past the share itself.
    return Estimate(share, min(low, share), max(high, share), level, "wilson", base)
