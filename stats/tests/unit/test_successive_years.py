"""What two years' figures together disclose about people who joined, left or changed between them."""

from dataclasses import replace

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Policy, Records, flat, from_records, layout, suppress_cells
from evenstat.disclosure.successive_releases import (
    Move,
    MoverAction,
    MoverKnowledge,
    Moves,
    PreviousYear,
    mover_disclosures,
    moves,
    protect_next,
)
from evenstat.errors import InvalidCount, InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", threshold=4)
SITE = flat("site", ["North", "South"])
ORIGIN = flat("origin", ["Asian", "Black", "Mixed", "White"])
SHAPE = layout([SITE, ORIGIN], [["site", "origin"]])
NAMES = ("site", "origin")
KEYS = [(site, origin) for site in SITE.categories for origin in ORIGIN.categories]
LAST = dict(zip(KEYS, [12, 9, 7, 80, 11, 8, 6, 70], strict=True))


def people_after(movers):
    people = dict(LAST)
    for row in movers.rows:
        if row.before:
            people[row.before] -= row.people
        if row.after:
            people[row.after] += row.people
    return people


def records(people):
    return Records({"site": [key[0] for key in people], "origin": [key[1] for key in people]}, list(people.values()))


def year(people, suppress=()):
    counts = records(people).over(SHAPE).counts
    hidden = np.zeros(len(SHAPE), dtype=bool)
    hidden[[SHAPE.cell(key) for key in suppress]] = True
    return suppress_cells(SHAPE, counts, hidden)


def exposed(*rows, suppress_before=(), suppress_after=(), **options):
    movers = Moves(NAMES, rows)
    before, after = year(LAST, suppress_before), year(people_after(movers), suppress_after)
    disclosures = mover_disclosures(before, after, movers, **options)
    return [(exposure.kind, exposure.dimension, exposure.code, exposure.where) for exposure in disclosures]


JOINED = Move(None, ("North", "Asian"))
ELSEWHERE = Move(None, ("South", "White"))


def test_the_only_person_who_joined_a_site_is_exposed():
    assert exposed(JOINED, ELSEWHERE, about=["origin"]) == [
        ("joined", "origin", "Asian", "North"),
        ("joined", "origin", "White", "South"),
    ]


def test_two_people_who_joined_a_site_protect_each_other():
    both = Move(None, ("North", "Asian")), Move(None, ("North", "White"))
    assert exposed(*both, about=["origin"]) == []


def test_two_people_are_exposed_if_everybody_who_joined_is_the_same():
    assert exposed(Move(None, ("North", "Asian"), people=2), about=["origin"]) == [
        ("joined", "origin", "Asian", "the total")
    ]


def test_three_people_of_whom_two_are_the_same_protect_each_other():
    assert exposed(Move(None, ("North", "Asian"), people=2), Move(None, ("North", "White")), about=["origin"]) == []


def test_an_attacker_who_knows_all_but_one_learns_about_each():
    both = Move(None, ("North", "Asian")), Move(None, ("North", "White"))
    exposures_found = exposed(*both, about=["origin"], knows=MoverKnowledge.ALL_BUT_ONE)
    assert [code for _, _, code, _ in exposures_found] == ["Asian", "White"]


def test_the_only_person_who_left_is_exposed():
    assert exposed(Move(("South", "Mixed"), None), about=["origin"]) == [("left", "origin", "Mixed", "the total")]


def test_one_person_who_changed_their_answer_is_exposed():
    (exposure,) = exposed(Move(("South", "Mixed"), ("South", "Black")), about=["origin"])
    assert exposure == ("changed in", "origin", "Black and Mixed", "the total")


def test_one_person_who_changed_sites_is_exposed_at_both():
    exposures_found = exposed(Move(("South", "Mixed"), ("North", "Mixed")), about=["origin"])
    assert exposures_found == [("changed in", "origin", "Mixed", "the total")]


def test_every_dimension_is_tested_by_default():
    exposures_found = exposed(JOINED)
    assert [(dimension, code) for _, dimension, code, _ in exposures_found] == [("site", "North"), ("origin", "Asian")]


def test_a_figure_suppressed_in_one_year_with_another_exposes_nobody():
    suppress = [("North", "Asian"), ("North", "Black"), ("South", "Asian"), ("South", "Black"), (TOTAL, "Asian")]
    assert exposed(JOINED, ELSEWHERE, suppress_after=[*suppress, (TOTAL, "Black")], about=["origin"]) == [
        ("joined", "origin", "White", "South")
    ]


def test_the_remaining_figures_expose_a_suppressed_one():
    """Only one figure of the row is suppressed, and the others did not change."""
    suppress = [("North", "Asian"), ("South", "Asian"), (TOTAL, "Asian")]
    assert ("joined", "origin", "Asian", "North") in exposed(
        JOINED, ELSEWHERE, suppress_after=suppress, about=["origin"]
    )


@pytest.mark.parametrize("rows", [(JOINED, ELSEWHERE), (JOINED,), (Move(("South", "Mixed"), None),)])
def test_the_new_year_can_suppress_the_exposing_figures(rows):
    movers = Moves(NAMES, rows)
    people = records(people_after(movers))
    last = year(LAST)
    warned, protected = (
        protect_next(
            SHAPE,
            people,
            [],
            UNDER_5,
            previous_year=PreviousYear(publication=last, moves=movers, action=option, about=("origin",)),
        )
        for option in MoverAction
    )
    assert warned.mover_disclosures
    assert not warned.suppressed.any()
    assert not protected.mover_disclosures
    assert protected.suppressed.any()
    assert "because last year's figure would reveal one person" in protected.words
    assert mover_disclosures(last, protected.publication, movers, about=["origin"]) == ()
    assert all(not len(audited.exactly_disclosed) for audited in protected.audits)


def test_an_exposure_is_described_in_a_sentence():
    movers = Moves(NAMES, (JOINED, ELSEWHERE))
    first, _ = mover_disclosures(year(LAST), year(people_after(movers)), movers, about=["origin"])
    assert first.words == (
        "One person joined North, and the figures of the two years reveal about this person: origin Asian."
    )
    assert [SHAPE.named(cell) for cell in first.cells] == ["North / Asian"]


def test_moves_from_the_records_of_two_years():
    before = {1: ("North", "Asian"), 2: ("South", "White"), 3: ("North", "White")}
    after = {2: ("South", "White"), 3: ("South", "White"), 4: ("North", "Mixed")}
    assert moves(NAMES, before, after).rows == (
        Move(("North", "Asian"), None),
        Move(("North", "White"), ("South", "White")),
        Move(None, ("North", "Mixed")),
    )


def test_movers_that_do_not_explain_the_change_are_refused():
    with pytest.raises(InvalidCount, match="Those who moved do not explain how the total changed"):
        mover_disclosures(year(LAST), year(people_after(Moves(NAMES, (JOINED, ELSEWHERE)))), Moves(NAMES, (JOINED,)))


def test_unknown_dimensions_and_categories_are_refused():
    with pytest.raises(InvalidInput, match="no dimension 'sex'"):
        mover_disclosures(year(LAST), year(LAST), Moves(NAMES, ()), about=["sex"])
    with pytest.raises(InvalidInput, match="Give the category of 'site'"):
        mover_disclosures(year(LAST), year(LAST), Moves(("origin",), (Move(None, ("Asian",)),)))
    with pytest.raises(InvalidInput, match="'Green', which is not a category of 'origin'"):
        mover_disclosures(year(LAST), year(LAST), Moves(NAMES, (Move(None, ("North", "Green")),)))


def test_the_order_of_the_names_does_not_matter():
    reordered = Moves(("origin", "site"), (Move(None, ("Asian", "North")),))
    original = Moves(NAMES, (JOINED,))
    figures = year(LAST), year(people_after(original))
    assert mover_disclosures(*figures, reordered) == mover_disclosures(*figures, original)


def test_the_tables_of_the_two_years_may_differ():
    """Only figures published in both years are compared."""
    movers = Moves(NAMES, (JOINED, ELSEWHERE))
    people = people_after(movers)
    margins = layout([ORIGIN], [["origin"]])
    this_year = from_records(margins, {"origin": [key[1] for key in people]}, list(people.values()))
    after = suppress_cells(margins, this_year.counts, this_year.counts < 0)
    assert mover_disclosures(year(LAST), after, movers, about=["origin"]) == ()
    assert mover_disclosures(year(LAST), after, movers, about=["origin"], knows=MoverKnowledge.ALL_BUT_ONE) != ()


def test_a_figure_suppressed_this_year_must_not_follow_from_last_years():
    """Nobody moved in South, so last year's figures for it are still true."""
    movers = Moves(NAMES, (Move(("North", "Mixed"), None, people=4), Move(("North", "White"), None)))
    people = records(people_after(movers))
    last = PreviousYear(publication=year(LAST), moves=movers, about=("origin",))
    warned = protect_next(SHAPE, people, [], UNDER_5, previous_year=last)
    small = SHAPE.cell(["North", "Mixed"])
    assert warned.suppressed[small]
    assert "North / Mixed" in warned.reopened
    protected = protect_next(SHAPE, people, [], UNDER_5, previous_year=replace(last, action=MoverAction.PROTECT))
    assert protected.suppressed[small]
    assert not protected.reopened
    assert not protected.mover_disclosures


def test_an_exposure_through_a_true_zero_is_reported():
    """Everybody of one origin left, and the zero is published."""
    movers = Moves(NAMES, (Move(("South", "Mixed"), None, people=6),))
    last = PreviousYear(publication=year(LAST), moves=movers, action=MoverAction.PROTECT, about=("origin",))
    answer = protect_next(SHAPE, records(people_after(movers)), [], UNDER_5, previous_year=last)
    assert [exposure.code for exposure in answer.mover_disclosures] == ["Mixed"]
