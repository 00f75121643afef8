"""Properties of every publication, on tables of the size that councils publish."""

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evenstat.disclosure import SUPPRESSION_POLICIES
from evenstat.disclosure.single_tables import Cell, CountTable, audit, loss, protect
from evenstat.errors import CannotProtect
from evenstat.estimates import Suppressed

COUNTS = st.one_of(st.just(0), st.integers(1, 12), st.integers(0, 60), st.integers(0, 5000))


@st.composite
def tables(draw):
    answered = draw(st.lists(COUNTS, min_size=1, max_size=10))
    unknown = draw(st.lists(COUNTS, max_size=3))
    return table_of(answered, unknown)


def table_of(answered, unknown):
    return CountTable(
        "any",
        tuple(Cell(f"answer {i}", count) for i, count in enumerate(answered)),
        tuple(Cell(f"unknown {i}", count) for i, count in enumerate(unknown)),
    )


def published(table, policy):
    try:
        return protect(table, policy)
    except CannotProtect:
        assume(False)


@given(tables(), st.sampled_from(SUPPRESSION_POLICIES))
def test_counts_in_the_range_are_never_shown_and_zeros_always_are(table, policy):
    result = published(table, policy)
    figures = [cell.count for cell in result.cells] + [result.answered_total, result.not_known_total]
    assert not [count for count in figures if not isinstance(count, Suppressed) and policy.covers(count)]
    for true, shown in zip(table.cells, result.cells, strict=True):
        assert isinstance(shown.count, Suppressed) or shown.count == true.count
        assert true.count or shown.count == 0
    assert result.total == table.total


@given(tables(), st.sampled_from(SUPPRESSION_POLICIES))
def test_the_audit_passes_and_its_bounds_contain_the_true_counts(table, policy):
    result = published(table, policy)
    check = audit(result, policy)
    assert check.passed
    truth = {cell.code: cell.count for cell in table.cells}
    truth |= {"answered_total": table.answered_total, "not_known_total": table.not_known_total}
    assert all(bound.low <= truth[bound.code] <= bound.high for bound in check.bounds)
    assert {bound.code for bound in check.bounds} >= set(result.suppressed_codes)


@given(tables(), st.sampled_from(SUPPRESSION_POLICIES))
def test_the_same_table_gives_the_same_publication(table, policy):
    assert published(table, policy) == published(table, policy)


@given(tables(), st.sampled_from(SUPPRESSION_POLICIES))
def test_a_table_without_small_counts_has_no_suppressions(table, policy):
    small = [cell for cell in table.cells if policy.covers(cell.count)]
    result = published(table, policy)
    assert (loss(table, result).cells_suppressed == 0) == (not small)


@given(st.lists(st.integers(0, 400), min_size=2, max_size=4, unique=True), st.sampled_from(SUPPRESSION_POLICIES))
def test_the_order_of_rows_does_not_matter(counts, policy):
    expected = None
    for order in permutations(counts):
        result = published(table_of(order, [50]), policy)
        hidden = {
            count for count, cell in zip(order, result.answered, strict=True) if isinstance(cell.count, Suppressed)
        }
        expected = hidden if expected is None else expected
        assert hidden == expected


@given(st.lists(st.integers(10, 5000), min_size=2, max_size=9), st.integers(2, 9))
def test_one_small_count_needs_one_partner_at_most_unless_equal_counts_follow(large, small):
    large = sorted(set(large))
    assume(len(large) > 1)
    result = published(table_of([small, *large], [400]), SUPPRESSION_POLICIES[0])
    assert result.suppressed_codes == ("answer 0", "answer 1")


@pytest.mark.parametrize(
    ("answered", "unknown"),
    [([3], []), ([0, 1, 130], [0]), ([5, 0], []), ([1, 2845], [0]), ([1, 0], [7])],
)
def test_a_table_that_cannot_be_protected_is_refused_with_advice(answered, unknown):
    with pytest.raises(CannotProtect, match=r"(Merge categories|do not publish)"):
        protect(table_of(answered, unknown), SUPPRESSION_POLICIES[0])
