"""Invalid arguments of measures: each is refused, with a message that says how to fix it."""

import math

import pytest

from evenstat.errors import InvalidCount, InvalidEstimate, InvalidLevel, InvalidShare
from evenstat.estimates import CONFIDENTIAL, Estimate, Shorthand, Suppressed
from evenstat.intervals import wilson
from evenstat.measures import representation


@pytest.mark.parametrize(
    ("value", "low", "high"), [(1, 2, 3), (3, 1, 2), (1, 2, 1), (math.nan, 0, 1), (0.5, math.nan, 1)]
)
def test_an_estimate_must_lie_in_its_interval(value, low, high):
    with pytest.raises(InvalidEstimate, match="Check the order"):
        Estimate(value, low, high, 0.95, "by hand", 10)


def test_a_suppressed_figure_prints_as_shorthand_and_cannot_be_added():
    assert str(CONFIDENTIAL) == "[c]"
    assert Suppressed(Shorthand.CONFIDENTIAL) == CONFIDENTIAL
    with pytest.raises(TypeError):
        sum([CONFIDENTIAL, 5])


@pytest.mark.parametrize(
    ("count", "n", "message"),
    [
        (True, 10, "count is True"),
        (3.0, 10, "whole number"),
        ("3", 10, "whole number"),
        (-1, 10, "at least 0"),
        (11, 10, "larger than its base of 10"),
        (0, 0, "at least 1"),
        (0, None, "base"),
    ],
)
def test_invalid_counts_are_refused(count, n, message):
    with pytest.raises(InvalidCount, match=message):
        wilson(count, n)


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, math.nan])
def test_invalid_levels_are_refused(level):
    with pytest.raises(InvalidLevel, match=r"such as 0\.95"):
        wilson(1, 2, level=level)


@pytest.mark.parametrize("share", [0, -0.1, 1.01, 12, math.nan])
def test_invalid_benchmarks_are_refused(share):
    with pytest.raises(InvalidShare, match="at most 1"):
        representation(1, 2, share)


@pytest.mark.parametrize("band", [(1.1, 1.25), (0.8, 0.9), (0, 1.25), (1.25, 0.8)])
def test_invalid_bands_are_refused(band):
    with pytest.raises(InvalidShare, match="on each side of 1"):
        representation(1, 2, 0.5, band=band)
