"""Each way of rounding on small tables that can be followed with a pencil."""

from dataclasses import replace

import numpy as np
import pytest

from evenstat.disclosure import (
    Attacker,
    Method,
    Policy,
    Records,
    Remedy,
    audit,
    flat,
    from_records,
    layout,
    policy,
    protect,
    record_keys,
    rounded,
)
from evenstat.disclosure.rounding import noise_table
from evenstat.errors import CannotProtect, InvalidInput, UnknownPolicy

ADD_UP = Policy(id="adds", name="Adds up", description="", method=Method.ROUND_TO_ADD_UP, base=5)
SMALL = Policy(id="small", name="Small", description="", method=Method.ROUND_SMALL, base=3)
KEYS = Policy(id="keys", name="Keys", description="", method=Method.CELL_KEY, distance=4, variance=2.0)


def one_way(*counts):
    codes = [f"G{place}" for place in range(1, len(counts) + 1)]
    return from_records(layout([flat("grade", codes)], [["grade"]]), {"grade": codes}, counts)


def printed(counts, rule):
    return [str(each) for each in rounded(one_way(*counts), rule).values]


# policy, counts, printed: the total first
NEAREST = [
    ("hesa", (0, 1, 2, 3, 7, 8), ["20", "0", "0", "0", "5", "5", "10"]),
    ("ofqual", (0, 1, 4, 5, 7, 8), ["25", "0", "[low]", "[low]", "5", "5", "10"]),
    ("nhs_hes", (0, 1, 7, 8, 12, 13), ["40", "0", "[low]", "[low]", "10", "10", "15"]),
    ("mod", (4, 5, 6, 15, 25, 35), ["90", "0", "0", "10", "20", "20", "40"]),
]


@pytest.mark.parametrize(("rule", "counts", "expected"), NEAREST, ids=[each[0] for each in NEAREST])
def test_nearest(rule, counts, expected):
    assert printed(counts, policy(rule)) == expected


@pytest.mark.parametrize(
    ("rule", "counts", "ranges"),
    [
        ("hesa", (0, 3, 40), [(0, 2), (3, 7), (38, 42)]),
        ("ofqual", (0, 3, 5, 40), [(0, 0), (1, 4), (5, 7), (38, 42)]),
        ("nhs_hes", (0, 3, 8, 40), [(0, 0), (1, 7), (8, 12), (38, 42)]),
        ("mod", (0, 15, 26, 40), [(0, 5), (15, 25), (26, 34), (35, 45)]),
    ],
    ids=["hesa", "ofqual", "nhs_hes", "mod"],
)
def test_what_a_reader_may_conclude_from_a_figure_alone(rule, counts, ranges):
    found = rounded(one_way(*counts), policy(rule)).publication
    assert list(zip(found.low[1:].tolist(), found.high[1:].tolist(), strict=True)) == ranges


def test_rounded_to_add_up():
    assert printed((1, 1, 1, 1, 1), ADD_UP) in (["5", *row] for row in np.where(np.eye(5), "5", "0").tolist())
    found = rounded(one_way(3, 3, 3, 0), ADD_UP)
    assert found.adds_up
    assert found.proven
    assert found.figures.tolist()[0] == 10  # 9, and so two of the threes go up
    assert found.figures.tolist()[4] == 0
    assert printed((10, 5, 0, 15), ADD_UP) == ["30", "10", "5", "0", "15"]  # multiples stay


def test_a_count_that_figures_together_give_away_is_kept_back():
    """Four groups of 2 are printed 0, at most 2 each; their total of 8 is printed 10, at least 8."""
    tables = one_way(2, 2, 2, 2)
    assert rounded(tables, policy("hesa")).exact.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(CannotProtect, match=r"together give the total, G1, G2, G3, G4 away"):
        rounded(tables, replace(policy("hesa"), if_exact=Remedy.REFUSE))
    mended = rounded(tables, replace(policy("hesa"), if_exact=Remedy.WITHHOLD))
    assert mended.withheld.sum() == 1
    assert not len(mended.exact)
    assert "[c]" in [str(each) for each in mended.values]
    assert not len(audit(mended.publication, Attacker.B).exact)


def test_who_is_alone_in_a_group_learns_nothing_of_others():
    """G1 is one person, printed 0 to 2. G2 is 3 and G3 is 2; 6 in all, printed 5."""
    rule = replace(policy("hesa"), if_exact=Remedy.WITHHOLD)
    found = rounded(one_way(1, 2, 2, 3), rule, attacker=Attacker.C)
    assert not len(found.exact)


def test_small_counts_become_0_or_the_base_and_all_adds_up():
    shape = layout([flat("grade", ["G1", "G2"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    people = Records({"grade": ["G1", "G1", "G2", "G2"], "sex": ["F", "M", "F", "M"]}, [1, 2, 20, 2])
    found = rounded(people.over(shape), SMALL, records=people)
    figures = {shape.named(cell): figure for cell, figure in enumerate(found.figures.tolist())}
    assert found.adds_up
    assert figures["G2 / F"] == 20  # large inner counts stay
    assert {figures[name] for name in ("G1 / F", "G1 / M", "G2 / M")} == {0, 3}
    assert not ((found.figures > 0) & (found.figures < 3)).any()


def test_the_same_people_move_a_count_alike_in_every_table():
    ids = [f"{number:05}" for number in range(40)]
    keys = record_keys(ids, b"kept by the authority alone")
    sex, grade = ["F", "M"] * 20, ["G1"] * 10 + ["G2"] * 30
    people = Records({"grade": grade, "sex": sex}, [1] * 40)
    both = [flat("grade", ["G1", "G2"]), flat("sex", ["F", "M"])]
    small, large = layout(both, [["grade"]]), layout(both, [["grade", "sex"]])
    found = [rounded(people.over(shape), KEYS, records=people, keys=keys) for shape in (small, large)]
    for cell in range(len(small)):
        assert found[0].figures[cell] == found[1].figures[large.cell(small.key(cell))]
    order = np.random.default_rng(1).permutation(40)
    shuffled = Records({"grade": [grade[at] for at in order], "sex": [sex[at] for at in order]}, [1] * 40)
    again = rounded(shuffled.over(large), KEYS, records=shuffled, keys=[keys[at] for at in order])
    assert again.figures.tolist() == found[1].figures.tolist()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 50])
def test_noise_leaves_counts_as_they_are_on_average(count):
    table = noise_table(KEYS, count)
    assert sum(table.values()) == pytest.approx(1)
    assert sum(move * likely for move, likely in table.items()) == pytest.approx(0, abs=1e-3)
    if count:
        assert sum(move**2 * likely for move, likely in table.items()) == pytest.approx(2.0, abs=1e-2)
        assert (min(table), max(table)) == (-min(count, 4), 4)


def test_a_true_zero_stays():
    people = Records({"grade": ["G1"] * 3}, [1] * 3)
    shape = layout([flat("grade", ["G1", "G2"])], [["grade"]])
    found = rounded(people.over(shape), KEYS, records=people, keys=[1, 2, 3])
    assert found.values[shape.cell(["G2"])] == 0
    assert found.publication.high[shape.cell(["G2"])] == 4  # a reader does not know that it is one


def test_refusals():
    tables = one_way(3, 4, 5)
    with pytest.raises(UnknownPolicy, match="use `protect`"):
        rounded(tables, policy("council_lt5"))
    with pytest.raises(UnknownPolicy, match="use `rounded`"):
        protect(tables, policy("hesa"))
    with pytest.raises(InvalidInput, match="give records of people"):
        rounded(tables, SMALL)
    people = Records({"grade": ["G1", "G2", "G3"]}, [3, 4, 5])
    with pytest.raises(InvalidInput, match="give a key for each record"):
        rounded(tables, KEYS, records=people)
    with pytest.raises(InvalidInput, match="2 keys are given for 3 records"):
        rounded(tables, KEYS, records=people, keys=[1, 2])
    with pytest.raises(InvalidInput, match="add up to other counts"):
        rounded(one_way(3, 4, 6), SMALL, records=people)
    with pytest.raises(InvalidInput, match="16 or more"):
        record_keys(["1"], b"short")
    with pytest.raises(InvalidInput, match="'1' is given twice"):
        record_keys(["1", "1"], b"kept by the authority alone")
