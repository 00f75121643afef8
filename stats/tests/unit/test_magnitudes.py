"""Sums of amounts, what is unsafe of them by hand, and what is worked out from them."""

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
    suppressed,
)
from evenstat.disclosure.magnitudes import averages, gap_percent, medians, percentage, rises, unsafe_sums
from evenstat.errors import CannotProtect, InvalidCount, InvalidInput, UnknownPolicy
from evenstat.estimates import CONFIDENTIAL, Hidden


def of_grades(**values):
    """One way: G1=[...], G2=[...]."""
    codes = [code for code, each in values.items() for _ in each]
    shape = layout([flat("grade", values)], [["grade"]])
    return amounts(shape, {"grade": codes}, [value for each in values.values() for value in each], largest=3)


def rule(**changes):
    return Policy(id="trial", name="", description="", **({"hide_to": 1} | changes))


def unsafe(made, policy):
    return [made.shape.named(int(cell)) for cell in np.flatnonzero(unsafe_sums(made, policy))]


def test_sums_and_who_contributes_what():
    made = of_grades(G1=[5, 1, 3], G2=[7], G3=[])
    assert made.sums.tolist() == [16, 9, 7, 0]
    assert made.contributors.tolist() == [4, 3, 1, 0]
    assert made.largest.tolist() == [[7, 5, 3], [5, 3, 1], [7, 0, 0], [0, 0, 0]]
    assert [made.of(cell).tolist() for cell in range(4)] == [[1, 3, 5, 7], [1, 3, 5], [7], []]


def test_they_are_the_sums_of_counts_over_any_tables():
    random = np.random.default_rng(3)
    grade, sex = (random.choice(each, 200).tolist() for each in (["G1", "G2", "G3"], ["F", "M"]))
    values = random.integers(0, 100, 200).tolist()
    shape = layout([flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    made = amounts(shape, {"grade": grade, "sex": sex}, values)
    tables = from_records(shape, {"grade": grade, "sex": sex}, values)
    assert made.sums.tolist() == tables.counts.tolist()
    for cell in range(len(shape)):
        inside = sorted(made.of(cell).tolist(), reverse=True)
        assert made.largest[cell].tolist() == inside[:2]
        assert sum(inside) == made.sums[cell]


@pytest.mark.parametrize(
    ("values", "changes", "found", "lacking"),
    [
        ([40, 30, 20, 10], {"contributors": 5}, True, 1),  # four people; the rest, 30, is more than 10% of 40
        ([100, 5, 1], {"contributors": 5}, True, 9),  # 10% of 100 is 10, and others bring 1
        ([100, 50, 10], {"p_percent": 10}, False, 1),  # others bring 10, which is 10% of 100
        ([100, 50, 9], {"p_percent": 10}, True, 1),
        ([100, 50, 2], {"p_percent": 15}, True, 13),
        ([80, 11, 9], {"dominance": Dominance(largest=1, percent=80)}, False, 1),
        ([81, 10, 9], {"dominance": Dominance(largest=1, percent=80)}, True, 2),  # 81 is 80% of 101.25
        ([50, 41, 9], {"dominance": Dominance(largest=2, percent=90)}, True, 2),  # 91 is 90% of 101.1
        ([34, 34, 33], {"dominance": Dominance(largest=3, percent=99)}, True, 2),  # 101 is 99% of 102.02
    ],
    ids=str,
)
def test_what_is_unsafe_and_what_it_lacks(values, changes, found, lacking):
    made, trial = of_grades(G1=values, G2=[1000] * 20), rule(**changes)
    cell = made.shape.cell(["G1"])
    assert bool(unsafe_sums(made, trial)[cell]) == found
    if found:
        assert rises(made, trial)[cell] == lacking


def test_the_second_largest_can_not_work_out_the_largest():
    """90 and 100 and a little: whoever has 90 takes it off the most that the sum may be, and is far from the 100."""
    made = of_grades(G1=[100, 90, 2], G2=[50] * 8, G3=[60] * 9)
    trial = rule(p_percent=20)
    found = protect_sums(made, trial)
    ranges = audit(found.publication, Attacker.B)
    cell = made.shape.cell(["G1"])
    high = int(ranges.high[ranges.cells == cell][0])
    assert high - 90 >= 120


def test_every_unsafe_sum_rises_as_far_as_its_rule_asks():
    random = np.random.default_rng(5)
    size = 400
    columns = {
        "grade": random.choice([f"G{each}" for each in range(6)], size, p=[0.4, 0.3, 0.15, 0.1, 0.04, 0.01]).tolist(),
        "sex": random.choice(["F", "M"], size).tolist(),
        "site": random.choice(["S1", "S2", "S3"], size, p=[0.7, 0.25, 0.05]).tolist(),
    }
    pay = (random.lognormal(10.3, 0.4, size) * 100).astype(int).tolist()
    shape = layout(
        [flat(name, sorted(set(column))) for name, column in columns.items()], [["grade", "sex"], ["grade", "site"]]
    )
    made = amounts(shape, columns, pay)
    trial = rule(hide_to=4, contributors=5, p_percent=10, dominance=Dominance(largest=2, percent=85))
    found = protect_sums(made, trial)
    assert found.hidden[found.unsafe].all()
    ranges = audit(found.publication, Attacker.A)
    top = dict(zip(ranges.cells.tolist(), ranges.high.tolist(), strict=True))
    assert not len(ranges.exact)
    assert not [cell for cell in np.flatnonzero(found.unsafe) if 0 <= top[cell] < made.sums[cell] + found.rise[cell]]
    alone = [each for each in made.people.alone if found.hidden[each].any()]
    assert alone
    for contributor in alone:
        assert not len(audit(found.seen_by(contributor), Attacker.A).exact)
    assert protect_sums(made, trial).hidden.tolist() == found.hidden.tolist()


def test_the_audit_of_large_sums_is_that_of_small_ones():
    """Tens of billions of pence, where a solver's own tolerance is too fine: bounds to the penny all the same."""
    random = np.random.default_rng(11)
    columns = {name: random.choice([f"{name}{each}" for each in range(6)], 300).tolist() for name in "ab"}
    shape = layout([flat(name, sorted(set(columns[name]))) for name in "ab"], [["a", "b"]])
    small = from_records(shape, columns, [1] * 300).counts
    hidden = small < 7
    found = audit(suppressed(shape, small, hidden, zeros_shown=False), Attacker.A)
    by = 10**9
    large = audit(suppressed(shape, small * by, hidden, zeros_shown=False), Attacker.A)
    assert (large.low == found.low * by).all()
    assert (large.high == found.high * by).all()


def test_where_a_count_is_hidden_so_is_its_sum():
    grade, sex = ["G1"] * 12 + ["G2"] * 9 + ["G3"] * 10, (["F"] * 3 + ["M"] * 9 + ["F"] * 9 + ["F"] * 4 + ["M"] * 6)
    shape = layout([flat("grade", ["G1", "G2", "G3"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    made = amounts(shape, {"grade": grade, "sex": sex}, [20_000_00] * 31)
    counts = protect(made.people, policy("council_lt5"))
    found = protect_sums(made, policy("council_lt5"), counts=counts)
    assert found.hidden[counts.hidden].all()
    shown = averages(found)
    assert all(isinstance(shown[cell], Hidden) for cell in np.flatnonzero(counts.hidden))
    assert shown[0] == 20_000_00
    assert str(shown[shape.cell(["G2", "M"])]) == "[z]"  # nobody
    fewer = from_records(shape, {"grade": grade[1:], "sex": sex[1:]}, [1] * 30)
    with pytest.raises(InvalidInput, match="counts 30 people and 31 contributors"):
        protect_sums(made, policy("council_lt5"), counts=protect(fewer, policy("council_lt5")))


def test_averages_medians_and_gaps_follow_the_sums():
    made = of_grades(G1=[10, 20, 60, 70, 90], G2=[30] * 4, G3=[40] * 9, G4=[20] * 3)
    found = protect_sums(made, rule(hide_to=4, contributors=5))
    mean, median = averages(found), medians(found)
    assert [each for each in mean if not isinstance(each, Hidden)] == [mean[0], 50.0, 40.0]
    assert median[1] == 60.0
    assert gap_percent(found, mean, 1, 3) == -25.0
    assert gap_percent(found, median, 3, 1) == pytest.approx(100 / 3)
    assert gap_percent(found, mean, 2, 1) == CONFIDENTIAL
    with pytest.raises(InvalidInput, match="2 figures for 5 cells"):
        gap_percent(found, mean[:2], 0, 1)


def test_a_percentage_needs_both_counts_and_a_base():
    shape = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    tables = from_records(shape, {"grade": ["G1", "G2", "G3"]}, [30, 20, 0])
    found = protect(tables, policy("council_lt10"))
    assert percentage(found, 1, 0) == 60.0
    assert percentage(found, 1, 1) == 100.0
    assert str(percentage(found, 3, 3)) == "[z]"
    small = protect(from_records(shape, {"grade": ["G1", "G2", "G3"]}, [30, 4, 7]), policy("council_lt5"))
    assert percentage(small, 2, 0) == CONFIDENTIAL
    with pytest.raises(InvalidInput, match="it is no part of it"):
        percentage(found, 0, 1)


def test_zeros_that_are_telling_are_hidden_with_their_sums():
    made = of_grades(G1=[100] * 30, G2=[], G3=[90] * 30, G4=[80] * 20)
    found = protect_sums(made, policy("sro_acro"), attacker=Attacker.B)
    assert found.hidden[made.shape.cell(["G2"])]
    assert found.hidden.sum() >= 2


def test_refusals():
    shape = layout([flat("grade", ["G1"])], [["grade"]])
    with pytest.raises(InvalidCount, match="Record 2 has an amount of -5"):
        amounts(shape, {"grade": ["G1", "G1"]}, [3, -5])
    with pytest.raises(InvalidCount, match="give money in pence"):
        amounts(shape, {"grade": ["G1"]}, [3.5])
    with pytest.raises(InvalidInput, match="no category"):
        amounts(shape, {"grade": ["G9"]}, [3])
    made = of_grades(G1=[5, 1], G2=[9] * 9, G3=[8] * 7)
    with pytest.raises(UnknownPolicy, match="largest=4"):
        protect_sums(made, rule(dominance=Dominance(largest=4, percent=90)))
    with pytest.raises(UnknownPolicy, match="use one that hides"):
        protect_sums(made, policy("hesa"))
    with pytest.raises(CannotProtect, match="choose one"):
        protect_sums(made, rule(contributors=5), publish=[1], hide=[1])
    with pytest.raises(CannotProtect, match="follows from what must be published"):
        protect_sums(made, rule(contributors=5), publish=[0, 2, 3])
