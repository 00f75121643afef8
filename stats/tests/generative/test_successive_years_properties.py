"""Two random years, and every pair of tables of whole counts with the same publication: what can each mover be?"""

from itertools import product

import numpy as np
from examples import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles.whole_tables import TooManyError, fitting, rows

from evenstat.disclosure import Attacker, Policy, flat, from_records, layout, protect
from evenstat.disclosure.successive_releases import (
    Move,
    MoverAction,
    Moves,
    PreviousYear,
    SearchOptions,
    UnpublishableTables,
    mover_disclosures,
    protect_next,
)
from evenstat.disclosure.tables import Records
from evenstat.errors import CannotProtect

SITES, ORIGINS = ("N", "S"), ("a", "b", "c")
SHAPE = layout([flat("site", SITES), flat("origin", ORIGINS)], [["site", "origin"]])
KEYS = list(product(SITES, ORIGINS))
UNDER_3 = Policy(id="under 3", name="", description="", threshold=2)
ABOVE = 8


@st.composite
def two_years(draw):
    people = dict(zip(KEYS, draw(st.lists(st.integers(0, 12), min_size=6, max_size=6)), strict=True))
    rows_of = []
    for _ in range(draw(st.integers(1, 3))):
        kind, key = draw(st.sampled_from(["joined", "left"])), draw(st.sampled_from(KEYS))
        if kind == "left" and people[key] < 1 + sum(row.before == key for row in rows_of):
            kind = "joined"
        rows_of.append(Move(None, key) if kind == "joined" else Move(key, None))
    now = dict(people)
    for row in rows_of:
        if row.before:
            now[row.before] -= 1
        if row.after:
            now[row.after] += 1
    return people, now, tuple(rows_of)


def records(people):
    return Records({"site": [key[0] for key in people], "origin": [key[1] for key in people]}, list(people.values()))


def indicator(key):
    return from_records(SHAPE, {"site": [key[0]], "origin": [key[1]]}, [1]).counts


def tables_with_the_same_publication(publication, truth):
    """Every table of whole counts of one year, as the counts of all cells."""
    low = {int(cell): 1 for cell in np.flatnonzero(publication.suppressed)}
    high = {cell: int(truth[cell]) + ABOVE for cell in low}
    for table in fitting(rows(SHAPE, truth, publication.suppressed), low, high):
        counts = truth.copy()
        for cell, value in table.items():
            counts[cell] = value
        yield counts


def could_be(before, after, years, moved):
    """The origins that fit each mover and the counts that fit each cell, for an attacker who knows who moved where."""
    values = [set() for _ in range(len(SHAPE))]
    possible = [set() for _ in moved]
    now = {counts.tobytes() for counts in tables_with_the_same_publication(after, years[1])}
    for counts in tables_with_the_same_publication(before, years[0]):
        for origins in product(ORIGINS, repeat=len(moved)):
            changed = counts.copy()
            for row, origin in zip(moved, origins, strict=True):
                if row.before:
                    changed -= indicator((row.before[0], origin))
                if row.after:
                    changed += indicator((row.after[0], origin))
            if changed.tobytes() in now:
                for fitting_origins, origin in zip(possible, origins, strict=True):
                    fitting_origins.add(origin)
                for fitting_counts, value in zip(values, changed.tolist(), strict=True):
                    fitting_counts.add(value)
    return possible, values


@examples(40)
@given(two_years())
def test_a_disclosed_mover_has_only_one_possible_origin(drawn):
    people, now, moved = drawn
    years = [records(population).over(SHAPE).counts for population in (people, now)]
    try:
        before, after = (
            protect(records(population).over(SHAPE), UNDER_3, attacker=Attacker.ZEROS_SHOWN, budget=40)
            for population in (people, now)
        )
        possible, _ = could_be(before.publication, after.publication, years, moved)
    except (CannotProtect, TooManyError):
        assume(False)
    disclosures = mover_disclosures(
        before.publication, after.publication, Moves(("site", "origin"), moved), about=["origin"]
    )
    for disclosure in disclosures:
        row = moved[disclosure.row]
        assert disclosure.code == (row.after or row.before)[1]
        assert possible[disclosure.row] == {disclosure.code}


@examples(40)
@given(two_years())
def test_a_protected_year_leaves_several_possibilities_for_everybody(drawn):
    people, now, moved = drawn
    years = [records(population).over(SHAPE).counts for population in (people, now)]
    who = Moves(("site", "origin"), moved)
    try:
        before = protect(records(people).over(SHAPE), UNDER_3, attacker=Attacker.ZEROS_SHOWN, budget=40)
    except CannotProtect:
        assume(False)
    last = PreviousYear(publication=before.publication, moves=who, action=MoverAction.PROTECT, about=("origin",))
    options = SearchOptions(attacker=Attacker.ZEROS_SHOWN, budget=40)
    answer = protect_next(SHAPE, records(now), [], UNDER_3, previous_year=last, options=options)
    if isinstance(answer, UnpublishableTables):
        return
    assert mover_disclosures(before.publication, answer.publication, who, about=["origin"]) == answer.mover_disclosures
    try:
        possible, values = could_be(before.publication, answer.publication, years, moved)
    except TooManyError:
        return
    left = {disclosure.row for disclosure in answer.mover_disclosures}
    for at in range(len(moved)):
        if at not in left:
            assert len(possible[at]) > 1, (people, moved)
    for cell in np.flatnonzero(answer.suppressed).tolist():
        if SHAPE.named(cell) not in answer.reopened:
            assert len(values[cell]) > 1, (people, moved, SHAPE.named(cell))
