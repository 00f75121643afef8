"""Each rounding method on small tables that can be checked by hand."""

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
    round_tables,
)
from evenstat.disclosure.rounding import noise_table
from evenstat.errors import CannotProtect, InvalidInput, UnknownPolicy

ADD_UP = Policy(id="adds", name="Adds up", description="", method=Method.ROUND_TO_ADD_UP, base=5)
SMALL = Policy(id="small", name="Small", description="", method=Method.ROUND_SMALL, base=3)
KEYS = Policy(id="keys", name="Keys", description="", method=Method.CELL_KEY, distance=4, variance=2.0)


def one_way(*counts):
    codes = [f"G{number}" for number in range(1, len(counts) + 1)]
    return from_records(layout([flat("grade", codes)], [["grade"]]), {"grade": codes}, counts)


def printed(counts, rounding_policy):
    return [str(value) for value in round_tables(one_way(*counts), rounding_policy).values]


# policy, counts, printed values with the total first
NEAREST = [
    ("hesa", (0, 1, 2, 3, 7, 8), ["20", "0", "0", "0", "5", "5", "10"]),
    ("ofqual", (0, 1, 4, 5, 7, 8), ["25", "0", "[low]", "[low]", "5", "5", "10"]),
    ("nhs_hes", (0, 1, 7, 8, 12, 13), ["40", "0", "[low]", "[low]", "10", "10", "15"]),
    ("mod", (4, 5, 6, 15, 25, 35), ["90", "0", "0", "10", "20", "20", "40"]),
]


@pytest.mark.parametrize(("policy_id", "counts", "expected"), NEAREST, ids=[case[0] for case in NEAREST])
def test_rounding_to_the_nearest_multiple(policy_id, counts, expected):
    assert printed(counts, policy(policy_id)) == expected


@pytest.mark.parametrize(
    ("policy_id", "counts", "intervals"),
    [
        ("hesa", (0, 3, 40), [(0, 2), (3, 7), (38, 42)]),
        ("ofqual", (0, 3, 5, 40), [(0, 0), (1, 4), (5, 7), (38, 42)]),
        ("nhs_hes", (0, 3, 8, 40), [(0, 0), (1, 7), (8, 12), (38, 42)]),
        ("mod", (0, 15, 26, 40), [(0, 5), (15, 25), (26, 34), (35, 45)]),
    ],
    ids=["hesa", "ofqual", "nhs_hes", "mod"],
)
def test_the_interval_of_a_single_figure(policy_id, counts, intervals):
    publication = round_tables(one_way(*counts), policy(policy_id)).publication
    assert list(zip(publication.low[1:].tolist(), publication.high[1:].tolist(), strict=True)) == intervals


def test_controlled_rounding():
    assert printed((1, 1, 1, 1, 1), ADD_UP) in (["5", *row] for row in np.where(np.eye(5), "5", "0").tolist())
    result = round_tables(one_way(3, 3, 3, 0), ADD_UP)
    assert result.adds_up
    assert result.proven
    assert result.figures.tolist()[0] == 10  # 9, so two of the threes are rounded up
    assert result.figures.tolist()[4] == 0
    assert printed((10, 5, 0, 15), ADD_UP) == ["30", "10", "5", "0", "15"]  # multiples of the base do not change


def test_a_figure_is_withheld_to_prevent_exact_disclosure():
    """Four groups of 2 are printed as 0, so at most 2 each; their total of 8 is printed as 10, so at least 8."""
    tables = one_way(2, 2, 2, 2)
    assert round_tables(tables, policy("hesa")).exactly_disclosed.tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(CannotProtect, match=r"together disclose the total, G1, G2, G3, G4"):
        round_tables(tables, replace(policy("hesa"), if_exact=Remedy.REFUSE))
    result = round_tables(tables, replace(policy("hesa"), if_exact=Remedy.WITHHOLD))
    assert result.withheld.sum() == 1
    assert not len(result.exactly_disclosed)
    assert "[c]" in [str(value) for value in result.values]
    assert not len(audit(result.publication, Attacker.ZEROS_SHOWN).exactly_disclosed)


def test_a_singleton_cannot_work_out_other_counts():
    """G1 is one person, printed as 0, so from 0 to 2."""
    withholding = replace(policy("hesa"), if_exact=Remedy.WITHHOLD)
    result = round_tables(one_way(1, 2, 2, 3), withholding, attacker=Attacker.SINGLETON)
    assert not len(result.exactly_disclosed)


def test_small_count_rounding_gives_0_or_the_base_and_adds_up():
    shape = layout([flat("grade", ["G1", "G2"]), flat("sex", ["F", "M"])], [["grade", "sex"]])
    people = Records({"grade": ["G1", "G1", "G2", "G2"], "sex": ["F", "M", "F", "M"]}, [1, 2, 20, 2])
    result = round_tables(people.over(shape), SMALL, records=people)
    figures = {shape.named(cell): figure for cell, figure in enumerate(result.figures.tolist())}
    assert result.adds_up
    assert figures["G2 / F"] == 20  # large inner counts do not change
    assert {figures[name] for name in ("G1 / F", "G1 / M", "G2 / M")} == {0, 3}
    assert not ((result.figures > 0) & (result.figures < 3)).any()


def test_a_cell_key_changes_a_count_equally_in_every_table():
    ids = [f"{number:05}" for number in range(40)]
    keys = record_keys(ids, b"kept by the authority alone")
    sex, grade = ["F", "M"] * 20, ["G1"] * 10 + ["G2"] * 30
    people = Records({"grade": grade, "sex": sex}, [1] * 40)
    dimensions = [flat("grade", ["G1", "G2"]), flat("sex", ["F", "M"])]
    small, large = layout(dimensions, [["grade"]]), layout(dimensions, [["grade", "sex"]])
    results = [round_tables(people.over(shape), KEYS, records=people, keys=keys) for shape in (small, large)]
    for cell in range(len(small)):
        assert results[0].figures[cell] == results[1].figures[large.cell(small.key(cell))]
    order = np.random.default_rng(1).permutation(40)
    shuffled = Records({"grade": [grade[at] for at in order], "sex": [sex[at] for at in order]}, [1] * 40)
    again = round_tables(shuffled.over(large), KEYS, records=shuffled, keys=[keys[at] for at in order])
    assert again.figures.tolist() == results[1].figures.tolist()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 50])
def test_noise_has_mean_0_and_the_stated_variance(count):
    table = noise_table(KEYS, count)
    assert sum(table.values()) == pytest.approx(1)
    assert sum(change * probability for change, probability in table.items()) == pytest.approx(0, abs=1e-3)
    if count:
        assert sum(change**2 * probability for change, probability in table.items()) == pytest.approx(2.0, abs=1e-2)
        assert (min(table), max(table)) == (-min(count, 4), 4)


def test_a_true_zero_does_not_change():
    people = Records({"grade": ["G1"] * 3}, [1] * 3)
    shape = layout([flat("grade", ["G1", "G2"])], [["grade"]])
    result = round_tables(people.over(shape), KEYS, records=people, keys=[1, 2, 3])
    assert result.values[shape.cell(["G2"])] == 0
    assert result.publication.high[shape.cell(["G2"])] == 4  # an attacker does not know that it is a true zero


def test_invalid_input_is_refused():
    tables = one_way(3, 4, 5)
    with pytest.raises(UnknownPolicy, match="use `protect`"):
        round_tables(tables, policy("council_lt5"))
    with pytest.raises(UnknownPolicy, match="use `round_tables`"):
        protect(tables, policy("hesa"))
    with pytest.raises(InvalidInput, match="Give records of people"):
        round_tables(tables, SMALL)
    people = Records({"grade": ["G1", "G2", "G3"]}, [3, 4, 5])
    with pytest.raises(InvalidInput, match="Give a key for each record"):
        round_tables(tables, KEYS, records=people)
    with pytest.raises(InvalidInput, match="2 keys are given for 3 records"):
        round_tables(tables, KEYS, records=people, keys=[1, 2])
    with pytest.raises(InvalidInput, match="add up to different counts"):
        round_tables(one_way(3, 4, 6), SMALL, records=people)
    with pytest.raises(InvalidInput, match="16 or more"):
        record_keys(["1"], b"short")
    with pytest.raises(InvalidInput, match="'1' is given twice"):
        record_keys(["1", "1"], b"kept by the authority alone")
