"""Fewer and larger groups: what can be put together, what it costs, and which is best."""

import math

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Attacker, Policy, audit, flat, joined, layout, nested, protect, suppressed
from evenstat.disclosure.recoding import (
    Coarser,
    Drop,
    Merge,
    Recoding,
    Without,
    bits,
    compare,
    merges,
    proposals,
    recode,
)
from evenstat.disclosure.tables import Records, Rollup
from evenstat.errors import InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", hide_to=4)
UNDER_10 = Policy(id="under 10", name="", description="", hide_to=9)
GRADE = flat("grade", ["G1", "G2", "G3", "G4", "G5"])
ORIGIN = nested(
    "origin",
    [["group", "origin"]],
    {"origin": ["a1", "a2", "a3", "b1", "b2", "w"], "group": ["A", "A", "A", "B", "B", "W"]},
)
ROWS = [(grade, origin) for grade in GRADE.categories for origin in ORIGIN.categories]
PEOPLE = [2, 3, 0, 5, 1, 40, 6, 2, 3, 9, 2, 60, 12, 4, 1, 14, 5, 80, 3, 1, 0, 6, 3, 30, 1, 0, 2, 1, 0, 12]
RECORDS = Records({"grade": [row[0] for row in ROWS], "origin": [row[1] for row in ROWS]}, PEOPLE)
SHAPE = layout([GRADE, ORIGIN], [["grade", "origin"]])


def names(shape):
    return [shape.named(cell) for cell in range(len(shape))]


def merge(dimension, level, **groups):
    return Recoding((Merge(dimension, level, tuple(Rollup(new, tuple(codes)) for new, codes in groups.items())),))


def test_a_coarser_level():
    assert set(names(recode(SHAPE, Recoding((Coarser("origin", "group"),))))) == set(
        names(layout([GRADE, ORIGIN], [["grade", "group"]]))
    )


def test_siblings_put_together_keep_their_group():
    shape = recode(SHAPE, merge("origin", "origin", a2or3=["a2", "a3"]))
    assert {"A", "a1", "a2or3", "B", "b1", "W"} <= set(names(shape))
    assert not {"a2", "a3"} & set(names(shape))
    wholes = {shape.named(whole): {shape.named(int(each)) for each in parts} for whole, parts in shape.sums()}
    assert wholes["A"] == {"a1", "a2or3"}


def test_what_cuts_across_groups_leaves_out_those_groups():
    shape = recode(SHAPE, merge("origin", "origin", rest=["a3", "b2"]))
    assert not {"A", "B"} & set(names(shape))
    assert {"a1", "a2", "rest", "b1", "w"} <= set(names(shape))
    counts = RECORDS.over(shape).counts
    assert counts[shape.cell([TOTAL, "rest"])] == sum(
        n for (_, o), n in zip(ROWS, PEOPLE, strict=True) if o in ("a3", "b2")
    )


@pytest.mark.parametrize(
    "recoding",
    [
        merge("origin", "origin", rest=["a3", "b2"]),
        merge("origin", "group", AB=["A", "B"]),
        merge("grade", "grade", low=["G1", "G2"], high=["G4", "G5"]),
        Recoding((Coarser("origin", "group"), Without("grade"))),
    ],
)
def test_recoded_tables_add_up_and_join_the_old_ones(recoding):
    shape = recode(SHAPE, recoding)
    tables = RECORDS.over(shape)
    for whole, parts in shape.sums():
        assert tables.counts[whole] == tables.counts[parts].sum()
    old = RECORDS.over(SHAPE)
    both = joined([suppressed(each.shape, each.counts, each.counts < 0) for each in (tables, old)])
    assert not len(audit(both, Attacker.A).cells)


def test_a_table_or_a_dimension_less():
    shape = layout([GRADE, ORIGIN], [["grade", "origin"], ["grade"]])
    assert names(recode(shape, Recoding((Drop(("grade", "origin")),)))) == ["the total", *GRADE.categories]
    assert names(recode(shape, Recoding((Without("origin"),)))) == ["the total", *GRADE.categories]
    with pytest.raises(InvalidInput, match="Nothing is left of the tables: without grade; without origin"):
        recode(shape, Recoding((Without("grade"), Without("origin"))))


@pytest.mark.parametrize(
    ("recoding", "message"),
    [
        (Recoding((Coarser("sex", "sex"),)), "No dimension is called 'sex': use grade, origin"),
        (Recoding((Coarser("origin", "area"),)), "'origin' has no level 'area': use group, origin"),
        (merge("origin", "area", x=["a1"]), "'origin' has no level 'area'"),
        (merge("origin", "origin", x=["a1", "zz"]), "'zz' can't be merged: give codes of origin, each once"),
        (merge("origin", "origin", x=["a1", "a2"], y=["a2", "a3"]), "each once"),
        (merge("origin", "origin", B=["a1", "a2"]), "'B' is a code of origin already"),
    ],
)
def test_changes_that_do_not_fit(recoding, message):
    with pytest.raises(InvalidInput, match=message):
        recode(SHAPE, recoding)


def test_what_has_an_order_is_merged_with_neighbours_only():
    people = {"G1": 50, "G2": 9, "G3": 80, "G4": 4, "G5": 30}
    for each in merges(GRADE, "grade", people, ordered=True):
        for group in each.groups:
            places = [GRADE.categories.index(code) for code in group.children]
            assert places == list(range(places[0], places[-1] + 1))


def test_other_categories_go_with_siblings_or_into_the_rest():
    people = dict(zip(ORIGIN.categories, [24, 10, 6, 35, 11, 222], strict=True))
    found = [[group.children for group in each.groups] for each in merges(ORIGIN, "origin", people, ordered=False)]
    assert [("a2", "a3")] in found
    assert [("a1", "a2", "a3", "b2")] in found or [("a2", "a3", "b2")] in found
    assert all(len(set(codes)) > 1 for groups in found for codes in groups)


def test_bits_by_hand():
    tables = RECORDS.over(layout([GRADE], [["grade"]]))
    counts = tables.counts[1:]
    whole = -sum(n / counts.sum() * math.log2(n / counts.sum()) for n in counts)
    assert bits(tables, tables.counts < 0) == pytest.approx(whole)
    hidden = np.isin(tables.counts, sorted(counts)[:2])
    together = [*sorted(counts)[2:], sum(sorted(counts)[:2])]
    assert bits(tables, hidden) == pytest.approx(-sum(n / counts.sum() * math.log2(n / counts.sum()) for n in together))
    assert bits(Records({"grade": ["G1"]}, [0]).over(layout([GRADE], [["grade"]])), tables.counts < 0) == 0


def test_merging_never_tells_more():
    whole = bits(RECORDS.over(SHAPE), np.zeros(len(SHAPE), dtype=bool))
    for each in proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=20):
        tables = RECORDS.over(each.shape)
        assert bits(tables, np.zeros(len(each.shape), dtype=bool)) <= whole + 1e-9
        assert 0 <= each.cost.kept <= 1
        assert each.cost.kept == pytest.approx(1 - each.cost.bits_lost / whole)


def test_proposals_are_safe_and_best_first():
    found = proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=40)
    kept = [round(each.cost.kept, 2) for each in found]
    assert kept == sorted(kept, reverse=True)
    assert Coarser("origin", "group") in {change for each in found for change in each.recoding.changes}
    assert any(len(each.recoding.changes) == 2 for each in found)
    for each in found:
        assert each.cost.hidden == int(each.pattern.hidden.sum())
        assert each.cost.cells == len(each.shape)
        for reader in Attacker:
            assert not len(audit(each.pattern.publication, reader, alone=each.pattern.tables.alone).exact)
    again = proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=40)
    assert [(each.words, each.cost) for each in again] == [(each.words, each.cost) for each in found]


def test_some_proposal_hides_less_than_the_tables_as_they_are():
    plain = protect(RECORDS.over(SHAPE), UNDER_5, budget=40).loss
    assert min(each.cost.hidden for each in proposals(SHAPE, RECORDS, UNDER_5, budget=40)) < plain.hidden / 2


def test_policies_and_recodings_side_by_side():
    coarser = Recoding((Coarser("origin", "group"),))
    found = compare(SHAPE, RECORDS, [UNDER_5, UNDER_10], [coarser], budget=40)
    assert [(row.policy.id, row.recoding.words) for row in found.rows] == [
        ("under 5", "as it is"),
        ("under 5", "origin by group"),
        ("under 10", "as it is"),
        ("under 10", "origin by group"),
    ]
    plain, by_group, stricter, _ = [row.cost for row in found.rows]
    assert by_group.hidden < plain.hidden <= stricter.hidden
    assert by_group.cells + by_group.cells_lost == plain.cells
    assert plain.cells_lost == 0
    assert found.best is max(found.rows, key=lambda row: row.cost.kept)


def test_tables_behind_stay_behind():
    shape = layout([GRADE, ORIGIN], [["grade"], ["origin"]], behind=[["grade", "origin"]])
    recoded = recode(shape, Recoding((Coarser("origin", "group"),)))
    assert {recoded.named(int(cell)) for cell in np.flatnonzero(~recoded.behind)} == {
        "the total",
        *GRADE.categories,
        "A",
        "B",
        "W",
    }
    assert recoded.behind.any()
