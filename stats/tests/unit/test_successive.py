"""A further release after prior releases: the suppressed cells, or the reason for a refusal."""

import numpy as np
import pytest

from evenstat.disclosure import (
    TOTAL,
    Attacker,
    Guarantee,
    Policy,
    flat,
    from_records,
    layout,
    nested,
    protect,
    suppress_cells,
)
from evenstat.disclosure.successive_releases import (
    PublishableTables,
    RefusalReason,
    SearchOptions,
    SuppressionReason,
    UnpublishableTables,
    protect_next,
)
from evenstat.disclosure.tables import Records, Tabulated, combine_layouts, known_figures
from evenstat.errors import InvalidCount, InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", threshold=4)
GRADE = flat("grade", ["G1", "G2", "G3"])
SEX = flat("sex", ["F", "M"])
ORIGIN = nested(
    "origin",
    [["group", "origin"]],
    {"origin": ["a1", "a2", "b1", "b2", "w"], "group": ["A", "A", "B", "B", "W"]},
)
ROWS = [(g, s, o) for g in GRADE.categories for s in SEX.categories for o in ORIGIN.categories]
PEOPLE = [4, 9, 2, 30, 41, 0, 7, 12, 3, 25, 6, 14, 1, 22, 60, 11, 8, 5, 2, 33, 1, 16, 9, 3, 20, 13, 0, 40, 6, 52]


def people(counts=PEOPLE):
    columns = dict(zip(["grade", "sex", "origin"], zip(*ROWS, strict=True), strict=True))
    return Records({name: list(column) for name, column in columns.items()}, counts)


def tables(*names, origin=ORIGIN):
    return layout([GRADE, SEX, origin], [list(dimensions) for dimensions in names])


def suppressed_names(answer, shape):
    return {shape.named(int(cell)) for cell in np.flatnonzero(answer.suppressed)}


def exactly_disclosed(answer):
    return {int(cell) for audited in answer.audits for cell in audited.exactly_disclosed}


def test_the_first_release_is_the_same_as_protect():
    shape = tables(["grade", "origin"])
    answer = protect_next(shape, people(), [], UNDER_5)
    pattern = protect(people().over(shape), UNDER_5)
    assert (answer.suppressed == pattern.suppressed).all()
    assert [audited.attacker for audited in answer.audits] == list(Attacker)
    assert set(answer.reasons.values()) <= {SuppressionReason.SMALL, SuppressionReason.SECONDARY}


def test_suppressed_cells_of_prior_releases_are_never_disclosed():
    first = tables(["sex", "origin"])
    prior = protect_next(first, people(), [], UNDER_5)
    second = tables(["grade", "origin"], ["grade", "sex"])
    answer = protect_next(second, people(), [prior.publication], UNDER_5)
    joint = combine_layouts([second, first])
    cells = joint.places[1][prior.suppressed]
    assert answer.joint.suppressed[cells].all()
    assert not exactly_disclosed(answer)
    assert not len(answer.disclosed)


def test_a_published_count_is_not_suppressed_later():
    """The margins of grade are published, so a small grade must be protected by other cells."""
    first = tables(["grade", "sex"])
    prior = protect_next(first, people(), [], UNDER_5)
    assert not prior.suppressed.any()
    answer = protect_next(tables(["grade", "sex", "origin"]), people(), [prior.publication], UNDER_5)
    assert not suppressed_names(answer, tables(["grade", "sex", "origin"])) & {
        "G1",
        "G2",
        "G3",
        "F",
        "M",
        "G1 / F",
        "the total",
    }


def test_tables_published_again_keep_their_suppressions():
    first = tables(["sex", "origin"])
    prior = protect_next(first, people(), [], UNDER_5, options=SearchOptions(suppress=[first.cell([TOTAL, "F", "W"])]))
    second = tables(["sex", "group"])
    answer = protect_next(second, people(), [prior.publication], UNDER_5)
    assert answer.reasons[second.cell([TOTAL, "F", "W"])] is SuppressionReason.SUPPRESSED_BEFORE
    assert set(answer.reasons) == set(np.flatnonzero(answer.suppressed).tolist())
    assert "hidden in a prior release" in answer.words


LETTERS = list("pqrstu")
OUT = layout([flat("x", LETTERS)], [["x"]])


def regrouped(*groups):
    return layout([nested("x", [["group", "x"]], {"x": LETTERS, "group": list(groups)})], [["group"]])


def test_suppression_because_of_a_prior_release():
    """p and q are suppressed, and r, s, t and u published, so no figure may contain p without q."""
    truth = Records({"x": LETTERS}, [9, 3, 8, 20, 30, 40])
    prior = protect_next(OUT, truth, [], UNDER_5, options=SearchOptions(suppress=[OUT.cell("p")]))
    assert suppressed_names(prior, OUT) == {"p", "q"}
    second = regrouped("PR", "QS", "PR", "QS", "TU", "TU")
    answer = protect_next(second, truth, [prior.publication], UNDER_5)
    assert suppressed_names(answer, second) == {"PR", "QS"}
    assert set(answer.reasons.values()) == {SuppressionReason.BECAUSE_OF_PRIOR}
    assert answer.words == "Yes, with 2 of its 4 figures hidden: 2 hidden because of prior releases."


def test_a_regrouping_with_no_publishable_figure_is_refused():
    truth = Records({"x": LETTERS}, [9, 3, 8, 20, 30, 40])
    prior = protect_next(OUT, truth, [], UNDER_5)
    answer = protect_next(regrouped("one", "two", "one", "two", "one", "two"), truth, [prior.publication], UNDER_5)
    assert isinstance(answer, UnpublishableTables)
    assert answer.ground is RefusalReason.NOTHING_NEW
    assert answer.reason == (
        "It is safe only with none of its new figures shown: two alone would disclose q, which is suppressed in a prior"
        " release."
    )
    assert set(answer.disclosed) <= {"p", "q"}


def test_a_small_group_derivable_by_differencing_is_protected():
    """16 to 29 less 16 to 24 would disclose 3 people, who are in no table."""
    ages = ["16-24", "25-29", "30-44", "45+"]

    def age_bands(*bands):
        return layout([nested("age", [["band", "age"]], {"age": ages, "band": list(bands)})], [["band"]])

    truth = Records({"age": ages}, [20, 3, 30, 9])
    early = age_bands("under 25", "25 to 44", "25 to 44", "45 and over")
    later = age_bands("under 30", "under 30", "30 to 44", "45 and over")
    prior = protect_next(early, truth, [], UNDER_5)
    assert not prior.suppressed.any()
    answer = protect_next(later, truth, [prior.publication], UNDER_5)
    assert isinstance(answer, UnpublishableTables)
    assert answer.ground is RefusalReason.NOTHING_NEW
    assert answer.disclosed == ("25-29",)
    assert answer.disclosing == ("30 to 44",)
    assert "25-29, which can be derived by differencing two tables" in answer.reason
    safe = Records({"age": ages}, [20, 13, 30, 9])
    both = protect_next(later, safe, [protect_next(early, safe, [], UNDER_5).publication], UNDER_5)
    assert not both.suppressed.any()


def test_true_zeros_of_a_finer_table_can_disclose_a_suppressed_count():
    """Two suppressed counts: the finer table must publish that one sex has nobody, which discloses both."""
    truth = Records({"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}, [2, 0, 9, 0, 0, 50])
    first = layout([GRADE, SEX], [["grade"]])
    prior = suppress_cells(first, truth.over(first).counts, np.isin(truth.over(first).counts, [2, 9]))
    sexes = layout([GRADE, SEX], [["sex"]])
    both = layout([GRADE, SEX], [["grade", "sex"]])
    shown = known_figures(both, {("G2", "F"): 9})
    answer = protect_next(sexes, truth, [prior, shown], UNDER_5)
    assert isinstance(answer, (PublishableTables, UnpublishableTables))
    forced = protect_next(both, truth, [prior], UNDER_5, options=SearchOptions(publish=[both.cell(["G2", "F"])]))
    assert isinstance(forced, UnpublishableTables)
    assert forced.ground is RefusalReason.DISCLOSES
    assert "G1" in forced.disclosed or "G2" in forced.disclosed
    assert "G2 / F" in forced.disclosing
    assert forced.words.startswith("No. ")


def test_publishing_a_cell_suppressed_in_a_prior_release_is_refused():
    shape = tables(["grade", "origin"])
    prior = protect_next(shape, people(), [], UNDER_5)
    cell = int(np.flatnonzero(prior.suppressed)[0])
    answer = protect_next(shape, people(), [prior.publication], UNDER_5, options=SearchOptions(publish=[cell]))
    assert isinstance(answer, UnpublishableTables)
    assert answer.reason == f"{shape.named(cell)} is to be shown, but a prior release suppresses it."


def test_a_disclosure_by_prior_releases_is_reported_and_not_published():
    shape = tables(["grade"])
    truth = people()
    counts = truth.over(shape).counts
    prior = suppress_cells(shape, counts, np.arange(len(shape)) == shape.cell(["G2", TOTAL, TOTAL]))
    answer = protect_next(tables(["grade", "sex"]), truth, [prior], UNDER_5)
    assert [answer.pattern.tables.shape.named(int(cell)) for cell in answer.disclosed] == ["G2"]
    assert "G2" in suppressed_names(answer, tables(["grade", "sex"]))
    assert exactly_disclosed(answer) == set(answer.disclosed.tolist())


def test_an_answer_to_an_information_request_is_a_prior_release():
    """Somebody was given one suppressed count of a table, and the others must not follow from it."""
    shape, truth = tables(["grade", "origin"]), people()
    first = protect_next(shape, truth, [], UNDER_5)
    cell = int(np.flatnonzero(first.suppressed & (truth.over(shape).counts > 4))[0])
    answer = protect_next(
        shape, truth, [known_figures(shape, {shape.key(cell): int(truth.over(shape).counts[cell])})], UNDER_5
    )
    assert not answer.suppressed[cell]
    assert not exactly_disclosed(answer)


def test_a_published_interval_is_a_prior_release():
    shape, truth = tables(["grade", "origin"]), people()
    counts = truth.over(shape).counts
    small = int(np.flatnonzero((counts > 0) & (counts < 5))[0])
    answer = protect_next(shape, truth, [known_figures(shape, {shape.key(small): (1, 4)})], UNDER_5)
    assert not exactly_disclosed(answer)
    assert answer.joint.high[answer.places[small]] == 4
    assert answer.suppressed[small]


def test_a_prior_release_about_other_people_is_refused():
    shape = tables(["grade"])
    older = people([count + 1 for count in PEOPLE])
    prior = protect_next(shape, older, [], UNDER_5).publication
    with pytest.raises(InvalidCount, match=r"the total is 455 now.*give it as the previous year"):
        protect_next(shape, people(), [prior], UNDER_5)


def test_suppressing_a_published_cell_is_refused():
    shape = tables(["grade"])
    prior = protect_next(shape, people(), [], UNDER_5).publication
    with pytest.raises(InvalidInput, match="G1 is already published, so it cannot be suppressed now"):
        protect_next(
            shape, people(), [prior], UNDER_5, options=SearchOptions(suppress=[shape.cell(["G1", TOTAL, TOTAL])])
        )


def test_the_guarantee_covers_all_releases():
    first, second = tables(["sex", "origin"]), tables(["grade", "origin"])
    options = SearchOptions(guarantee=Guarantee(not_below=5))
    prior = protect_next(first, people(), [], UNDER_5, options=options)
    answer = protect_next(second, people(), [prior.publication], UNDER_5, options=options)
    small = set(np.flatnonzero(answer.pattern.primary & (answer.pattern.tables.counts < 5)).tolist())
    audits = [audited for audited in answer.audits if audited.attacker is not Attacker.SINGLETON]
    below = {int(cell) for audited in audits for cell in audited.below(5)}
    assert not below & small


def test_tabulated_counts_can_be_the_true_counts():
    first, second = tables(["sex", "group"]), tables(["grade", "group"])
    truth = people()
    tabulated = Tabulated([truth.over(first), truth.over(second)])
    prior = protect_next(first, tabulated, [], UNDER_5)
    from_tables = protect_next(
        second, tabulated, [prior.publication], UNDER_5, options=SearchOptions(attacker=Attacker.ZEROS_SHOWN)
    )
    expected = protect_next(
        second, truth, [prior.publication], UNDER_5, options=SearchOptions(attacker=Attacker.ZEROS_SHOWN)
    )
    assert (from_tables.suppressed == expected.suppressed).all()


def test_tabulated_counts_that_lack_a_figure_are_refused():
    tabulated = Tabulated([people().over(tables(["grade"]))])
    with pytest.raises(InvalidInput, match="No count is given for F, and it cannot be derived from the others"):
        tabulated.over(tables(["sex"]))
    with pytest.raises(InvalidCount, match="two different counts in the tables"):
        Tabulated([people().over(tables(["sex"])), people([1, *PEOPLE[1:]]).over(tables(["sex"]))]).over(
            tables(["sex"])
        )


def test_missing_tabulated_counts_are_derived_from_totals():
    """Counts that are not given follow by addition or subtraction."""
    shape = layout([GRADE, SEX], [["grade", "sex"]])
    records = people()
    tabulated = Tabulated([from_records(shape, records.categories, records.people)])
    assert (tabulated.over(tables(["grade"])).counts == people().over(tables(["grade"])).counts).all()


def test_the_answer_is_identical_on_every_run():
    first, second = tables(["sex", "origin"]), tables(["grade", "origin"])
    answers = []
    for _ in range(2):
        prior = protect_next(first, people(), [], UNDER_5)
        answers.append(protect_next(second, people(), [prior.publication], UNDER_5))
    assert (answers[0].suppressed == answers[1].suppressed).all()
    assert answers[0].words == answers[1].words
