"""A group's share of a workforce compared with its share of a benchmark population."""

from dataclasses import dataclass
from math import isclose

from evenstat.errors import InvalidShare
from evenstat.estimates import Direction, Estimate, Finding
from evenstat.intervals import wilson

MAX_INTERVAL_RATIO = 4  # an interval whose upper end is more than 4 times its lower end is too wide to interpret


@dataclass(frozen=True, slots=True)
class Representation:
    """The representation of a group. The figures are defined in `representation`."""

    count: int
    n: int
    share: Estimate
    benchmark_share: float
    index: Estimate
    gap_heads: float
    finding: Finding
    direction: Direction


def representation(
    count: int,
    n: int,
    benchmark_share: float,
    *,
    level: float = 0.95,
    band: tuple[float, float] = (0.8, 1.25),
) -> Representation:
    """A group's share of the people who answered, divided by its benchmark share; 1 means parity.

    Population: the n people of the workforce who answered. People who did not answer are not in the base
        and should be reported separately.

    Method: index = (count / n) / benchmark_share. Its interval is the Wilson interval of the share with
        both ends divided by the benchmark share, which is treated as fixed.
        gap_heads = n × benchmark_share − count: a positive value is the number of people short of parity.
        The finding is the first of these that applies:
        too few (the interval includes 1, and its lower end is 0 or less than a quarter of its upper end),
        disparity (the index is outside the band and the interval excludes 1),
        watch (the index is outside the band and the interval includes 1),
        no evidence of a disparity.

    Args:
        count: the number of people in the group, from 0 to n.
        n: the number of people who answered, at least 1.
        benchmark_share: the group's share of the benchmark population, above 0 and at most 1.
        level: the confidence level of the intervals.
        band: the tolerance band of the index around 1, including both ends.

    Returns:
        A Representation: share (0 to 1) and index (0 upwards) as Estimates, gap_heads in people,
        the finding and the direction of the index.

    Raises:
        InvalidCount: the count is not a whole number, is negative or is larger than n, or n is 0.
        InvalidShare: the benchmark share or the band is outside its range.
        InvalidLevel: the level is not between 0 and 1.

    Limits: a workforce is a full count, so the interval shows how far a group of this size varies by
        chance; it is not sampling error. The sampling error of a benchmark from a survey is not included.
        The four-fifths band alone would flag very small groups (2 of 10 against 1 of 10), so the interval
        is used as well. If people who did not answer differ from those who did, the true share differs
        too, and the interval does not allow for this. When many groups are compared, some findings
        arise by chance. Whether the two populations can be compared is a separate question: see
        `comparability`.

    Source: the index is the relative rate index of the Ministry of Justice; the band is the four-fifths rule of
        US employment guidance (29 CFR 1607.4 D); the interval: https://doi.org/10.1080/01621459.1927.10502953

    >>> r = representation(245, 2745, 0.105)
    >>> f"index {r.index.value:.2f}, interval {r.index.low:.2f} to {r.index.high:.2f}, {r.gap_heads:.0f} short"
    'index 0.85, interval 0.75 to 0.96, 43 short'
    >>> r.finding, r.direction
    (<Finding.NO_EVIDENCE: 'no_evidence'>, <Direction.BELOW: 'below'>)
    """
    if not 0 < benchmark_share <= 1:
        raise InvalidShare(
            f"The benchmark share is {benchmark_share!r}: give a share above 0 and at most 1 (12% is 0.12)."
        )
    if not 0 < band[0] <= 1 <= band[1]:
        raise InvalidShare(f"The band is {band!r}: give two numbers, one on each side of 1, such as (0.8, 1.25).")
    share = wilson(count, n, level=level)
    index = Estimate(
        share.value / benchmark_share,
        share.low / benchmark_share,
        share.high / benchmark_share,
        level,
        "wilson over a fixed benchmark",
        n,
    )
    return Representation(
        count,
        n,
        share,
        benchmark_share,
        index,
        n * benchmark_share - count,
        _finding(index, band),
        _direction(index.value),
    )


def _finding(index: Estimate, band: tuple[float, float]) -> Finding:
    includes_parity = index.low <= 1 <= index.high
    if includes_parity and (index.low == 0 or index.high / index.low > MAX_INTERVAL_RATIO):
        return Finding.TOO_FEW
    if _in_band(index.value, band):
        return Finding.NO_EVIDENCE
    return Finding.WATCH if includes_parity else Finding.DISPARITY


def _in_band(value: float, band: tuple[float, float]) -> bool:
    # 8 of 100 against 10% is 0.8, which floating point gives as 0.7999999999999999.
    return band[0] <= value <= band[1] or any(isclose(value, end, rel_tol=1e-12) for end in band)


def _direction(value: float) -> Direction:
    if isclose(value, 1, rel_tol=1e-12):
        return Direction.LEVEL
    return Direction.BELOW if value < 1 else Direction.ABOVE
