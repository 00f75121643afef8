"""One more release beside what is out: yes with what hidden, or no and why."""

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
    suppressed,
)
from evenstat.disclosure.successive import Ground, Next, Options, Refused, Why, protect_next
from evenstat.disclosure.tables import Records, Tabulated, join_shapes, known
from evenstat.errors import InvalidCount, InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", hide_to=4)
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
    return layout([GRADE, SEX, origin], [list(each) for each in names])


def hidden(answer, shape):
    return {shape.named(int(cell)) for cell in np.flatnonzero(answer.hidden)}


def exact(answer):
    return {int(cell) for each in answer.audits for cell in each.exact}


def test_the_first_release_is_what_protect_makes_of_it():
    shape = tables(["grade", "origin"])
    answer = protect_next(shape, people(), [], UNDER_5)
    alone = protect(people().over(shape), UNDER_5)
    assert (answer.hidden == alone.hidden).all()
    assert [each.attacker for each in answer.audits] == list(Attacker)
    assert set(answer.because.values()) <= {Why.SMALL, Why.BESIDE}


def test_what_is_hidden_stays_hidden_and_is_never_given_away():
    first = tables(["sex", "origin"])
    out = protect_next(first, people(), [], UNDER_5)
    second = tables(["grade", "origin"], ["grade", "sex"])
    answer = protect_next(second, people(), [out.publication], UNDER_5)
    together = join_shapes([second, first])
    cells = together.places[1][out.hidden]
    assert answer.joint.hidden[cells].all()
    assert not exact(answer)
    assert not len(answer.given_away)


def test_what_is_shown_already_is_not_hidden_again():
    """The margins of grade are out, so that a small grade must be kept by other cells."""
    first = tables(["grade", "sex"])
    out = protect_next(first, people(), [], UNDER_5)
    assert not out.hidden.any()
    answer = protect_next(tables(["grade", "sex", "origin"]), people(), [out.publication], UNDER_5)
    assert not hidden(answer, tables(["grade", "sex", "origin"])) & {"G1", "G2", "G3", "F", "M", "G1 / F", "the total"}


def test_tables_that_are_out_already_go_out_again_as_they_were():
    first = tables(["sex", "origin"])
    out = protect_next(first, people(), [], UNDER_5, options=Options(hide=[first.cell([TOTAL, "F", "W"])]))
    second = tables(["sex", "group"])
    answer = protect_next(second, people(), [out.publication], UNDER_5)
    assert answer.because[second.cell([TOTAL, "F", "W"])] is Why.OUT_HIDDEN
    assert set(answer.because) == set(np.flatnonzero(answer.hidden).tolist())
    assert "hidden in what is out" in answer.words


LETTERS = list("pqrstu")
OUT = layout([flat("x", LETTERS)], [["x"]])


def regrouped(*groups):
    return layout([nested("x", [["group", "x"]], {"x": LETTERS, "group": list(groups)})], [["group"]])


def test_hidden_because_of_what_is_out():
    """p and q are hidden beside r, s, t and u; so no figure may have p without q, though none would be small."""
    truth = Records({"x": LETTERS}, [9, 3, 8, 20, 30, 40])
    out = protect_next(OUT, truth, [], UNDER_5, options=Options(hide=[OUT.cell("p")]))
    assert hidden(out, OUT) == {"p", "q"}
    second = regrouped("PR", "QS", "PR", "QS", "TU", "TU")
    answer = protect_next(second, truth, [out.publication], UNDER_5)
    assert hidden(answer, second) == {"PR", "QS"}
    assert set(answer.because.values()) == {Why.BECAUSE_OF_OUT}
    assert answer.words == "Yes, with 2 of its 4 figures hidden: 2 hidden because of what is out."


def test_a_regrouping_of_which_nothing_could_be_shown_is_refused():
    truth = Records({"x": LETTERS}, [9, 3, 8, 20, 30, 40])
    out = protect_next(OUT, truth, [], UNDER_5)
    answer = protect_next(regrouped("one", "two", "one", "two", "one", "two"), truth, [out.publication], UNDER_5)
    assert isinstance(answer, Refused)
    assert answer.ground is Ground.NOTHING_LEFT
    assert answer.reason == (
        "It is safe only with none of its new figures shown: two alone would give away q, which is hidden in what is"
        " out."
    )
    assert set(answer.given_away) <= {"p", "q"}


def test_a_small_group_between_two_cuts_is_kept():
    """16 to 29 less 16 to 24 would be 3 people whom no table shows."""
    ages = ["16-24", "25-29", "30-44", "45+"]

    def cut(*bands):
        return layout([nested("age", [["band", "age"]], {"age": ages, "band": list(bands)})], [["band"]])

    truth = Records({"age": ages}, [20, 3, 30, 9])
    early = cut("under 25", "25 to 44", "25 to 44", "45 and over")
    later = cut("under 30", "under 30", "30 to 44", "45 and over")
    out = protect_next(early, truth, [], UNDER_5)
    assert not out.hidden.any()
    answer = protect_next(later, truth, [out.publication], UNDER_5)
    assert isinstance(answer, Refused)
    assert answer.ground is Ground.NOTHING_LEFT
    assert answer.given_away == ("25-29",)
    assert answer.by == ("30 to 44",)
    assert "25-29, which two tables tell apart" in answer.reason
    safe = Records({"age": ages}, [20, 13, 30, 9])
    both = protect_next(later, safe, [protect_next(early, safe, [], UNDER_5).publication], UNDER_5)
    assert not both.hidden.any()


def test_true_zeros_of_a_finer_table_can_give_a_hidden_figure_away():
    """Two hidden figures; the finer table must show that one sex has nobody there, and so both follow."""
    truth = Records({"grade": ["G1", "G1", "G2", "G2", "G3", "G3"], "sex": ["F", "M"] * 3}, [2, 0, 9, 0, 0, 50])
    first = layout([GRADE, SEX], [["grade"]])
    out = suppressed(first, truth.over(first).counts, np.isin(truth.over(first).counts, [2, 9]))
    sexes = layout([GRADE, SEX], [["sex"]])
    both = layout([GRADE, SEX], [["grade", "sex"]])
    shown = known(both, {("G2", "F"): 9})
    answer = protect_next(sexes, truth, [out, shown], UNDER_5)
    assert isinstance(answer, (Next, Refused))
    forced = protect_next(both, truth, [out], UNDER_5, options=Options(publish=[both.cell(["G2", "F"])]))
    assert isinstance(forced, Refused)
    assert forced.ground is Ground.GIVES_AWAY
    assert "G1" in forced.given_away or "G2" in forced.given_away
    assert "G2 / F" in forced.by
    assert forced.words.startswith("No. ")


def test_showing_what_is_hidden_in_what_is_out_is_refused():
    shape = tables(["grade", "origin"])
    out = protect_next(shape, people(), [], UNDER_5)
    cell = int(np.flatnonzero(out.hidden)[0])
    answer = protect_next(shape, people(), [out.publication], UNDER_5, options=Options(publish=[cell]))
    assert isinstance(answer, Refused)
    assert answer.reason == f"{shape.named(cell)} is to be shown, and what is out hides it."


def test_what_is_out_and_leaks_by_itself_is_told_and_never_printed():
    shape = tables(["grade"])
    truth = people()
    counts = truth.over(shape).counts
    one = suppressed(shape, counts, np.arange(len(shape)) == shape.cell(["G2", TOTAL, TOTAL]))
    answer = protect_next(tables(["grade", "sex"]), truth, [one], UNDER_5)
    assert [answer.pattern.tables.shape.named(int(cell)) for cell in answer.given_away] == ["G2"]
    assert "G2" in hidden(answer, tables(["grade", "sex"]))
    assert exact(answer) == set(answer.given_away.tolist())


def test_an_answer_to_a_request_counts_as_out():
    """Hidden figures of a table, one of which somebody was told: the other must not follow."""
    shape, truth = tables(["grade", "origin"]), people()
    alone = protect_next(shape, truth, [], UNDER_5)
    told = int(np.flatnonzero(alone.hidden & (truth.over(shape).counts > 4))[0])
    answer = protect_next(shape, truth, [known(shape, {shape.key(told): int(truth.over(shape).counts[told])})], UNDER_5)
    assert not answer.hidden[told]
    assert not exact(answer)


def test_a_range_that_is_out_counts_as_well():
    shape, truth = tables(["grade", "origin"]), people()
    counts = truth.over(shape).counts
    small = int(np.flatnonzero((counts > 0) & (counts < 5))[0])
    answer = protect_next(shape, truth, [known(shape, {shape.key(small): (1, 4)})], UNDER_5)
    assert not exact(answer)
    assert answer.joint.high[answer.places[small]] == 4
    assert answer.hidden[small]


def test_other_people_are_refused():
    shape = tables(["grade"])
    older = people([each + 1 for each in PEOPLE])
    out = protect_next(shape, older, [], UNDER_5).publication
    with pytest.raises(InvalidCount, match=r"the total is 455 now.*give it as the last year"):
        protect_next(shape, people(), [out], UNDER_5)


def test_hiding_what_is_out_is_refused():
    shape = tables(["grade"])
    out = protect_next(shape, people(), [], UNDER_5).publication
    with pytest.raises(InvalidInput, match="G1 is out already, so that it can't be hidden now"):
        protect_next(shape, people(), [out], UNDER_5, options=Options(hide=[shape.cell(["G1", TOTAL, TOTAL])]))


def test_the_guarantee_holds_over_everything():
    first, second = tables(["sex", "origin"]), tables(["grade", "origin"])
    options = Options(guarantee=Guarantee(not_below=5))
    out = protect_next(first, people(), [], UNDER_5, options=options)
    answer = protect_next(second, people(), [out.publication], UNDER_5, options=options)
    small = set(np.flatnonzero(answer.pattern.unsafe & (answer.pattern.tables.counts < 5)).tolist())
    below = {int(cell) for each in answer.audits if each.attacker is not Attacker.C for cell in each.below(5)}
    assert not below & small


def test_tables_made_up_already_serve_as_truth():
    first, second = tables(["sex", "group"]), tables(["grade", "group"])
    truth = people()
    given = Tabulated([truth.over(first), truth.over(second)])
    out = protect_next(first, given, [], UNDER_5)
    one = protect_next(second, given, [out.publication], UNDER_5, options=Options(attacker=Attacker.B))
    other = protect_next(second, truth, [out.publication], UNDER_5, options=Options(attacker=Attacker.B))
    assert (one.hidden == other.hidden).all()


def test_tables_made_up_already_that_lack_a_figure():
    given = Tabulated([people().over(tables(["grade"]))])
    with pytest.raises(InvalidInput, match="No count is given for F, and it does not follow from the others"):
        given.over(tables(["sex"]))
    with pytest.raises(InvalidCount, match="two counts in the tables given"):
        Tabulated([people().over(tables(["sex"])), people([1, *PEOPLE[1:]]).over(tables(["sex"]))]).over(
            tables(["sex"])
        )


def test_sums_complete_tables_made_up_already():
    """Three grades of four figures, and the fourth by taking away."""
    shape = layout([GRADE, SEX], [["grade", "sex"]])
    whole = from_records(shape, *(lambda each: (each.categories, each.people))(people()))
    margins = Tabulated([whole])
    assert (margins.over(tables(["grade"])).counts == people().over(tables(["grade"])).counts).all()


def test_the_same_answer_every_time():
    first, second = tables(["sex", "origin"]), tables(["grade", "origin"])
    answers = []
    for _ in range(2):
        out = protect_next(first, people(), [], UNDER_5)
        answers.append(protect_next(second, people(), [out.publication], UNDER_5))
    assert (answers[0].hidden == answers[1].hidden).all()
    assert answers[0].words == answers[1].words
