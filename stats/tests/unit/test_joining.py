"""Releases about the same people, joined into one publication."""

from dataclasses import replace

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Attacker, audit, flat, from_records, layout, nested, suppress_cells
from evenstat.disclosure.recoding import MergeCodes, Recoding, recode
from evenstat.disclosure.tables import NO_LIMIT, Rollup, combine, combine_layouts, known_figures
from evenstat.errors import InvalidCount, InvalidInput

AGES = ["16-24", "25-29", "30-44", "45+"]
RECORDS = {"grade": ["G1", "G1", "G1", "G1", "G2", "G2"], "age": ["16-24", "25-29", "30-44", "45+", "16-24", "45+"]}
PEOPLE = [20, 3, 30, 9, 10, 10]
GRADE = flat("grade", ["G1", "G2"])


def ages(*bands):
    return nested("age", [["band", "age"]], {"age": AGES, "band": list(bands)})


EARLY = layout([GRADE, ages("under 25", "25 and over", "25 and over", "25 and over")], [["grade", "band"]])
LATER = layout([GRADE, ages("under 30", "under 30", "30 and over", "30 and over")], [["grade", "band"]])


def printed(shape, hide=(), **options):
    tables = from_records(shape, RECORDS, PEOPLE)
    hidden = np.zeros(len(shape), dtype=bool)
    hidden[[shape.cell(key) for key in hide]] = True
    return suppress_cells(shape, tables.counts, hidden, **options)


def figure(publication, *key):
    cell = publication.shape.cell(key)
    return int(publication.low[cell]), int(publication.high[cell]), bool(publication.suppressed[cell])


def test_a_release_joined_with_itself_is_unchanged():
    release = printed(LATER, [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")])
    both = combine([release, release])
    assert {both.shape.key(cell): figure(both, *both.shape.key(cell)) for cell in range(len(both.shape))} == {
        release.shape.key(cell): figure(release, *release.shape.key(cell)) for cell in range(len(release.shape))
    }
    assert len(both.shape.parents) == len(release.shape.parents)


def test_groups_derivable_by_differencing_are_unpublished_cells():
    joint = combine_layouts([EARLY, LATER])
    names = [joint.shape.named(int(cell)) for cell in np.flatnonzero(joint.by_differencing)]
    assert names == ["25-29", "G1 / 25-29", "G2 / 25-29"]
    assert joint.shape.unpublished[joint.by_differencing].all()


def test_two_groupings_together_disclose_the_group_between_them():
    both = combine([printed(EARLY), printed(LATER)])
    all_published = replace(both, shape=replace(both.shape, unpublished=np.zeros(len(both.shape), dtype=bool)))
    audited = audit(all_published, Attacker.NON_NEGATIVE)
    assert dict(zip(map(both.shape.named, audited.cells.tolist()), audited.low.tolist(), strict=True)) == {
        "25-29": 3,
        "G1 / 25-29": 3,
        "G2 / 25-29": 0,
    }
    assert len(audited.exactly_disclosed) == 3


def test_groupings_without_a_common_refinement_in_any_table_still_constrain_each_other():
    """ab + cd = ac + bd holds although no hierarchy says so: a, b, c and d are derivable by differencing."""
    letters = list("abcdefgh")
    first_grouping = nested(
        "x", [["pair", "x"]], {"x": letters, "pair": ["ab", "ab", "cd", "cd", "ef", "ef", "gh", "gh"]}
    )
    second_grouping = nested(
        "x", [["pair", "x"]], {"x": letters, "pair": ["ac", "bd", "ac", "bd", "eg", "fh", "eg", "fh"]}
    )
    first, second = layout([first_grouping], [["pair"]]), layout([second_grouping], [["pair"]])
    people = [1, 2, 3, 4, 5, 6, 7, 8]
    first_tables = from_records(first, {"x": letters}, people)
    second_tables = from_records(second, {"x": letters}, people)
    hidden = np.array([second.key(cell)[0] in ("bd", "eg") for cell in range(len(second))])
    both = combine(
        [
            suppress_cells(first, first_tables.counts, np.zeros(len(first), bool)),
            suppress_cells(second, second_tables.counts, hidden),
        ]
    )
    audited = audit(both, Attacker.NON_NEGATIVE)
    assert audited.low.tolist() == audited.high.tolist() == [6, 12]


def test_a_count_published_in_one_release_is_published():
    hide = [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")]
    both = combine([printed(LATER, hide), printed(LATER, hide[2:])])
    assert figure(both, "G1", "under 30") == (23, 23, False)
    assert figure(both, "G2", "under 30") == (0, NO_LIMIT, True)


def test_intervals_of_a_cell_are_intersected():
    first = known_figures(LATER, {("G1", "under 30"): (20, 24), ("G2", TOTAL): (0, 30)})
    second = known_figures(LATER, {("G1", "under 30"): (22, 40)})
    both = combine([first, second])
    assert figure(both, "G1", "under 30") == (22, 24, False)
    assert figure(both, "G2", TOTAL) == (0, 30, False)
    assert both.shape.unpublished[both.shape.cell(["G2", "under 30"])]


def test_a_suppressed_cell_with_an_interval_from_another_release_is_not_zero():
    both = combine(
        [
            printed(LATER, [("G1", "under 30"), ("G1", "30 and over")]),
            known_figures(LATER, {("G1", "under 30"): (0, 30)}),
        ]
    )
    assert figure(both, "G1", "under 30") == (1, 30, False)


def test_whether_zeros_are_suppressed_is_kept_for_each_release():
    hide = [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")]
    both = combine([printed(LATER, hide), printed(EARLY, [("G1", "under 25")], zeros_shown=False)])
    assert not both.zeros_shown
    assert figure(both, "G1", "under 30")[0] == 1
    assert figure(both, "G1", "under 25")[0] == 0


def test_contradictory_figures_are_named():
    other = known_figures(LATER, {("G1", "under 30"): 22, (TOTAL, TOTAL): 81})
    with pytest.raises(
        InvalidCount, match=r"the total is 82, and 81; G1 / under 30 is 23, and 22\. Are they about the same"
    ):
        combine([printed(LATER), other])
    with pytest.raises(InvalidCount, match=r"G1 / under 30 is suppressed, so it is not 0, and 0"):
        combine([printed(LATER, [("G1", "under 30")]), known_figures(LATER, {("G1", "under 30"): 0})])


def test_other_categories_are_refused():
    older = layout([GRADE, flat("age", [*AGES[:-1], "45-64", "65+"])], [["age"]])
    with pytest.raises(InvalidInput, match="'age' has different categories in two releases"):
        combine_layouts([LATER, older])


def test_one_name_for_two_groups_is_refused():
    older = layout([ages("under 30", "30 and over", "30 and over", "30 and over")], [["band"]])
    with pytest.raises(InvalidInput, match="'30 and over' of age includes '25-29' in one release but not in another"):
        combine_layouts([LATER, older])


def test_a_release_of_the_groups_only():
    """An older paper had only the bands."""
    paper = layout([flat("band", ["30 and over", "under 30"])], [["band"]])
    both = combine_layouts([paper, LATER])
    assert both.shape.names == ("age", "grade")
    assert not both.by_differencing.any()
    assert len(both.shape) == len(LATER)
    assert [both.shape.named(int(cell)) for cell in both.places[0]] == ["the total", "30 and over", "under 30"]


def test_another_order_of_dimensions_and_categories_is_the_same():
    reordered = layout([flat("age", AGES[::-1]), flat("grade", ["G2", "G1"])], [["age", "grade"]])
    original = layout([GRADE, flat("age", AGES)], [["grade", "age"]])
    both = combine([printed(reordered), printed(original)])
    assert len(both.shape) == len(original)
    assert figure(both, "25-29", "G1") == (3, 3, False)


@pytest.mark.parametrize("figure", [-1, (5, 4)])
def test_an_impossible_figure_is_refused(figure):
    with pytest.raises(InvalidCount, match="Give a count of 0 or more"):
        known_figures(LATER, {("G1", "under 30"): figure})


def test_joining_no_releases_is_refused():
    with pytest.raises(InvalidInput, match="no releases to combine"):
        combine([])


def test_levels_of_two_dimensions_may_have_one_name_in_two_releases():
    grades = nested("grade", [["band", "grade"]], {"grade": ["G1", "G2"], "band": ["low", "high"]})
    both = combine_layouts([LATER, layout([grades], [["band"]])])
    assert [both.shape.named(int(cell)) for cell in both.places[1]] == ["the total", "high", "low"]
    assert (~both.shape.unpublished).sum() == len(LATER) + 2


def test_a_group_with_one_category_in_another_release():
    """A merged level has the category before the level with the group of one; neither may be a part of itself."""
    whole = nested("x", [["group", "x"]], {"x": list("pqrs"), "group": ["rest", "rest", "rest", "only s"]})
    merged = recode(
        layout([flat("x", "pqrs")], [["x"]]), Recoding((MergeCodes("x", "x", (Rollup("p or q", ("p", "q")),)),))
    )
    for shapes in ([merged, layout([whole], [["group"]])], [layout([whole], [["group"]]), merged]):
        both = combine_layouts(shapes)
        assert {both.shape.named(cell) for cell in np.flatnonzero(~both.shape.unpublished)} == {
            "the total",
            "rest",
            "only s",
            "p or q",
            "r",
            "s",
        }
