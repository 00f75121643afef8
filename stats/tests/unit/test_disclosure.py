"""One-way tables, policies, and the audit of publications with known disclosures."""

import pytest

from evenstat.disclosure import POLICIES, Policy, policy
from evenstat.disclosure.single_tables import (
    Cell,
    CellBounds,
    CountTable,
    ProtectedCell,
    ProtectedTable,
    audit,
    loss,
    protect,
)
from evenstat.errors import CannotProtect, InvalidCount, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL

C = CONFIDENTIAL
LT10 = policy("council_lt10")


def published(total, answered_total, not_known_total, answered, not_known=()):
    return ProtectedTable(
        "example",
        "council_lt10",
        total,
        answered_total,
        not_known_total,
        tuple(ProtectedCell(f"a{i}", count) for i, count in enumerate(answered)),
        tuple(ProtectedCell(f"n{i}", count) for i, count in enumerate(not_known)),
    )


# total, subtotals, rows, cells exactly disclosed, cells published that should be suppressed
DISCLOSURES = {
    "one suppressed row": (100, 100, 0, (C, 95), (), ("a0",), ()),
    "two suppressed rows with 2 people in total": (97, 97, 0, (C, C, 95), (), ("a0", "a1"), ()),
    "three suppressed rows with 3 people in total": (98, 98, 0, (C, C, C, 95), (), ("a0", "a1", "a2"), ()),
    "one suppressed row in each group": (130, 100, 30, (C, 95), (C, 20), ("a0", "n0"), ()),
    "a subtotal that follows from the other subtotal": (130, 100, C, (C, C, 60), (30,), ("not_known_total",), ()),
    "a published subtotal discloses the only row of the other": (
        105, 100, C, (60, 40), (C,), ("n0", "not_known_total"), (),
    ),
    "suppressed subtotals with every row published": (
        130, C, C, (60, 40), (30,), ("answered_total", "not_known_total"), (),
    ),
    "suppressed subtotals, all suppressed rows in one group": (
        130, C, C, (C, C, 60), (30,), ("answered_total", "not_known_total"), (),
    ),
    "suppressed subtotals, one suppressed row": (
        130, C, C, (C, 60), (30,), ("a0", "answered_total", "not_known_total"), (),
    ),
    "suppressed subtotals, two suppressed rows with 2 people in total": (
        92, C, C, (C, 60), (C, 30), ("a0", "n0", "answered_total", "not_known_total"), (),
    ),
    "a count of 9 published": (109, 109, 0, (100, 9), (), (), ("a1",)),
    "a not-known count of 1 published": (181, 100, 81, (100,), (80, 1), (), ("n1",)),
    "a subtotal of 8 published": (108, 100, 8, (60, 40), (C, C), (), ("not_known_total",)),
    "a total of 7 published": (7, C, C, (C, C), (C, C), (), ("total",)),
}  # fmt: skip


@pytest.mark.parametrize("case", DISCLOSURES)
def test_the_audit_finds_the_disclosure(case):
    *table, exact, in_range = DISCLOSURES[case]
    result = audit(published(*table), LT10)
    assert (result.exactly_disclosed, result.in_range) == (exact, in_range)
    assert not result.passed


def test_bounds_by_hand():
    """65 people in two rows, so each is from 1 to 64; 34 in two other rows, so each is from 1 to 33."""
    result = audit(published(2779, 2745, 34, (2369, 66, 245, C, C), (C, C)), LT10)
    assert result.bounds == (
        CellBounds("a3", 1, 64),
        CellBounds("a4", 1, 64),
        CellBounds("n0", 1, 33),
        CellBounds("n1", 1, 33),
    )
    assert result.passed
    assert "published figures alone" in result.method.description


def test_bounds_of_suppressed_subtotals_by_hand():
    """20 people in two answers and one not-known row: with 100 published, from 102 to 119 answered."""
    result = audit(published(120, C, C, (100, C, C), (C, 0)), LT10)
    assert result.bounds[-2:] == (CellBounds("answered_total", 102, 119), CellBounds("not_known_total", 1, 18))
    assert result.bounds[0] == CellBounds("a1", 1, 18)


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


def test_a_code_may_not_be_repeated():
    with pytest.raises(InvalidCount, match="'a' twice"):
        CountTable("Religion", (Cell("a", 1),), (Cell("a", 2),))
    with pytest.raises(InvalidCount, match="'a' twice"):
        ProtectedTable("Religion", "council_lt10", 3, 3, 0, (ProtectedCell("a", 1), ProtectedCell("a", 2)), ())


def test_policies():
    assert [(item.id, item.suppress_from, item.threshold) for item in POLICIES[:2]] == [
        ("council_lt10", 1, 9),
        ("council_lt5", 1, 4),
    ]
    assert [count for count in range(12) if LT10.covers(count)] == list(range(1, 10))
    with pytest.raises(UnknownPolicy, match="Use one of council_lt10, council_lt5"):
        policy("lt10")
    with pytest.raises(UnknownPolicy, match="set suppress_from to 1"):
        Policy(id="odd", name="Odd", description="", suppress_from=3, threshold=9)
    with pytest.raises(UnknownPolicy, match="set threshold to 1 or more"):
        Policy(id="odd", name="Odd", description="", threshold=0)
    with pytest.raises(InvalidCount, match="at least 0"):
        Policy(id="odd", name="Odd", description="", threshold=-1)


# answered, not known, rows suppressed, reason
PATTERNS = [
    ((5, 57, 66, 245), (0,), "a0 a1", "the smallest other row"),
    ((5, 4, 66, 245), (0,), "a0 a1", "two small counts protect each other"),
    ((5, 5, 66, 245), (0,), "a0 a1", "equal, but 4 and 6 would give the same table"),
    ((9, 9, 10, 245), (0,), "a0 a1 a2", "8 and 10 would suppress another row, so 9 and 9 would be disclosed"),
    ((2, 2, 66, 245), (0,), "a0 a1 a2", "1 and 3 would be suppressed differently, so 2 and 2 would be disclosed"),
    ((1, 57, 66, 245), (0,), "a0 a1 a2", "the person in the 1 must not be able to work out the 57"),
    ((1, 4, 4, 245), (0,), "a0 a1 a2", "1, 3 and 5 would give the same table"),
    ((1, 1, 66, 245), (0,), "a0 a1 a2", "1 and 1 would be disclosed"),
    ((9, 57, 57, 245), (0,), "a0 a1 a2", "9 is its highest and 57 its lowest possible value, so both are suppressed"),
    ((5, 57, 57, 245), (0,), "a0 a1", "6 and 56 would give the same table, so one 57 is enough"),
    ((0, 0, 66, 245), (0,), "", "zeros are published"),
    ((100, 300), (4, 5), "a0 n0 n1", "a subtotal of 9 is too small, so both subtotals are suppressed"),
    ((100, 4), (30,), "a0 a1", "the base is published: only answers are suppressed"),
    ((0, 0), (0,), "", "a table of nobody"),
]


@pytest.mark.parametrize(("answered", "not_known", "suppressed", "reason"), PATTERNS)
def test_suppressed_rows(answered, not_known, suppressed, reason):
    table = CountTable(
        "t",
        tuple(Cell(f"a{i}", count) for i, count in enumerate(answered)),
        tuple(Cell(f"n{i}", count) for i, count in enumerate(not_known)),
    )
    assert " ".join(protect(table, LT10).suppressed_codes) == suppressed, reason


def test_a_total_that_is_too_small_is_refused():
    with pytest.raises(CannotProtect, match="counts 7 people in total"):
        protect(CountTable("t", (Cell("a", 4), Cell("b", 3)), ()), LT10)


def test_loss_needs_the_same_table():
    table = CountTable("t", (Cell("a", 4), Cell("b", 30)), ())
    with pytest.raises(InvalidCount, match="rows differ"):
        loss(table, published(34, 34, 0, (C, C)))


@pytest.mark.parametrize("policy_id", ["hesa", "sro_acro"])
def test_a_policy_that_rounds_or_suppresses_zeros_is_refused(policy_id):
    table = CountTable("any", (Cell("a", 3), Cell("b", 40)), ())
    with pytest.raises(UnknownPolicy, match="must suppress small counts and show zeros"):
        protect(table, policy(policy_id))
