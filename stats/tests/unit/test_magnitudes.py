"""Sums of amounts: primary suppression worked out by hand, and the averages, medians and gaps from the sums."""

import numpy as np
import pytest

from evenstat.disclosure import (
    Attacker,
    Dominance,
    Policy,
    amounts,
    audit,
    flat,
    from_records,
    layout,
    policy,
    protect,
    protect_sums,
    suppress_cells,
)
from evenstat.disclosure.magnitudes import (
    averages,
    gap_percent,
    medians,
    percentage,
    primary_sums,
    upper_protection_levels,
)
from evenstat.errors import CannotProtect, InvalidCount, InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, Suppressed


def of_grades(**values):
    """A one-way table from the amounts of each grade: G1=[...], G2=[...]."""
    codes = [code for code, amounts_of_grade in values.items() for _ in amounts_of_grade]
    shape = layout([flat("grade", values)], [["grade"]])
    return amounts(
        shape,
        {"grade": codes},
        [value for amounts_of_grade in values.values() for value in amounts_of_grade],
        largest=3,
    )


def trial_policy(**changes):
    return Policy(id="trial", name="", description="", **({"threshold": 1} | changes))


def test_sums_and_contributors():
    table = of_grades(G1=[5, 1, 3], G2=[7], G3=[])
    assert table.sums.tolist() == [16, 9, 7, 0]
    assert table.contributors.tolist() == [4, 3, 1, 0]
    assert table.largest.tolist() == [[7, 5, 3], [5, 3, 1], [7, 0, 0], [0, 0, 0]]
    assert [table.of(cell).tolist() for cell in range(4)] == [[1, 3, 5, 7], [1, 3, 5], [7], []]


def test_sums_agree_with_counts_over_the_same_tables():
    random = np.random.default_rng(3)
    grade, sex = (random.choice(codes, 200).tolist() for codes in (["G1", "G2", "G3"], ["F", "M"]))
    values = random.integers(0, 100, 200).tolist()
    shape = layout([flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    table = amounts(shape, {"grade": grade, "sex": sex}, values)
    tables = from_records(shape, {"grade": grade, "sex": sex}, values)
    assert table.sums.tolist() == tables.counts.tolist()
    for cell in range(len(shape)):
        contributions = sorted(table.of(cell).tolist(), reverse=True)
        assert table.largest[cell].tolist() == contributions[:2]
        assert sum(contributions) == table.sums[cell]


@pytest.mark.parametrize(
    ("values", "changes", "is_primary", "protection"),
    [
        ([40, 30, 20, 10], {"contributors": 5}, True, 1),  # four people; the others, 30, are more than 10% of 40
        ([100, 5, 1], {"contributors": 5}, True, 9),  # 10% of 100 is 10, and the others contribute 1
        ([100, 50, 10], {"p_percent": 10}, False, 1),  # the others contribute 10, which is 10% of 100
        ([100, 50, 9], {"p_percent": 10}, True, 1),
        ([100, 50, 2], {"p_percent": 15}, True, 13),
        ([80, 11, 9], {"dominance": Dominance(largest=1, percent=80)}, False, 1),
        ([81, 10, 9], {"dominance": Dominance(largest=1, percent=80)}, True, 2),  # 81 is 80% of 101.25
        ([50, 41, 9], {"dominance": Dominance(largest=2, percent=90)}, True, 2),  # 91 is 90% of 101.1
        ([34, 34, 33], {"dominance": Dominance(largest=3, percent=99)}, True, 2),  # 101 is 99% of 102.02
    ],
    ids=str,
)
def test_primary_suppression_and_upper_protection_level(values, changes, is_primary, protection):
    table, trial = of_grades(G1=values, G2=[1000] * 20), trial_policy(**changes)
    cell = table.shape.cell(["G1"])
    assert bool(primary_sums(table, trial)[cell]) == is_primary
    if is_primary:
        assert upper_protection_levels(table, trial)[cell] == protection


def test_the_second_largest_contributor_cannot_estimate_the_largest():
    """100, 90 and 2: the contributor of 90 subtracts it from the upper bound, which stays well above 100."""
    table = of_grades(G1=[100, 90, 2], G2=[50] * 8, G3=[60] * 9)
    trial = trial_policy(p_percent=20)
    protected = protect_sums(table, trial)
    audited = audit(protected.publication, Attacker.ZEROS_SHOWN)
    cell = table.shape.cell(["G1"])
    high = int(audited.high[audited.cells == cell][0])
    assert high - 90 >= 120


def test_every_primary_sum_has_its_upper_protection_level():
    random = np.random.default_rng(5)
    size = 400
    columns = {
        "grade": random.choice([f"G{grade}" for grade in range(6)], size, p=[0.4, 0.3, 0.15, 0.1, 0.04, 0.01]).tolist(),
        "sex": random.choice(["F", "M"], size).tolist(),
        "site": random.choice(["S1", "S2", "S3"], size, p=[0.7, 0.25, 0.05]).tolist(),
    }
    pay = (random.lognormal(10.3, 0.4, size) * 100).astype(int).tolist()
    shape = layout(
        [flat(name, sorted(set(column))) for name, column in columns.items()], [["grade", "sex"], ["grade", "site"]]
    )
    table = amounts(shape, columns, pay)
    trial = trial_policy(threshold=4, contributors=5, p_percent=10, dominance=Dominance(largest=2, percent=85))
    protected = protect_sums(table, trial)
    assert protected.suppressed[protected.primary].all()
    audited = audit(protected.publication, Attacker.NON_NEGATIVE)
    upper_bounds = dict(zip(audited.cells.tolist(), audited.high.tolist(), strict=True))
    assert not len(audited.exactly_disclosed)
    for cell in np.flatnonzero(protected.primary).tolist():
        required = table.sums[cell] + protected.upper_protection[cell]
        assert upper_bounds[cell] < 0 or upper_bounds[cell] >= required
    singletons = [cells for cells in table.people.singletons if protected.suppressed[cells].any()]
    assert singletons
    for contributor in singletons:
        assert not len(audit(protected.seen_by(contributor), Attacker.NON_NEGATIVE).exactly_disclosed)
    assert protect_sums(table, trial).suppressed.tolist() == protected.suppressed.tolist()


def test_the_audit_of_large_sums_is_exact():
    """Tens of billions of pence, beyond the tolerance of the solver: the bounds are still exact to the penny."""
    random = np.random.default_rng(11)
    columns = {name: random.choice([f"{name}{number}" for number in range(6)], 300).tolist() for name in "ab"}
    shape = layout([flat(name, sorted(set(columns[name]))) for name in "ab"], [["a", "b"]])
    small = from_records(shape, columns, [1] * 300).counts
    hidden = small < 7
    expected = audit(suppress_cells(shape, small, hidden, zeros_shown=False), Attacker.NON_NEGATIVE)
    factor = 10**9
    large = audit(suppress_cells(shape, small * factor, hidden, zeros_shown=False), Attacker.NON_NEGATIVE)
    assert (large.low == expected.low * factor).all()
    assert (large.high == expected.high * factor).all()


def test_the_sum_of_a_suppressed_count_is_suppressed():
    grade, sex = ["G1"] * 12 + ["G2"] * 9 + ["G3"] * 10, (["F"] * 3 + ["M"] * 9 + ["F"] * 9 + ["F"] * 4 + ["M"] * 6)
    shape = layout([flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    table = amounts(shape, {"grade": grade, "sex": sex}, [20_000_00] * 31)
    counts = protect(table.people, policy("council_lt5"))
    protected = protect_sums(table, policy("council_lt5"), counts=counts)
    assert protected.suppressed[counts.suppressed].all()
    shown = averages(protected)
    assert all(isinstance(shown[cell], Suppressed) for cell in np.flatnonzero(counts.suppressed))
    assert shown[0] == 20_000_00
    assert str(shown[shape.cell(["G2", "M"])]) == "[z]"  # nobody
    fewer = from_records(shape, {"grade": grade[1:], "sex": sex[1:]}, [1] * 30)
    with pytest.raises(InvalidInput, match="counts 30 people and 31 contributors"):
        protect_sums(table, policy("council_lt5"), counts=protect(fewer, policy("council_lt5")))


def test_averages_medians_and_gaps_are_suppressed_with_their_sums():
    table = of_grades(G1=[10, 20, 60, 70, 90], G2=[30] * 4, G3=[40] * 9, G4=[20] * 3)
    protected = protect_sums(table, trial_policy(threshold=4, contributors=5))
    mean, median = averages(protected), medians(protected)
    assert [figure for figure in mean if not isinstance(figure, Suppressed)] == [mean[0], 50.0, 40.0]
    assert median[1] == 60.0
    assert gap_percent(protected, mean, 1, 3) == -25.0
    assert gap_percent(protected, median, 3, 1) == pytest.approx(100 / 3)
    assert gap_percent(protected, mean, 2, 1) == CONFIDENTIAL
    with pytest.raises(InvalidInput, match="2 figures for 5 cells"):
        gap_percent(protected, mean[:2], 0, 1)


def test_a_percentage_needs_both_counts_and_a_large_enough_base():
    shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [30, 20, 0])
    protected = protect(tables, policy("council_lt10"))
    assert percentage(protected, 1, 0) == 60.0
    assert percentage(protected, 1, 1) == 100.0
    assert str(percentage(protected, 3, 3)) == "[z]"
    small = protect(from_records(shape, {"grade": ["G1", "G2", "G3"]}, [30, 4, 7]), policy("council_lt5"))
    assert percentage(small, 2, 0) == CONFIDENTIAL
    with pytest.raises(InvalidInput, match="it is not a part of it"):
        percentage(protected, 0, 1)


def test_zeros_are_suppressed_with_their_sums_where_the_policy_requires_it():
    table = of_grades(G1=[100] * 30, G2=[], G3=[90] * 30, G4=[80] * 20)
    protected = protect_sums(table, policy("sro_acro"), attacker=Attacker.ZEROS_SHOWN)
    assert protected.suppressed[table.shape.cell(["G2"])]
    assert protected.suppressed.sum() >= 2


def test_invalid_input_is_refused():
    shape = layout([flat("grade", ["G1"])], [["grade"]])
    with pytest.raises(InvalidCount, match="Record 2 has an amount of -5"):
        amounts(shape, {"grade": ["G1", "G1"]}, [3, -5])
    with pytest.raises(InvalidCount, match="give money in pence"):
        amounts(shape, {"grade": ["G1"]}, [3.5])
    with pytest.raises(InvalidInput, match="not a category"):
        amounts(shape, {"grade": ["G9"]}, [3])
    table = of_grades(G1=[5, 1], G2=[9] * 9, G3=[8] * 7)
    with pytest.raises(UnknownPolicy, match="largest=4"):
        protect_sums(table, trial_policy(dominance=Dominance(largest=4, percent=90)))
    with pytest.raises(UnknownPolicy, match="Use one that suppresses"):
        protect_sums(table, policy("hesa"))
    with pytest.raises(CannotProtect, match="choose one"):
        protect_sums(table, trial_policy(contributors=5), publish=[1], suppress=[1])
    with pytest.raises(CannotProtect, match="can be derived from cells that must be published"):
        protect_sums(table, trial_policy(contributors=5), publish=[0, 2, 3])
