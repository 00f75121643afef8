"""A thousand random sets of linked tables with hierarchies: no suppressed cell can be derived."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles.whole_tables import TooManyError, known_exactly

from evenstat.disclosure import Attacker, Guarantee, Policy, audit, flat, from_records, layout, nested, protect
from evenstat.errors import CannotProtect

SMALL_ENOUGH = 40  # maximum number of unknown cells for enumerating every table of whole counts


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
        dimension.name: st.lists(st.sampled_from(dimension.categories), min_size=records, max_size=records)
        for dimension in shown
    }
    columns = {name: draw(codes) for name, codes in column.items()}
    counts = draw(st.lists(st.one_of(st.integers(0, 3), st.integers(0, 30)), min_size=records, max_size=records))
    behind = [[dimension.name for dimension in shown]] if draw(st.booleans()) else []
    return from_records(layout(shown, tables, unpublished=behind), columns, counts)


POLICY = st.integers(1, 5).map(lambda most: Policy(id="any", name="", description="", threshold=most))


def check(tables, policy, attacker, guarantee):
    try:
        pattern = protect(tables, policy, attacker=attacker, guarantee=guarantee, budget=120)
    except CannotProtect:
        return
    again = protect(tables, policy, attacker=attacker, guarantee=guarantee, budget=120)
    assert (pattern.suppressed == again.suppressed).all()
    counts = tables.counts
    assert pattern.suppressed[(counts >= 1) & (counts <= policy.threshold) & ~tables.shape.unpublished].all()
    assert not pattern.suppressed[(counts == 0) | tables.shape.unpublished].any()
    assert not pattern.non_integer
    for kind in [kind for kind in Attacker if kind <= attacker]:
        deduced = audit(pattern.publication, kind, singletons=tables.singletons)
        assert not len(deduced.exactly_disclosed)
        truth = counts[deduced.cells]
        assert (deduced.low <= truth).all()
        assert ((deduced.high >= truth) | (deduced.high < 0)).all()
        if kind is Attacker.ZEROS_SHOWN:
            provable = np.intersect1d(deduced.below(guarantee.not_below), np.flatnonzero(pattern.primary))
            assert not len(provable)
    if (pattern.suppressed | tables.shape.unpublished).sum() <= SMALL_ENOUGH:
        for person in [
            (),
            *([int(cell) for cell in cells] for cells in tables.singletons if attacker is Attacker.SINGLETON),
        ]:
            try:
                assert not known_exactly(
                    tables.shape, counts, pattern.suppressed, attacker is not Attacker.NON_NEGATIVE, person
                )
            except TooManyError:
                continue


@pytest.mark.parametrize("attacker", Attacker)
@examples(334)
@given(linked_sets(), POLICY, st.sampled_from([0, 0, 5]))
def test_no_suppressed_cell_can_be_derived(attacker, tables, policy, threshold):
    check(tables, policy, attacker, Guarantee(not_below=threshold))
