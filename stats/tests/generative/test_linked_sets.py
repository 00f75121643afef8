"""A thousand random sets of linked tables with groups within groups: nothing that is hidden can be worked out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.whole_tables import TooManyError, known_exactly

from evenstat.disclosure import Attacker, Guarantee, Policy, audit, flat, from_records, layout, nested, protect
from evenstat.errors import CannotProtect

SMALL_ENOUGH = 40  # cells that a reader does not see, to try every table in whole people


@st.composite
def dimensions(draw, name):
    size = draw(st.integers(2, 4))
    codes = [f"{name}{place}" for place in range(size)]
    if size == 2 or not draw(st.booleans()):
        return flat(name, codes), [name]
    groups = [f"{name}-group{draw(st.integers(0, 1))}" for _ in codes]
    above = {f"{name}-groups": groups, name: codes}
    return nested(name, [[f"{name}-groups", name]], above), [name, f"{name}-groups"]


@st.composite
def linked_sets(draw):
    chosen = [draw(dimensions(name)) for name in "xyz"[: draw(st.integers(1, 3))]]
    shown = [dimension for dimension, _ in chosen]
    tables = draw(
        st.lists(
            st.lists(st.sampled_from(range(len(chosen))), min_size=1, max_size=3, unique=True).flatmap(
                lambda axes: st.tuples(*(st.sampled_from(chosen[axis][1]) for axis in axes)).map(list)
            ),
            min_size=1,
            max_size=3,
        )
    )
    records = draw(st.integers(1, 14))
    column = {
        each.name: st.lists(st.sampled_from(each.categories), min_size=records, max_size=records) for each in shown
    }
    columns = {name: draw(codes) for name, codes in column.items()}
    counts = draw(st.lists(st.one_of(st.integers(0, 3), st.integers(0, 30)), min_size=records, max_size=records))
    behind = [[each.name for each in shown]] if draw(st.booleans()) else []
    return from_records(layout(shown, tables, behind=behind), columns, counts)


POLICY = st.integers(1, 5).map(lambda most: Policy(id="any", name="", description="", hide_to=most))


def check(tables, policy, attacker, guarantee):
    try:
        found = protect(tables, policy, attacker=attacker, guarantee=guarantee, budget=120)
    except CannotProtect:
        return
    again = protect(tables, policy, attacker=attacker, guarantee=guarantee, budget=120)
    assert (found.hidden == again.hidden).all()
    counts = tables.counts
    assert found.hidden[(counts >= 1) & (counts <= policy.hide_to) & ~tables.shape.behind].all()
    assert not found.hidden[(counts == 0) | tables.shape.behind].any()
    assert not found.in_parts
    for reader in [each for each in Attacker if each <= attacker]:
        deduced = audit(found.publication, reader, alone=tables.alone)
        assert not len(deduced.exact)
        truth = counts[deduced.cells]
        assert (deduced.low <= truth).all()
        assert ((deduced.high >= truth) | (deduced.high < 0)).all()
        if reader is Attacker.B:
            provable = np.intersect1d(deduced.below(guarantee.not_below), np.flatnonzero(found.unsafe))
            assert not len(provable)
    if (found.hidden | tables.shape.behind).sum() <= SMALL_ENOUGH:
        for person in [(), *([int(cell) for cell in each] for each in tables.alone if attacker is Attacker.C)]:
            try:
                assert not known_exactly(tables.shape, counts, found.hidden, attacker is not Attacker.A, person)
            except TooManyError:
                continue


@pytest.mark.parametrize("attacker", Attacker)
@settings(max_examples=334)
@given(linked_sets(), POLICY, st.sampled_from([0, 0, 5]))
def test_nothing_hidden_can_be_worked_out(attacker, tables, policy, threshold):
    check(tables, policy, attacker, Guarantee(not_below=threshold))
