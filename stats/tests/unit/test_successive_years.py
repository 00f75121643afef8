"""What two years' figures tell of the people who joined, left or changed between them."""

from dataclasses import replace

import numpy as np
import pytest

from evenstat.disclosure import TOTAL, Policy, Records, flat, from_records, layout, suppressed
from evenstat.disclosure.successive import (
    Knows,
    LastYear,
    Move,
    Moves,
    Years,
    exposures,
    moves,
    protect_next,
)
from evenstat.errors import InvalidCount, InvalidInput

UNDER_5 = Policy(id="under 5", name="", description="", hide_to=4)
SITE = flat("site", ["North", "South"])
ORIGIN = flat("origin", ["Asian", "Black", "Mixed", "White"])
SHAPE = layout([SITE, ORIGIN], [["site", "origin"]])
NAMES = ("site", "origin")
KEYS = [(site, origin) for site in SITE.categories for origin in ORIGIN.categories]
LAST = dict(zip(KEYS, [12, 9, 7, 80, 11, 8, 6, 70], strict=True))


def after(moved):
    people = dict(LAST)
    for row in moved.rows:
        if row.before:
            people[row.before] -= row.people
        if row.after:
            people[row.after] += row.people
    return people


def records(people):
    return Records({"site": [key[0] for key in people], "origin": [key[1] for key in people]}, list(people.values()))


def year(people, hide=()):
    counts = records(people).over(SHAPE).counts
    hidden = np.zeros(len(SHAPE), dtype=bool)
    hidden[[SHAPE.cell(key) for key in hide]] = True
    return suppressed(SHAPE, counts, hidden)


def told(*rows, hide_before=(), hide_after=(), **options):
    moved = Moves(NAMES, rows)
    found = exposures(year(LAST, hide_before), year(after(moved), hide_after), moved, **options)
    return [(each.kind, each.dimension, each.code, each.where) for each in found]


JOINED = Move(None, ("North", "Asian"))
ELSEWHERE = Move(None, ("South", "White"))


def test_the_only_one_who_joined_a_site():
    assert told(JOINED, ELSEWHERE, about=["origin"]) == [
        ("joined", "origin", "Asian", "North"),
        ("joined", "origin", "White", "South"),
    ]


def test_two_who_joined_a_site_hide_each_other():
    both = Move(None, ("North", "Asian")), Move(None, ("North", "White"))
    assert told(*both, about=["origin"]) == []


def test_two_alike_are_told_because_everybody_who_joined_is_the_same():
    assert told(Move(None, ("North", "Asian"), people=2), about=["origin"]) == [
        ("joined", "origin", "Asian", "the total")
    ]


def test_three_of_whom_two_are_alike_hide_each_other():
    assert told(Move(None, ("North", "Asian"), people=2), Move(None, ("North", "White")), about=["origin"]) == []


def test_who_knows_everybody_else_learns_of_each():
    both = Move(None, ("North", "Asian")), Move(None, ("North", "White"))
    found = told(*both, about=["origin"], knows=Knows.ALL_BUT_ONE)
    assert [code for _, _, code, _ in found] == ["Asian", "White"]


def test_the_only_one_who_left():
    assert told(Move(("South", "Mixed"), None), about=["origin"]) == [("left", "origin", "Mixed", "the total")]


def test_one_who_changed_their_answer():
    (found,) = told(Move(("South", "Mixed"), ("South", "Black")), about=["origin"])
    assert found == ("changed in", "origin", "Black and Mixed", "the total")


def test_one_who_changed_sites_tells_their_origin_at_both():
    found = told(Move(("South", "Mixed"), ("North", "Mixed")), about=["origin"])
    assert found == [("changed in", "origin", "Mixed", "the total")]


def test_each_thing_in_turn_unless_said_otherwise():
    found = told(JOINED)
    assert [(dimension, code) for _, dimension, code, _ in found] == [("site", "North"), ("origin", "Asian")]


def test_a_figure_hidden_in_one_year_with_a_partner_tells_nothing():
    hide = [("North", "Asian"), ("North", "Black"), ("South", "Asian"), ("South", "Black"), (TOTAL, "Asian")]
    assert told(JOINED, ELSEWHERE, hide_after=[*hide, (TOTAL, "Black")], about=["origin"]) == [
        ("joined", "origin", "White", "South")
    ]


def test_what_is_left_tells_as_well():
    """Only one figure of the row is hidden, and the others stayed as they were."""
    hide = [("North", "Asian"), ("South", "Asian"), (TOTAL, "Asian")]
    assert ("joined", "origin", "Asian", "North") in told(JOINED, ELSEWHERE, hide_after=hide, about=["origin"])


@pytest.mark.parametrize("rows", [(JOINED, ELSEWHERE), (JOINED,), (Move(("South", "Mixed"), None),)])
def test_the_new_year_can_hide_what_would_tell(rows):
    moved = Moves(NAMES, rows)
    people = records(after(moved))
    last = year(LAST)
    warned, kept = (
        protect_next(
            SHAPE,
            people,
            [],
            UNDER_5,
            last_year=LastYear(publication=last, moves=moved, years=each, about=("origin",)),
        )
        for each in Years
    )
    assert warned.exposures
    assert not warned.hidden.any()
    assert not kept.exposures
    assert kept.hidden.any()
    assert "because last year's figure would tell of one person" in kept.words
    assert exposures(last, kept.publication, moved, about=["origin"]) == ()
    assert all(not len(each.exact) for each in kept.audits)


def test_words():
    moved = Moves(NAMES, (JOINED, ELSEWHERE))
    first, _ = exposures(year(LAST), year(after(moved)), moved, about=["origin"])
    assert first.words == (
        "One person joined North, and the figures of the two years show of this person: origin Asian."
    )
    assert [SHAPE.named(cell) for cell in first.cells] == ["North / Asian"]


def test_moves_from_the_records_of_two_years():
    before = {1: ("North", "Asian"), 2: ("South", "White"), 3: ("North", "White")}
    now = {2: ("South", "White"), 3: ("South", "White"), 4: ("North", "Mixed")}
    assert moves(NAMES, before, now).rows == (
        Move(("North", "Asian"), None),
        Move(("North", "White"), ("South", "White")),
        Move(None, ("North", "Mixed")),
    )


def test_moves_that_do_not_explain_the_figures():
    with pytest.raises(InvalidCount, match="Those who moved do not explain how the total changed"):
        exposures(year(LAST), year(after(Moves(NAMES, (JOINED, ELSEWHERE)))), Moves(NAMES, (JOINED,)))


def test_a_dimension_that_is_not_there():
    with pytest.raises(InvalidInput, match="no dimension 'sex'"):
        exposures(year(LAST), year(LAST), Moves(NAMES, ()), about=["sex"])
    with pytest.raises(InvalidInput, match="what they are in 'site'"):
        exposures(year(LAST), year(LAST), Moves(("origin",), (Move(None, ("Asian",)),)))
    with pytest.raises(InvalidInput, match="'Green', which is no category of 'origin'"):
        exposures(year(LAST), year(LAST), Moves(NAMES, (Move(None, ("North", "Green")),)))


def test_another_order_of_the_names_is_the_same():
    turned = Moves(("origin", "site"), (Move(None, ("Asian", "North")),))
    straight = Moves(NAMES, (JOINED,))
    figures = year(LAST), year(after(straight))
    assert exposures(*figures, turned) == exposures(*figures, straight)


def test_last_years_tables_may_be_others():
    """What both years print is compared; the rest follows from it or is not known."""
    moved = Moves(NAMES, (JOINED, ELSEWHERE))
    people = after(moved)
    margins = layout([ORIGIN], [["origin"]])
    shown = from_records(margins, {"origin": [key[1] for key in people]}, list(people.values()))
    now = suppressed(margins, shown.counts, shown.counts < 0)
    assert exposures(year(LAST), now, moved, about=["origin"]) == ()
    assert exposures(year(LAST), now, moved, about=["origin"], knows=Knows.ALL_BUT_ONE) != ()


def test_what_is_hidden_this_year_must_not_follow_from_last_years_figures():
    """Nobody moved in South, so that what last year printed of it is true this year as well."""
    moved = Moves(NAMES, (Move(("North", "Mixed"), None, people=4), Move(("North", "White"), None)))
    people = records(after(moved))
    last = LastYear(publication=year(LAST), moves=moved, about=("origin",))
    warned = protect_next(SHAPE, people, [], UNDER_5, last_year=last)
    small = SHAPE.cell(["North", "Mixed"])
    assert warned.hidden[small]
    assert "North / Mixed" in warned.reopened
    kept = protect_next(SHAPE, people, [], UNDER_5, last_year=replace(last, years=Years.PROTECT))
    assert kept.hidden[small]
    assert not kept.reopened
    assert not kept.exposures


def test_a_true_zero_may_tell_and_is_said():
    """The only one of their origin left: the zero is shown, and what last year printed of them was 1 more."""
    moved = Moves(NAMES, (Move(("South", "Mixed"), None, people=6),))
    last = LastYear(publication=year(LAST), moves=moved, years=Years.PROTECT, about=("origin",))
    answer = protect_next(SHAPE, records(after(moved)), [], UNDER_5, last_year=last)
    assert [each.code for each in answer.exposures] == ["Mixed"]
