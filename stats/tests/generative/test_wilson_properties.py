"""What holds of every interval and index, whatever the counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenstat.intervals import wilson
from evenstat.measures import representation

LEVELS = st.floats(min_value=1e-9, max_value=1 - 1e-12)


@st.composite
def parts(draw, most=10**9):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@given(parts(), LEVELS)
def test_an_interval_contains_its_estimate_and_stays_in_range(part, level):
    count, n = part
    estimate = wilson(count, n, level=level)
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1
    assert (estimate.low == 0) == (count == 0)
    assert (estimate.high == 1) == (count == n)


@given(parts(10**6))
def test_counting_the_others_mirrors_the_interval(part):
    count, n = part
    these, others = wilson(count, n), wilson(n - count, n)
    assert these.low == pytest.approx(1 - others.high, abs=1e-12)
    assert these.high == pytest.approx(1 - others.low, abs=1e-12)


@given(parts(10**5), st.integers(2, 50))
def test_more_people_of_the_same_share_narrow_the_range(part, times):
    count, n = part
    small, large = wilson(count, n), wilson(count * times, n * times)
    assert large.value == pytest.approx(small.value)
    assert large.high - large.low < small.high - small.low


@given(parts(10**5))
def test_a_higher_level_widens_the_range(part):
    narrow, wide = wilson(*part, level=0.9), wilson(*part, level=0.99)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


@given(parts(10**6), st.floats(min_value=1e-4, max_value=1))
def test_index_and_gap_say_the_same(part, benchmark):
    r = representation(*part, benchmark)
    assert r.index.low <= r.index.value <= r.index.high
    assert r.gap_heads == pytest.approx(r.n * benchmark * (1 - r.index.value), rel=1e-6, abs=1e-6)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=8).filter(any), st.data())
def test_gaps_of_all_groups_cancel_out(counts, data):
    weights = data.draw(st.lists(st.integers(1, 100), min_size=len(counts), max_size=len(counts)))
    n = sum(counts)
    gaps = [
        representation(count, n, weight / sum(weights)).gap_heads for count, weight in zip(counts, weights, strict=True)
    ]
    assert sum(gaps) == pytest.approx(0, abs=1e-6)
