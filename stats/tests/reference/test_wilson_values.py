"""Wilson's interval against values and programs that owe nothing to this one."""

from math import comb
from random import Random

import pytest
from scipy.stats import binomtest

from evenstat.intervals import wilson

PUBLISHED = [  # count, n, low, high, decimal places given
    # The project's notes on workforce statistics, "Golden values".
    (5, 50, 0.0434758, 0.2136023, 7),
    (0, 20, 0.0, 0.1611252, 7),
    # The project's notes on leadership, for boards and senior teams.
    (2, 12, 0.046965, 0.448031, 6),
    (0, 10, 0.0, 0.277533, 6),
    (37, 148, 0.187161, 0.325488, 6),
    # Newcombe 1998, Statistics in Medicine 17:857-872, table I, score method without continuity correction.
    (81, 263, 0.2553, 0.3662, 4),
    (15, 148, 0.0624, 0.1605, 4),
    (0, 20, 0.0, 0.1611, 4),
    (1, 29, 0.0061, 0.1718, 4),
]


@pytest.mark.parametrize(("count", "n", "low", "high", "places"), PUBLISHED)
def test_published_values(count, n, low, high, places):
    estimate = wilson(count, n)
    assert (round(estimate.low, places), round(estimate.high, places)) == (low, high)


def test_agrees_with_scipy():
    """scipy.stats.binomtest(count, n).proportion_ci(level, method="wilson")."""
    draw = Random(20260101)
    for _ in range(1500):
        n = draw.choice([draw.randint(1, 30), draw.randint(1, 3000), draw.randint(1, 10**7)])
        count = draw.choice([0, n, draw.randint(0, n)])
        level = draw.choice([0.8, 0.9, 0.95, 0.99, 0.998])
        oracle = binomtest(count, n).proportion_ci(level, method="wilson")
        ours = wilson(count, n, level=level)
        assert (ours.low, ours.high) == pytest.approx((oracle.low, oracle.high), rel=1e-9, abs=1e-14)


def test_coverage_dips_near_zero_as_the_docstring_says():
    n = 200

    def coverage(p):
        ranges = [wilson(count, n) for count in range(12)]
        return sum(
            comb(n, count) * p**count * (1 - p) ** (n - count) for count, r in enumerate(ranges) if r.low <= p <= r.high
        )

    worst = min(coverage(step / 100_000) for step in range(1, 300))
    assert 0.83 < worst < 0.85
