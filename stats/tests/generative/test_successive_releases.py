"""Random series of releases about the same people, each cutting them otherwise: nothing hidden follows from all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.whole_tables import TooManyError, fitting, rows

from evenstat.disclosure import Attacker, Policy, Records, audit, flat, joined, layout, nested, protect_next, suppressed
from evenstat.disclosure.successive import Ground, Options, Refused, can_also_publish
from evenstat.disclosure.tables import join_shapes, known

SMALL_ENOUGH = 24  # unknown cells, to try every table in whole people
ABOVE_TRUE = 8
CATEGORIES = {"x": ["x0", "x1", "x2", "x3"], "y": ["y0", "y1", "y2"], "z": ["z0", "z1"]}


@st.composite
def dimensions(draw, name):
    """The same categories every time, in groups that may be others every time; a group is named for its members."""
    codes = CATEGORIES[name]
    group_of = draw(st.lists(st.integers(0, 2), min_size=len(codes), max_size=len(codes)))
    names = ["&".join(code for code, other in zip(codes, group_of, strict=True) if other == each) for each in group_of]
    if len(set(names)) in (1, len(codes)):
        return flat(name, codes), [name]
    names = [each if "&" in each else f"only {each}" for each in names]
    return nested(name, [["group", name]], {name: codes, "group": names}), [name, "group"]


@st.composite
def shapes(draw):
    names = draw(st.lists(st.sampled_from("xyz"), min_size=1, max_size=2, unique=True))
    chosen = [draw(dimensions(name)) for name in names]
    renamed = []
    for dimension, levels in chosen:
        level = draw(st.sampled_from(levels))
        if level == "group" and sum("group" in others for _, others in chosen) > 1:
            level = dimension.name
        renamed.append(level)
    if sum("group" in levels for _, levels in chosen) > 1:
        chosen = [(flat(dimension.name, CATEGORIES[dimension.name]), [dimension.name]) for dimension, _ in chosen]
        renamed = [dimension.name for dimension, _ in chosen]
    return layout([dimension for dimension, _ in chosen], [renamed])


@st.composite
def series(draw):
    many = draw(st.integers(2, 12))
    columns = {
        name: draw(st.lists(st.sampled_from(codes), min_size=many, max_size=many)) for name, codes in CATEGORIES.items()
    }
    people = draw(st.lists(st.one_of(st.integers(0, 3), st.integers(0, 25)), min_size=many, max_size=many))
    return Records(columns, people), draw(st.lists(shapes(), min_size=2, max_size=3))


POLICY = st.integers(1, 5).map(lambda most: Policy(id="any", name="", description="", hide_to=most))


def known_in_whole_people(joint, must, truth, least, person):
    """Of the cells `must`, those that hold the same count in every table of whole people that fits what is out."""
    unseen = joint.hidden | joint.shape.behind
    low = {int(cell): least if joint.hidden[cell] else 0 for cell in unseen.nonzero()[0]}
    high = {cell: int(truth[cell]) + ABOVE_TRUE for cell in low}
    for cell in person:
        if cell in low:
            low[cell] = high[cell] = 1
    seen = {cell: set() for cell in must if cell not in person}
    for table in fitting(rows(joint.shape, truth, unseen), low, high):
        for cell in seen:
            seen[cell].add(table[cell])
        if all(len(values) > 1 for values in seen.values()):
            return set()
    return {cell for cell, values in seen.items() if len(values) == 1}


def follow(records, wanted, policy, attacker):
    """Every release that can go out after those before it; and small sums of hidden figures that follow from these."""
    out, answers, sums = [], [], set()
    for shape in wanted:
        answer = protect_next(shape, records, out, policy, options=Options(attacker=attacker, budget=60))
        if isinstance(answer, Refused):
            assert answer.reason
            continue
        given_away = {answer.pattern.tables.shape.named(int(cell)) for cell in answer.given_away}
        hidden = {each.shape.named(int(cell)) for each in out for cell in np.flatnonzero(each.hidden)}
        assert not given_away & hidden - sums  # nothing went out that was not safe
        sums |= given_away
        out.append(answer.publication)
        answers.append(answer)
    return out, answers, sums


@pytest.mark.parametrize("attacker", Attacker)
@settings(max_examples=40)
@given(series(), POLICY)
def test_nothing_hidden_in_any_release_follows_from_all(attacker, drawn, policy):
    records, wanted = drawn
    out, _, sums = follow(records, wanted, policy, attacker)
    if not out:
        return
    together = join_shapes([each.shape for each in out])
    tables, joint = records.over(together.shape), joined(out)
    small = together.told_apart & (tables.counts > 0) & (tables.counts <= policy.hide_to)
    for reader in [each for each in Attacker if each <= attacker]:
        deduced = audit(joint, reader, alone=tables.alone)
        assert {joint.shape.named(int(cell)) for cell in deduced.exact if joint.hidden[cell]} <= sums
        truth = tables.counts[deduced.cells]
        assert ((deduced.low <= truth) & ((deduced.high >= truth) | (deduced.high < 0))).all()
    if (joint.hidden | joint.shape.behind).sum() > SMALL_ENOUGH:
        return
    must = [cell for cell in np.flatnonzero(joint.hidden | small).tolist() if joint.shape.named(cell) not in sums]
    least = 0 if attacker is Attacker.A else 1
    for person in [(), *([int(cell) for cell in each] for each in tables.alone if attacker is Attacker.C)]:
        try:
            assert not known_in_whole_people(joint, must, tables.counts, least, person)
        except TooManyError:
            continue


@settings(max_examples=30)
@given(series(), POLICY)
def test_what_is_hidden_once_is_never_printed(drawn, policy):
    records, wanted = drawn
    out, _, _ = follow(records, wanted, policy, Attacker.B)
    for at in range(1, len(out)):
        together = join_shapes([each.shape for each in out[: at + 1]])
        hidden = np.zeros(len(together.shape), dtype=bool)
        for each, places in zip(out[:at], together.places, strict=False):
            hidden[places[each.hidden]] = True
        last = together.places[at][~out[at].hidden & ~out[at].shape.behind]
        assert not hidden[last].any()


@settings(max_examples=30)
@given(series(), POLICY)
def test_the_same_answers_every_time(drawn, policy):
    records, wanted = drawn
    first, second = (follow(records, wanted, policy, Attacker.C)[1] for _ in range(2))
    assert [each.words for each in first] == [each.words for each in second]
    assert all((a.hidden == b.hidden).all() for a, b in zip(first, second, strict=True))


@settings(max_examples=30)
@given(series(), POLICY)
def test_a_refusal_has_a_true_reason_and_the_nearest_can_go_out(drawn, policy):
    records, wanted = drawn
    out = []
    for shape in wanted:
        options = Options(attacker=Attacker.B, budget=60)
        answer = can_also_publish(shape, records, out, policy, options=options, tries=8)
        if not isinstance(answer, Refused):
            out.append(answer.publication)
            continue
        assert answer.ground is not Ground.NOT_FOUND
        if answer.by:
            assert answer.given_away[0] in would_follow(shape, records, out, answer.by)
        if answer.nearest is not None:
            again = protect_next(answer.nearest.shape, records, out, policy, options=options)
            assert not isinstance(again, Refused)
            assert again.news > 0


def would_follow(shape, records, out, by):
    """What a reader works out when of the new tables nothing is shown but these figures, zeros, and what is out."""
    counts = records.over(shape).counts
    before = joined([known(shape, {}), *out])
    printed = {before.shape.named(int(cell)) for cell in np.flatnonzero(before.low == before.high)}
    hidden = [count > 0 and shape.named(cell) not in printed | set(by) for cell, count in enumerate(counts.tolist())]
    trial = joined([suppressed(shape, counts, np.array(hidden)), *out])
    everything = replace(trial, shape=replace(trial.shape, behind=np.zeros(len(trial.shape), dtype=bool)))
    return {trial.shape.named(int(cell)) for cell in audit(everything, Attacker.B).exact}
