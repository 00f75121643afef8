"""Tables, policies, and the audit on publications that leak; each leak is planted by hand."""

import pytest

from evenstat.disclosure import POLICIES, Policy, policy
from evenstat.disclosure.one_way import Bound, Cell, CountTable, ProtectedCell, ProtectedTable, audit, loss, protect
from evenstat.errors import CannotProtect, InvalidCount, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL

C = CONFIDENTIAL
LT10 = policy("council_lt10")


def published(total, answered_total, not_known_total, answered, not_known=()):
    return ProtectedTable(
        "planted",
        "council_lt10",
        total,
        answered_total,
        not_known_total,
        tuple(ProtectedCell(f"a{i}", count) for i, count in enumerate(answered)),
        tuple(ProtectedCell(f"n{i}", count) for i, count in enumerate(not_known)),
    )


# total, subtotals, rows, what is known exactly, what is shown but should be hidden
LEAKS = {
    "one hidden row": (100, 100, 0, (C, 95), (), ("a0",), ()),
    "two hidden rows of 2 in all": (97, 97, 0, (C, C, 95), (), ("a0", "a1"), ()),
    "three hidden rows of 3 in all": (98, 98, 0, (C, C, C, 95), (), ("a0", "a1", "a2"), ()),
    "one hidden row in each group": (130, 100, 30, (C, 95), (C, 20), ("a0", "n0"), ()),
    "a subtotal that the other gives away": (130, 100, C, (C, C, 60), (30,), ("not_known_total",), ()),
    "a shown subtotal gives the other's only row away": (
        105, 100, C, (60, 40), (C,), ("n0", "not_known_total"), (),
    ),
    "hidden subtotals with every row shown": (
        130, C, C, (60, 40), (30,), ("answered_total", "not_known_total"), (),
    ),
    "hidden subtotals, all hidden rows on one side": (
        130, C, C, (C, C, 60), (30,), ("answered_total", "not_known_total"), (),
    ),
    "hidden subtotals, one hidden row": (
        130, C, C, (C, 60), (30,), ("a0", "answered_total", "not_known_total"), (),
    ),
    "hidden subtotals, two hidden rows of 2 in all": (
        92, C, C, (C, 60), (C, 30), ("a0", "n0", "answered_total", "not_known_total"), (),
    ),
    "a count of 9 shown": (109, 109, 0, (100, 9), (), (), ("a1",)),
    "a count of 1 among the unknown shown": (181, 100, 81, (100,), (80, 1), (), ("n1",)),
    "a subtotal of 8 shown": (108, 100, 8, (60, 40), (C, C), (), ("not_known_total",)),
    "a total of 7 shown": (7, C, C, (C, C), (C, C), (), ("total",)),
}  # fmt: skip


@pytest.mark.parametrize("leak", LEAKS)
def test_the_audit_finds_the_leak(leak):
    *table, exact, in_range = LEAKS[leak]
    result = audit(published(*table), LT10)
    assert (result.exact, result.in_range) == (exact, in_range)
    assert not result.passed


def test_bounds_by_hand():
    """65 people in two rows: each from 1 to 64; 34 in two more: each from 1 to 33."""
    result = audit(published(2779, 2745, 34, (2369, 66, 245, C, C), (C, C)), LT10)
    assert result.bounds == (Bound("a3", 1, 64), Bound("a4", 1, 64), Bound("n0", 1, 33), Bound("n1", 1, 33))
    assert result.passed
    assert "published figures alone" in result.method


def test_bounds_of_hidden_subtotals_by_hand():
    """20 people in two answers and one unknown: with 100 shown, from 102 to 119 answered."""
    result = audit(published(120, C, C, (100, C, C), (C, 0)), LT10)
    assert result.bounds[-2:] == (Bound("answered_total", 102, 119), Bound("not_known_total", 1, 18))
    assert result.bounds[0] == Bound("a1", 1, 18)


@pytest.mark.parametrize(
    "table",
    [
        (100, 90, 0, (90,)),
        (100, 100, 0, (90,)),
        (100, 100, 0, (C, C, 99)),
        (100, 100, 0, (C, 110)),
        (100, C, C, (60, 30), (5,)),
    ],
)
def test_figures_that_do_not_add_up_are_refused(table):
    with pytest.raises(InvalidCount, match="add up"):
        audit(published(*table), LT10)


@pytest.mark.parametrize("count", [True, -1, 2.0, None, "3"])
def test_counts_are_whole_numbers(count):
    with pytest.raises(InvalidCount, match=r"'b' of table 'Religion'"):
        CountTable("Religion", (Cell("a", 1), Cell("b", count)), ())


def test_a_code_is_counted_once():
    with pytest.raises(InvalidCount, match="'a' twice"):
        CountTable("Religion", (Cell("a", 1),), (Cell("a", 2),))
    with pytest.raises(InvalidCount, match="'a' twice"):
        ProtectedTable("Religion", "council_lt10", 3, 3, 0, (ProtectedCell("a", 1), ProtectedCell("a", 2)), ())


def test_policies():
    assert [(item.id, item.hide_from, item.hide_to) for item in POLICIES[:2]] == [
        ("council_lt10", 1, 9),
        ("council_lt5", 1, 4),
    ]
    assert [count for count in range(12) if LT10.covers(count)] == list(range(1, 10))
    with pytest.raises(UnknownPolicy, match="use one of council_lt10, council_lt5"):
        policy("lt10")
    with pytest.raises(UnknownPolicy, match="set hide_from to 1"):
        Policy(id="odd", name="Odd", description="", hide_from=3, hide_to=9)
    with pytest.raises(UnknownPolicy, match="set hide_to to 1 or more"):
        Policy(id="odd", name="Odd", description="", hide_to=0)
    with pytest.raises(InvalidCount, match="at least 0"):
        Policy(id="odd", name="Odd", description="", hide_to=-1)


# answered, unknown, rows hidden, why
PATTERNS = [
    ((5, 57, 66, 245), (0,), "a0 a1", "the smallest partner"),
    ((5, 4, 66, 245), (0,), "a0 a1", "two small counts are each other's partners"),
    ((5, 5, 66, 245), (0,), "a0 a1", "alike, but 4 and 6 would be published alike"),
    ((9, 9, 10, 245), (0,), "a0 a1 a2", "8 and 10 would hide another row, so 9 and 9 would be known"),
    ((2, 2, 66, 245), (0,), "a0 a1 a2", "1 and 3 would not do, so 2 and 2 would be known"),
    ((1, 57, 66, 245), (0,), "a0 a1 a2", "the person in the 1 must not learn the 57"),
    ((1, 4, 4, 245), (0,), "a0 a1 a2", "1, 3 and 5 would be published alike"),
    ((1, 1, 66, 245), (0,), "a0 a1 a2", "1 and 1 would be known"),
    ((9, 57, 57, 245), (0,), "a0 a1 a2", "9 is the most it can be and 57 the least, so both go"),
    ((5, 57, 57, 245), (0,), "a0 a1", "6 and 56 would be published alike, so one 57 will do"),
    ((0, 0, 66, 245), (0,), "", "zeros are shown"),
    ((100, 300), (4, 5), "a0 n0 n1", "a subtotal of 9 is too small, so both are hidden"),
    ((100, 4), (30,), "a0 a1", "the base stands: only the answers are hidden"),
    ((0, 0), (0,), "", "a table of nobody"),
]


@pytest.mark.parametrize(("answered", "unknown", "hidden", "why"), PATTERNS)
def test_rows_hidden(answered, unknown, hidden, why):
    table = CountTable(
        "t",
        tuple(Cell(f"a{i}", count) for i, count in enumerate(answered)),
        tuple(Cell(f"n{i}", count) for i, count in enumerate(unknown)),
    )
    assert " ".join(protect(table, LT10).hidden_codes) == hidden, why


def test_a_total_that_is_too_small_is_refused():
    with pytest.raises(CannotProtect, match="counts 7 people in all"):
        protect(CountTable("t", (Cell("a", 4), Cell("b", 3)), ()), LT10)


def test_loss_is_of_the_same_table():
    table = CountTable("t", (Cell("a", 4), Cell("b", 30)), ())
    with pytest.raises(InvalidCount, match="rows differ"):
        loss(table, published(34, 34, 0, (C, C)))


@pytest.mark.parametrize("policy_id", ["hesa", "sro_acro"])
def test_a_policy_that_rounds_or_hides_zeros_is_not_for_one_dimension(policy_id):
    table = CountTable("any", (Cell("a", 3), Cell("b", 40)), ())
    with pytest.raises(UnknownPolicy, match="does not hide small counts and show zeros"):
        protect(table, policy(policy_id))
