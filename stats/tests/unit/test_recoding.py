"""Recoding into fewer, larger groups: the possible merges, their information loss, and the best proposals."""

import math

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Attacker, Policy, audit, combine, flat, layout, nested, protect, suppress_cells
from evenstat.disclosure.recoding import (
    CoarserLevel,
    DropDimension,
    DropTable,
    MergeCodes,
    Recoding,
    bits,
    compare,
    merges,
    proposals,
    recode,
)
from evenstat.disclosure.tables import Records, Rollup
from evenstat.errors import InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", threshold=4)
UNDER_10 = Policy(id="under 10", name="", description="", threshold=9)
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
    return Recoding((MergeCodes(dimension, level, tuple(Rollup(new, tuple(codes)) for new, codes in groups.items())),))


def test_a_coarser_level():
    assert set(names(recode(SHAPE, Recoding((CoarserLevel("origin", "group"),))))) == set(
        names(layout([GRADE, ORIGIN], [["grade", "group"]]))
    )


def test_merged_siblings_keep_their_group():
    shape = recode(SHAPE, merge("origin", "origin", a2or3=["a2", "a3"]))
    assert {"A", "a1", "a2or3", "B", "b1", "W"} <= set(names(shape))
    assert not {"a2", "a3"} & set(names(shape))
    parts_of = {shape.named(total): {shape.named(int(part)) for part in parts} for total, parts in shape.sums()}
    assert parts_of["A"] == {"a1", "a2or3"}


def test_a_merge_across_groups_removes_those_groups():
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
        Recoding((CoarserLevel("origin", "group"), DropDimension("grade"))),
    ],
)
def test_recoded_tables_add_up_and_can_be_joined_with_the_original(recoding):
    shape = recode(SHAPE, recoding)
    tables = RECORDS.over(shape)
    for total, parts in shape.sums():
        assert tables.counts[total] == tables.counts[parts].sum()
    original = RECORDS.over(SHAPE)
    both = combine([suppress_cells(t.shape, t.counts, t.counts < 0) for t in (tables, original)])
    assert not len(audit(both, Attacker.NON_NEGATIVE).cells)


def test_dropping_a_table_or_a_dimension():
    shape = layout([GRADE, ORIGIN], [["grade", "origin"], ["grade"]])
    assert names(recode(shape, Recoding((DropTable(("grade", "origin")),)))) == ["the total", *GRADE.categories]
    assert names(recode(shape, Recoding((DropDimension("origin"),)))) == ["the total", *GRADE.categories]
    with pytest.raises(InvalidInput, match="Nothing is left of the tables: without grade; without origin"):
        recode(shape, Recoding((DropDimension("grade"), DropDimension("origin"))))


@pytest.mark.parametrize(
    ("recoding", "message"),
    [
        (Recoding((CoarserLevel("sex", "sex"),)), "There is no dimension 'sex'. Use grade, origin"),
        (Recoding((CoarserLevel("origin", "area"),)), "'origin' has no level 'area': use group, origin"),
        (merge("origin", "area", x=["a1"]), "'origin' has no level 'area'"),
        (merge("origin", "origin", x=["a1", "zz"]), "'zz' can't be merged: give codes of origin, each once"),
        (merge("origin", "origin", x=["a1", "a2"], y=["a2", "a3"]), "each once"),
        (merge("origin", "origin", B=["a1", "a2"]), "'B' is a code of origin already"),
    ],
)
def test_invalid_recodings_are_refused(recoding, message):
    with pytest.raises(InvalidInput, match=message):
        recode(SHAPE, recoding)


def test_ordered_categories_are_merged_only_with_neighbours():
    people = {"G1": 50, "G2": 9, "G3": 80, "G4": 4, "G5": 30}
    for proposal in merges(GRADE, "grade", people, ordered=True):
        for group in proposal.groups:
            positions = [GRADE.categories.index(code) for code in group.children]
            assert positions == list(range(positions[0], positions[-1] + 1))


def test_unordered_categories_are_merged_with_siblings_or_into_a_remainder():
    people = dict(zip(ORIGIN.categories, [24, 10, 6, 35, 11, 222], strict=True))
    proposed = merges(ORIGIN, "origin", people, ordered=False)
    merged = [[group.children for group in proposal.groups] for proposal in proposed]
    assert [("a2", "a3")] in merged
    assert [("a1", "a2", "a3", "b2")] in merged or [("a2", "a3", "b2")] in merged
    assert all(len(set(codes)) > 1 for groups in merged for codes in groups)


def test_information_in_bits_by_hand():
    tables = RECORDS.over(layout([GRADE], [["grade"]]))
    counts = tables.counts[1:]
    entropy = -sum(n / counts.sum() * math.log2(n / counts.sum()) for n in counts)
    assert bits(tables, tables.counts < 0) == pytest.approx(entropy)
    hidden = np.isin(tables.counts, sorted(counts)[:2])
    merged = [*sorted(counts)[2:], sum(sorted(counts)[:2])]
    assert bits(tables, hidden) == pytest.approx(-sum(n / counts.sum() * math.log2(n / counts.sum()) for n in merged))
    assert bits(Records({"grade": ["G1"]}, [0]).over(layout([GRADE], [["grade"]])), tables.counts < 0) == 0


def test_merging_never_adds_information():
    original = bits(RECORDS.over(SHAPE), np.zeros(len(SHAPE), dtype=bool))
    for proposal in proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=20):
        tables = RECORDS.over(proposal.shape)
        assert bits(tables, np.zeros(len(proposal.shape), dtype=bool)) <= original + 1e-9
        assert 0 <= proposal.cost.kept <= 1
        assert proposal.cost.kept == pytest.approx(1 - proposal.cost.bits_lost / original)


def test_proposals_are_safe_and_best_first():
    proposed = proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=40)
    kept = [round(proposal.cost.kept, 2) for proposal in proposed]
    assert kept == sorted(kept, reverse=True)
    assert CoarserLevel("origin", "group") in {change for proposal in proposed for change in proposal.recoding.changes}
    assert any(len(proposal.recoding.changes) == 2 for proposal in proposed)
    for proposal in proposed:
        pattern = proposal.pattern
        assert proposal.cost.suppressed == int(pattern.suppressed.sum())
        assert proposal.cost.cells == len(proposal.shape)
        for attacker in Attacker:
            assert not len(audit(pattern.publication, attacker, singletons=pattern.tables.singletons).exactly_disclosed)
    again = proposals(SHAPE, RECORDS, UNDER_5, ordered=["grade"], budget=40)
    assert [(proposal.words, proposal.cost) for proposal in again] == [
        (proposal.words, proposal.cost) for proposal in proposed
    ]


def test_a_proposal_suppresses_less_than_the_original_tables():
    original = protect(RECORDS.over(SHAPE), UNDER_5, budget=40).loss
    proposed = proposals(SHAPE, RECORDS, UNDER_5, budget=40)
    assert min(proposal.cost.suppressed for proposal in proposed) < original.suppressed / 2


def test_policies_and_recodings_are_compared():
    coarser = Recoding((CoarserLevel("origin", "group"),))
    comparison = compare(SHAPE, RECORDS, [UNDER_5, UNDER_10], [coarser], budget=40)
    assert [(row.policy.id, row.recoding.words) for row in comparison.rows] == [
        ("under 5", "as it is"),
        ("under 5", "origin by group"),
        ("under 10", "as it is"),
        ("under 10", "origin by group"),
    ]
    original, by_group, stricter, _ = [row.cost for row in comparison.rows]
    assert by_group.suppressed < original.suppressed <= stricter.suppressed
    assert by_group.cells + by_group.cells_lost == original.cells
    assert original.cells_lost == 0
    assert comparison.best is max(comparison.rows, key=lambda row: row.cost.kept)


def test_unpublished_tables_stay_unpublished():
    shape = layout([GRADE, ORIGIN], [["grade"], ["origin"]], unpublished=[["grade", "origin"]])
    recoded = recode(shape, Recoding((CoarserLevel("origin", "group"),)))
    assert {recoded.named(int(cell)) for cell in np.flatnonzero(~recoded.unpublished)} == {
        "the total",
        *GRADE.categories,
        "A",
        "B",
        "W",
    }
    assert recoded.unpublished.any()
