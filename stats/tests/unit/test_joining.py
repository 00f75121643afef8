"""Releases about the same people, joined into one."""

from dataclasses import replace

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Attacker, audit, flat, from_records, layout, nested, suppressed
from evenstat.disclosure.recoding import Merge, Recoding, recode
from evenstat.disclosure.tables import NO_LIMIT, Rollup, join_shapes, joined, known
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
    return suppressed(shape, tables.counts, hidden, **options)


def figure(publication, *key):
    cell = publication.shape.cell(key)
    return int(publication.low[cell]), int(publication.high[cell]), bool(publication.hidden[cell])


def test_a_release_joined_with_itself_is_itself():
    alone = printed(LATER, [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")])
    both = joined([alone, alone])
    assert {both.shape.key(cell): figure(both, *both.shape.key(cell)) for cell in range(len(both.shape))} == {
        alone.shape.key(cell): figure(alone, *alone.shape.key(cell)) for cell in range(len(alone.shape))
    }
    assert len(both.shape.parents) == len(alone.shape.parents)


def test_what_two_cuts_tell_apart_is_a_cell_that_nobody_printed():
    together = join_shapes([EARLY, LATER])
    names = [together.shape.named(int(cell)) for cell in np.flatnonzero(together.told_apart)]
    assert names == ["25-29", "G1 / 25-29", "G2 / 25-29"]
    assert together.shape.behind[together.told_apart].all()


def test_a_reader_of_both_cuts_works_out_who_is_between_them():
    both = joined([printed(EARLY), printed(LATER)])
    everything = replace(both, shape=replace(both.shape, behind=np.zeros(len(both.shape), dtype=bool)))
    found = audit(everything, Attacker.A)
    assert dict(zip(map(both.shape.named, found.cells.tolist()), found.low.tolist(), strict=True)) == {
        "25-29": 3,
        "G1 / 25-29": 3,
        "G2 / 25-29": 0,
    }
    assert len(found.exact) == 3


def test_groups_without_a_common_refinement_in_any_table_are_tied_all_the_same():
    """ab + cd = ac + bd holds although no rollup says so: told apart are a, b, c and d."""
    letters = list("abcdefgh")
    one = nested("x", [["pair", "x"]], {"x": letters, "pair": ["ab", "ab", "cd", "cd", "ef", "ef", "gh", "gh"]})
    two = nested("x", [["pair", "x"]], {"x": letters, "pair": ["ac", "bd", "ac", "bd", "eg", "fh", "eg", "fh"]})
    first, second = layout([one], [["pair"]]), layout([two], [["pair"]])
    people = [1, 2, 3, 4, 5, 6, 7, 8]
    shown = from_records(first, {"x": letters}, people)
    other = from_records(second, {"x": letters}, people)
    hidden = np.array([second.key(cell)[0] in ("bd", "eg") for cell in range(len(second))])
    both = joined(
        [suppressed(first, shown.counts, np.zeros(len(first), bool)), suppressed(second, other.counts, hidden)]
    )
    found = audit(both, Attacker.A)
    assert [int(each) for each in found.low] == [int(each) for each in found.high] == [6, 12]


def test_printed_anywhere_is_printed():
    hide = [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")]
    both = joined([printed(LATER, hide), printed(LATER, hide[2:])])
    assert figure(both, "G1", "under 30") == (23, 23, False)
    assert figure(both, "G2", "under 30") == (0, NO_LIMIT, True)


def test_ranges_narrow_each_other():
    first = known(LATER, {("G1", "under 30"): (20, 24), ("G2", TOTAL): (0, 30)})
    second = known(LATER, {("G1", "under 30"): (22, 40)})
    both = joined([first, second])
    assert figure(both, "G1", "under 30") == (22, 24, False)
    assert figure(both, "G2", TOTAL) == (0, 30, False)
    assert both.shape.behind[both.shape.cell(["G2", "under 30"])]


def test_a_hidden_cell_with_a_range_from_elsewhere_holds_somebody():
    both = joined(
        [printed(LATER, [("G1", "under 30"), ("G1", "30 and over")]), known(LATER, {("G1", "under 30"): (0, 30)})]
    )
    assert figure(both, "G1", "under 30") == (1, 30, False)


def test_where_one_release_hides_zeros_the_others_are_still_known_to_show_them():
    hide = [("G1", "under 30"), ("G1", "30 and over"), ("G2", "under 30"), ("G2", "30 and over")]
    both = joined([printed(LATER, hide), printed(EARLY, [("G1", "under 25")], zeros_shown=False)])
    assert not both.zeros_shown
    assert figure(both, "G1", "under 30")[0] == 1
    assert figure(both, "G1", "under 25")[0] == 0


def test_contradictions_are_named():
    other = known(LATER, {("G1", "under 30"): 22, (TOTAL, TOTAL): 81})
    with pytest.raises(
        InvalidCount, match=r"the total is 82, and 81; G1 / under 30 is 23, and 22\. Are they of the same"
    ):
        joined([printed(LATER), other])
    with pytest.raises(InvalidCount, match=r"G1 / under 30 is hidden, so that it is not 0, and 0"):
        joined([printed(LATER, [("G1", "under 30")]), known(LATER, {("G1", "under 30"): 0})])


def test_other_categories_are_refused():
    older = layout([GRADE, flat("age", [*AGES[:-1], "45-64", "65+"])], [["age"]])
    with pytest.raises(InvalidInput, match="'age' has other categories in one release than in another"):
        join_shapes([LATER, older])


def test_one_name_for_two_groups_is_refused():
    older = layout([ages("under 30", "30 and over", "30 and over", "30 and over")], [["band"]])
    with pytest.raises(InvalidInput, match="'30 and over' of age holds '25-29' in one release and not in another"):
        join_shapes([LATER, older])


def test_a_release_of_the_groups_alone():
    """An older paper had the bands and nothing finer."""
    paper = layout([flat("band", ["30 and over", "under 30"])], [["band"]])
    both = join_shapes([paper, LATER])
    assert both.shape.names == ("age", "grade")
    assert not both.told_apart.any()
    assert len(both.shape) == len(LATER)
    assert [both.shape.named(int(cell)) for cell in both.places[0]] == ["the total", "30 and over", "under 30"]


def test_another_order_of_dimensions_and_categories_is_the_same():
    turned = layout([flat("age", AGES[::-1]), flat("grade", ["G2", "G1"])], [["age", "grade"]])
    straight = layout([GRADE, flat("age", AGES)], [["grade", "age"]])
    both = joined([printed(turned), printed(straight)])
    assert len(both.shape) == len(straight)
    assert figure(both, "25-29", "G1") == (3, 3, False)


@pytest.mark.parametrize("figure", [-1, (5, 4)])
def test_a_figure_that_cannot_be(figure):
    with pytest.raises(InvalidCount, match="give a count of 0 or more"):
        known(LATER, {("G1", "under 30"): figure})


def test_nothing_to_join():
    with pytest.raises(InvalidInput, match="nothing to join"):
        joined([])


def test_levels_of_two_dimensions_may_have_one_name_in_two_releases():
    grades = nested("grade", [["band", "grade"]], {"grade": ["G1", "G2"], "band": ["low", "high"]})
    both = join_shapes([LATER, layout([grades], [["band"]])])
    assert [both.shape.named(int(cell)) for cell in both.places[1]] == ["the total", "high", "low"]
    assert (~both.shape.behind).sum() == len(LATER) + 2


def test_a_group_of_one_beside_its_category_under_other_levels():
    """A merged level has the category before the level with the group of one; neither may be a part of itself."""
    whole = nested("x", [["group", "x"]], {"x": list("pqrs"), "group": ["rest", "rest", "rest", "only s"]})
    merged = recode(layout([flat("x", "pqrs")], [["x"]]), Recoding((Merge("x", "x", (Rollup("p or q", ("p", "q")),)),)))
    for shapes in ([merged, layout([whole], [["group"]])], [layout([whole], [["group"]]), merged]):
        both = join_shapes(shapes)
        assert {both.shape.named(cell) for cell in np.flatnonzero(~both.shape.behind)} == {
            "the total",
            "rest",
            "only s",
            "p or q",
            "r",
            "s",
        }
