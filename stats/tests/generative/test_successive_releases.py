"""Random series of releases about the same people with different groups: no suppressed cell can be derived from all."""

from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles.whole_tables import TooManyError, fitting, rows

from evenstat.disclosure import (
    Attacker,
    Policy,
    Records,
    audit,
    combine,
    flat,
    layout,
    nested,
    protect_next,
    suppress_cells,
)
from evenstat.disclosure.successive_releases import RefusalReason, SearchOptions, UnpublishableTables, can_also_publish
from evenstat.disclosure.tables import combine_layouts, known_figures

SMALL_ENOUGH = 24  # maximum number of unknown cells for enumerating every table of whole counts
ABOVE_TRUE = 8
CATEGORIES = {"x": ["x0", "x1", "x2", "x3"], "y": ["y0", "y1", "y2"], "z": ["z0", "z1"]}


@st.composite
def dimensions(draw, name):
    """The same categories every time, in groups that may differ; a group is named after its members."""
    codes = CATEGORIES[name]
    group_of = draw(st.lists(st.integers(0, 2), min_size=len(codes), max_size=len(codes)))
    names = [
        "&".join(code for code, other in zip(codes, group_of, strict=True) if other == group) for group in group_of
    ]
    if len(set(names)) in (1, len(codes)):
        return flat(name, codes), [name]
    names = [group_name if "&" in group_name else f"only {group_name}" for group_name in names]
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


POLICY = st.integers(1, 5).map(lambda most: Policy(id="any", name="", description="", threshold=most))


def known_in_whole_people(joint, must, truth, least, person):
    """The cells in `must` that have the same count in every table of whole counts that fits the releases."""
    unseen = joint.suppressed | joint.shape.unpublished
    low = {int(cell): least if joint.suppressed[cell] else 0 for cell in unseen.nonzero()[0]}
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
    """Every release that can be published after the earlier ones, and derivable small sums of suppressed figures."""
    out, answers, sums = [], [], set()
    for shape in wanted:
        answer = protect_next(shape, records, out, policy, options=SearchOptions(attacker=attacker, budget=60))
        if isinstance(answer, UnpublishableTables):
            assert answer.reason
            continue
        disclosed = {answer.pattern.tables.shape.named(int(cell)) for cell in answer.disclosed}
        hidden = {
            publication.shape.named(int(cell)) for publication in out for cell in np.flatnonzero(publication.suppressed)
        }
        assert not disclosed & hidden - sums  # every published release was safe
        sums |= disclosed
        out.append(answer.publication)
        answers.append(answer)
    return out, answers, sums


@pytest.mark.parametrize("attacker", Attacker)
@examples(40)
@given(series(), POLICY)
def test_no_suppressed_cell_can_be_derived_from_all_releases(attacker, drawn, policy):
    records, wanted = drawn
    out, _, sums = follow(records, wanted, policy, attacker)
    if not out:
        return
    together = combine_layouts([publication.shape for publication in out])
    tables, joint = records.over(together.shape), combine(out)
    small = together.by_differencing & (tables.counts > 0) & (tables.counts <= policy.threshold)
    for reader in [candidate for candidate in Attacker if candidate <= attacker]:
        deduced = audit(joint, reader, singletons=tables.singletons)
        assert {joint.shape.named(int(cell)) for cell in deduced.exactly_disclosed if joint.suppressed[cell]} <= sums
        truth = tables.counts[deduced.cells]
        assert ((deduced.low <= truth) & ((deduced.high >= truth) | (deduced.high < 0))).all()
    if (joint.suppressed | joint.shape.unpublished).sum() > SMALL_ENOUGH:
        return
    must = [cell for cell in np.flatnonzero(joint.suppressed | small).tolist() if joint.shape.named(cell) not in sums]
    least = 0 if attacker is Attacker.NON_NEGATIVE else 1
    for person in [
        (),
        *([int(cell) for cell in own_cells] for own_cells in tables.singletons if attacker is Attacker.SINGLETON),
    ]:
        try:
            assert not known_in_whole_people(joint, must, tables.counts, least, person)
        except TooManyError:
            continue


@examples(30)
@given(series(), POLICY)
def test_a_cell_suppressed_once_is_never_published(drawn, policy):
    records, wanted = drawn
    out, _, _ = follow(records, wanted, policy, Attacker.ZEROS_SHOWN)
    for at in range(1, len(out)):
        together = combine_layouts([publication.shape for publication in out[: at + 1]])
        hidden = np.zeros(len(together.shape), dtype=bool)
        for publication, places in zip(out[:at], together.places, strict=False):
            hidden[places[publication.suppressed]] = True
        last = together.places[at][~out[at].suppressed & ~out[at].shape.unpublished]
        assert not hidden[last].any()


@examples(30)
@given(series(), POLICY)
def test_decisions_are_reproducible(drawn, policy):
    records, wanted = drawn
    first, second = (follow(records, wanted, policy, Attacker.SINGLETON)[1] for _ in range(2))
    assert [answer.words for answer in first] == [answer.words for answer in second]
    assert all((a.suppressed == b.suppressed).all() for a, b in zip(first, second, strict=True))


@examples(30)
@given(series(), POLICY)
def test_a_refusal_has_a_true_reason_and_the_nearest_tables_can_be_published(drawn, policy):
    records, wanted = drawn
    out = []
    for shape in wanted:
        options = SearchOptions(attacker=Attacker.ZEROS_SHOWN, budget=60)
        answer = can_also_publish(shape, records, out, policy, options=options, tries=8)
        if not isinstance(answer, UnpublishableTables):
            out.append(answer.publication)
            continue
        assert answer.ground is not RefusalReason.NOT_FOUND
        if answer.disclosing:
            assert answer.disclosed[0] in would_follow(shape, records, out, answer.disclosing)
        if answer.nearest is not None:
            again = protect_next(answer.nearest.shape, records, out, policy, options=options)
            assert not isinstance(again, UnpublishableTables)
            assert again.new_figures > 0


def would_follow(shape, records, out, by):
    """What an attacker can derive if only these figures, zeros and prior figures are shown of the new tables."""
    counts = records.over(shape).counts
    before = combine([known_figures(shape, {}), *out])
    printed = {before.shape.named(int(cell)) for cell in np.flatnonzero(before.low == before.high)}
    hidden = [count > 0 and shape.named(cell) not in printed | set(by) for cell, count in enumerate(counts.tolist())]
    trial = combine([suppress_cells(shape, counts, np.array(hidden)), *out])
    everything = replace(trial, shape=replace(trial.shape, unpublished=np.zeros(len(trial.shape), dtype=bool)))
    return {trial.shape.named(int(cell)) for cell in audit(everything, Attacker.ZEROS_SHOWN).exactly_disclosed}
