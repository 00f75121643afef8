"""A group's share of a workforce beside its share of a benchmark population."""

from dataclasses import dataclass
from math import isclose

from evenstat.errors import InvalidShare
from evenstat.estimates import Direction, Estimate, Finding
from evenstat.intervals import wilson

TOO_WIDE = 4  # a range whose upper end is more than this many times its lower end says little


@dataclass(frozen=True, slots=True)
class Representation:
    """How far a group is represented; see `representation` for each figure."""

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
    """A group's share of those who answered, as an index of its benchmark share; 1 means parity.

    Population: the n people of the workforce who answered; those who did not are left out of the base
        and belong beside it as a figure of their own.

    Method: index = (count / n) / benchmark_share. Its range is Wilson's for the share, both ends divided
        by the benchmark, which is treated as fixed. gap_heads = n × benchmark_share − count: positive is
        the number of people short of parity. The finding is the first that holds of:
        too few (the range includes 1 and starts at 0 or is over 4 times as high as low),
        disparity (the index is outside the band and the range leaves 1 out),
        watch (outside the band, the range includes 1), otherwise no evidence of a disparity.

    Args:
        count: people of the group, a whole number from 0 to n.
        n: people who answered, at least 1.
        benchmark_share: the group's share of the benchmark population, above 0 and at most 1.
        level: confidence level of the ranges.
        band: the index's band of tolerance, around 1; its ends belong to it.

    Returns:
        A Representation: share (0 to 1) and index (0 upwards) as Estimates, gap_heads in people,
        the finding and the direction of the index.

    Raises:
        InvalidCount: a count that is not whole, is below zero or is above n, or a base of nobody.
        InvalidShare: a benchmark share or a band outside its range.
        InvalidLevel: a level that is not between 0 and 1.

    Limits: a workforce is a full count, so the range says how far a group of this size moves by chance;
        it is not sampling error. A benchmark from a survey has a range of its own, which is not
        counted here. The four-fifths band alone marks tiny groups for nothing (2 of 10 beside 1 of 10),
        hence the range beside it. People with no answer are left out: if they differ from the others, the
        true share differs too, and the range does not allow for that. Many groups at once raise some
        findings by chance. Nothing here asks whether the two populations can be compared: see
        `comparability`.

    Source: the relative rate index of the Ministry of Justice and the four-fifths rule of US employment
        guidance (29 CFR 1607.4 D) give the index and the band; range: https://doi.org/10.1080/01621459.1927.10502953

    >>> r = representation(245, 2745, 0.105)
    >>> f"index {r.index.value:.2f}, range {r.index.low:.2f} to {r.index.high:.2f}, {r.gap_heads:.0f} short"
    'index 0.85, range 0.75 to 0.96, 43 short'
    >>> r.finding, r.direction
    (<Finding.NO_EVIDENCE: 'no_evidence'>, <Direction.BELOW: 'below'>)
    """
    if not 0 < benchmark_share <= 1:
        raise InvalidShare(
            f"The benchmark share is {benchmark_share!r}: give a share above 0 and at most 1 (12% is 0.12)."
        )
    if not 0 < band[0] <= 1 <= band[1]:
        raise InvalidShare(f"The band is {band!r}: give two numbers around 1, such as (0.8, 1.25).")
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
    if includes_parity and (index.low == 0 or index.high / index.low > TOO_WIDE):
        return Finding.TOO_FEW
    if _in_band(index.value, band):
        return Finding.NO_EVIDENCE
    return Finding.WATCH if includes_parity else Finding.DISPARITY


def _in_band(value: float, band: tuple[float, float]) -> bool:
    # 8 of 100 beside 10% is 0.8 to a person and 0.7999999999999999 to a computer.
    return band[0] <= value <= band[1] or any(isclose(value, end, rel_tol=1e-12) for end in band)


def _direction(value: float) -> Direction:
    if isclose(value, 1, rel_tol=1e-12):
        return Direction.LEVEL
    return Direction.BELOW if value < 1 else Direction.ABOVE
