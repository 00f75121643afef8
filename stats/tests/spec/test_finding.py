"""The finding of a comparison, as a table of cases. Intervals are Wilson's at 95%, divided by the benchmark."""

import pytest

from evenstat.estimates import Direction, Finding
from evenstat.measures import representation

D, W, N, T = Finding.DISPARITY, Finding.WATCH, Finding.NO_EVIDENCE, Finding.TOO_FEW
BELOW, ABOVE, LEVEL = Direction.BELOW, Direction.ABOVE, Direction.LEVEL

# count, n, benchmark, index, finding, direction, description
TABLE = [
    (0, 20, 0.10, 0.00, T, BELOW, "none of a small group: the interval starts at 0 and includes 1"),
    (0, 1000, 0.10, 0.00, D, BELOW, "none of a large group: the interval excludes 1"),
    (2, 12, 0.10, 1.67, T, ABOVE, "the upper end of the interval is 9.5 times its lower end"),
    (1, 10, 0.20, 0.50, T, BELOW, "the four-fifths rule alone would flag it; the interval shows too few"),
    (2, 10, 0.20, 1.00, T, LEVEL, "at parity, but too few to conclude"),
    (50, 1000, 0.10, 0.50, D, BELOW, "half of what was expected"),
    (200, 1000, 0.10, 2.00, D, ABOVE, "twice what was expected"),
    (14, 200, 0.10, 0.70, W, BELOW, "below the band, the interval includes 1"),
    (27, 200, 0.10, 1.35, W, ABOVE, "above the band, the interval includes 1"),
    (100, 1000, 0.10, 1.00, N, LEVEL, "at parity"),
    (90, 1000, 0.10, 0.90, N, BELOW, "inside the band, the interval includes 1"),
    (900, 10000, 0.10, 0.90, N, BELOW, "inside the band although the interval excludes 1"),
    (8000, 100000, 0.10, 0.80, N, BELOW, "the band includes its lower end"),
    (12500, 100000, 0.10, 1.25, N, ABOVE, "the band includes its upper end"),
    (7990, 100000, 0.10, 0.80, D, BELOW, "just below the band"),
    (12510, 100000, 0.10, 1.25, D, ABOVE, "just above the band"),
    (50, 50, 1.00, 1.00, N, LEVEL, "everyone, as in the benchmark"),
]


@pytest.mark.parametrize(("count", "n", "benchmark", "index", "finding", "direction", "description"), TABLE)
def test_finding(count, n, benchmark, index, finding, direction, description):
    r = representation(count, n, benchmark)
    assert (round(r.index.value, 2), r.finding, r.direction) == (index, finding, direction), description


def test_the_table_covers_every_finding_of_a_measure():
    assert {row[4] for row in TABLE} == set(Finding) - {Finding.NOT_COMPARABLE, Finding.NOT_COLLECTED}
    assert {row[5] for row in TABLE} == set(Direction)


def test_no_finding_states_that_there_is_no_disparity():
    assert "no_disparity" not in {finding.value for finding in Finding}


def test_index_and_gap_by_hand():
    """245 of 2,745 against 10.5%: 288.2 expected, so 43.2 short; 245 / 288.225 is 0.85003."""
    r = representation(245, 2745, 0.105)
    assert r.index.value == pytest.approx(0.850030, abs=1e-6)
    assert r.gap_heads == pytest.approx(43.225)
    assert (r.index.low, r.index.high) == pytest.approx((r.share.low / 0.105, r.share.high / 0.105))
    assert (r.share.n, r.index.n, r.index.method) == (2745, 2745, "wilson over a fixed benchmark")


def test_a_different_band_changes_the_finding():
    assert representation(85, 1000, 0.10, band=(0.9, 1.1)).finding is Finding.WATCH
    assert representation(85, 1000, 0.10).finding is Finding.NO_EVIDENCE
