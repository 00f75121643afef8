"""Random linked tables, rounded in every way: what is promised holds, and other code finds what a reader finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from evenstat.disclosure import (
    NO_LIMIT,
    Attacker,
    Method,
    Policy,
    Records,
    Remedy,
    Ties,
    audit,
    flat,
    layout,
    nested,
    rounded,
)
from evenstat.errors import CannotProtect

FEW = settings(max_examples=40)
SETS = ([["a", "b"]], [["a"], ["b"]], [["a", "b"], ["a", "c"]], [["group", "b"], ["a"]], [["a", "b", "c"]])


@st.composite
def people(draw):
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    size = draw(st.integers(2, 60))
    a, b, c = (random.choice(number, size, p=_uneven(random, number)) for number in (4, 3, 2))
    categories = {
        "a": [f"a{each}" for each in a],
        "b": [f"b{each}" for each in b],
        "c": [f"c{each}" for each in c],
    }
    levels = {"group": ["g0", "g0", "g1", "g1"], "a": ["a0", "a1", "a2", "a3"]}
    tables = draw(st.sampled_from(SETS))
    dimensions = [nested("a", [["group", "a"]], levels), flat("b", ["b0", "b1", "b2"]), flat("c", ["c0", "c1"])]
    used = [each for each in dimensions if any(name in each.levels for table in tables for name in table)]
    shape = layout(used, tables)
    return shape, Records({each.name: categories[each.name] for each in used}, [1] * size)


def _uneven(random, number):
    shares = random.random(number) ** 3 + 0.01
    return shares / shares.sum()


@st.composite
def policies(draw, remedy):
    method = draw(st.sampled_from([each for each in Method if each is not Method.HIDE]))
    more = {"method": method, "base": draw(st.sampled_from([3, 5, 10]))}
    if method is Method.CELL_KEY:
        more = {"method": method, "distance": draw(st.integers(2, 5)), "variance": 1.5}
    if method is Method.ROUND:
        more |= {"hide_to": draw(st.sampled_from([0, 0, 2, 4])), "ties": draw(st.sampled_from(Ties))}
    return Policy(id="drawn", name="", description="", if_exact=remedy, **more)


def published(case, rule, attacker):
    shape, records = case
    keys = np.random.default_rng(7).integers(0, 2**32, len(records.people)).tolist()
    return rounded(records.over(shape), rule, attacker=attacker, records=records, keys=keys)


@FEW
@given(people(), policies(Remedy.REPORT))
def test_what_is_promised_holds(case, rule):
    found = published(case, rule, Attacker.B)
    counts = found.tables.counts
    assert (found.low <= counts).all()
    assert (counts <= found.high).all()
    assert (found.figures[(counts == 0) & found.in_numbers] == 0).all()
    if rule.method in (Method.ROUND_TO_ADD_UP, Method.ROUND_SMALL):
        assert found.adds_up
    farthest = {
        Method.ROUND: rule.base // 2,
        Method.ROUND_TO_ADD_UP: rule.base - 1,
        Method.ROUND_SMALL: len(counts) * rule.base,
        Method.CELL_KEY: rule.distance,
    }
    assert found.distance <= farthest[rule.method]
    if rule.method is Method.ROUND_SMALL:
        assert not ((found.figures > 0) & (found.figures < rule.base)).any()
    elif rule.method is not Method.CELL_KEY:
        assert (found.figures % rule.base == 0).all()


@FEW
@given(people(), policies(Remedy.REPORT))
def test_what_a_reader_finds_the_audit_finds_too(case, rule):
    found = published(case, rule, Attacker.B)
    exact = set(audit(found.publication, Attacker.B).exact.tolist())
    if rule.method is Method.ROUND_SMALL:  # large counts may be known
        counts = found.tables.counts
        exact = {cell for cell in exact if 0 < counts[cell] < rule.base}
    assert set(found.exact.tolist()) == exact


@settings(max_examples=25)
@given(people(), policies(Remedy.WITHHOLD))
def test_nothing_is_given_away_once_figures_are_withheld(case, rule):
    """To a reader who is alone in a cell either, by another solver."""
    try:
        found = published(case, rule, Attacker.C)
    except CannotProtect:
        return
    counts, shape = found.tables.counts, found.tables.shape
    secret = found.low < found.high
    if rule.method is Method.ROUND_SMALL:
        secret &= (counts > 0) & (counts < rule.base)
    for known in ((), *found.tables.alone):
        own = mine(shape, known)
        for cell in np.flatnonzero(secret):
            if cell not in own:
                assert possible(found.publication, counts, own, int(cell)), shape.named(int(cell))


def mine(shape, known):
    own, before = {int(each) for each in known}, -1
    while len(own) > before:
        before = len(own)
        own |= {int(part) for whole, parts in shape.sums() if whole in own for part in parts}
    return own


def possible(publication, counts, own, cell):
    """Is there another table, in parts of people too, in which the cell is one more or one fewer?"""
    shape = publication.shape
    rows = np.zeros((len(shape.parents), len(shape)))
    for at, (whole, parts) in enumerate(shape.sums()):
        rows[at, parts], rows[at, whole] = 1, -1
    least = np.where(publication.hidden & publication.zeros_shown, 1, publication.low)
    bounds = [
        (counts[each], counts[each]) if each in own else (least[each], None if high == NO_LIMIT else high)
        for each, high in enumerate(publication.high)
    ]
    for by in (1, -1):
        value = counts[cell] + by
        low, high = bounds[cell]
        if value < low or (high is not None and value > high):
            continue
        asked = [*bounds[:cell], (value, value), *bounds[cell + 1 :]]
        if linprog(np.zeros(len(shape)), A_eq=rows, b_eq=np.zeros(len(rows)), bounds=asked).status == 0:
            return True
    return False


@FEW
@given(people(), policies(Remedy.WITHHOLD))
def test_the_same_input_gives_the_same_output(case, rule):
    try:
        first = published(case, rule, Attacker.C).values
    except CannotProtect as refusal:
        with pytest.raises(CannotProtect, match=str(refusal)[:20]):
            published(case, rule, Attacker.C)
        return
    assert published(case, rule, Attacker.C).values == first


@FEW
@given(people(), st.sampled_from([2, 3, 5]))
def test_controlled_rounding_is_the_nearest_there_is(case, base):
    """Where one table is small enough to try every choice."""
    shape, records = case
    counts = records.over(shape).counts
    loose = np.flatnonzero(counts % base)
    if len(loose) > 12:
        return
    rule = Policy(id="adds", name="", description="", method=Method.ROUND_TO_ADD_UP, base=base, if_exact=Remedy.REPORT)
    best = None
    for choice in range(2 ** len(loose)):
        figures = counts - counts % base
        figures[loose] += base * ((choice >> np.arange(len(loose))) & 1)
        if all(figures[parts].sum() == figures[whole] for whole, parts in shape.sums()):
            away = int(np.abs(figures - counts).sum())
            best = away if best is None else min(best, away)
    if best is None:
        with pytest.raises(CannotProtect, match="add up in all these tables"):
            rounded(records.over(shape), rule)
    else:
        found = rounded(records.over(shape), rule, attacker=Attacker.B)
        assert best <= np.abs(found.figures - counts).sum() <= best * 1.01
