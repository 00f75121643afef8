"""Random linked tables, rounded by every method: the guarantees hold, and independent code confirms disclosures."""

import numpy as np
import pytest
from examples import examples
from hypothesis import given, reject
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
    round_tables,
)
from evenstat.errors import CannotProtect

FEW = examples(40)
SETS = ([["a", "b"]], [["a"], ["b"]], [["a", "b"], ["a", "c"]], [["group", "b"], ["a"]], [["a", "b", "c"]])


@st.composite
def people(draw):
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    size = draw(st.integers(2, 60))
    a, b, c = (random.choice(number, size, p=_uneven(random, number)) for number in (4, 3, 2))
    categories = {
        "a": [f"a{index}" for index in a],
        "b": [f"b{index}" for index in b],
        "c": [f"c{index}" for index in c],
    }
    levels = {"group": ["g0", "g0", "g1", "g1"], "a": ["a0", "a1", "a2", "a3"]}
    tables = draw(st.sampled_from(SETS))
    dimensions = [nested("a", [["group", "a"]], levels), flat("b", ["b0", "b1", "b2"]), flat("c", ["c0", "c1"])]
    used = [
        dimension for dimension in dimensions if any(name in dimension.levels for table in tables for name in table)
    ]
    shape = layout(used, tables)
    return shape, Records({dimension.name: categories[dimension.name] for dimension in used}, [1] * size)


def _uneven(random, number):
    shares = random.random(number) ** 3 + 0.01
    return shares / shares.sum()


@st.composite
def policies(draw, remedy):
    method = draw(st.sampled_from([candidate for candidate in Method if candidate is not Method.SUPPRESS]))
    more = {"method": method, "base": draw(st.sampled_from([3, 5, 10]))}
    if method is Method.CELL_KEY:
        more = {"method": method, "distance": draw(st.integers(2, 5)), "variance": 1.5}
    if method is Method.ROUND:
        more |= {"threshold": draw(st.sampled_from([0, 0, 2, 4])), "ties": draw(st.sampled_from(Ties))}
    return Policy(id="drawn", name="", description="", if_exact=remedy, **more)


def published(case, rule, attacker):
    shape, records = case
    keys = np.random.default_rng(7).integers(0, 2**32, len(records.people)).tolist()
    return round_tables(records.over(shape), rule, attacker=attacker, records=records, keys=keys)


def published_if_possible(case, rule):
    """Three-way tables may have no multiples that add up, and are refused then."""
    try:
        return published(case, rule, Attacker.ZEROS_SHOWN)
    except CannotProtect:
        assert rule.method is Method.ROUND_TO_ADD_UP
        assert case[0].tables == (("a", "b", "c"),)
        return reject()


@FEW
@given(people(), policies(Remedy.REPORT))
def test_the_guarantees_hold(case, rule):
    rounded = published_if_possible(case, rule)
    counts = rounded.tables.counts
    assert (rounded.low <= counts).all()
    assert (counts <= rounded.high).all()
    assert (rounded.figures[(counts == 0) & rounded.in_numbers] == 0).all()
    if rule.method in (Method.ROUND_TO_ADD_UP, Method.ROUND_SMALL):
        assert rounded.adds_up
    farthest = {
        Method.ROUND: rule.base // 2,
        Method.ROUND_TO_ADD_UP: rule.base - 1,
        Method.ROUND_SMALL: len(counts) * rule.base,
        Method.CELL_KEY: rule.distance,
    }
    assert rounded.distance <= farthest[rule.method]
    if rule.method is Method.ROUND_SMALL:
        assert not ((rounded.figures > 0) & (rounded.figures < rule.base)).any()
    elif rule.method is not Method.CELL_KEY:
        assert (rounded.figures % rule.base == 0).all()


@FEW
@given(people(), policies(Remedy.REPORT))
def test_rounding_and_the_audit_find_the_same_disclosures(case, rule):
    rounded = published_if_possible(case, rule)
    exact = set(audit(rounded.publication, Attacker.ZEROS_SHOWN).exactly_disclosed.tolist())
    if rule.method is Method.ROUND_SMALL:  # large counts may be disclosed
        counts = rounded.tables.counts
        exact = {cell for cell in exact if 0 < counts[cell] < rule.base}
    assert set(rounded.exactly_disclosed.tolist()) == exact


@examples(25)
@given(people(), policies(Remedy.WITHHOLD))
def test_nothing_is_disclosed_once_figures_are_withheld(case, rule):
    """Neither to singleton attackers, according to another solver."""
    try:
        rounded = published(case, rule, Attacker.SINGLETON)
    except CannotProtect:
        return
    counts, shape = rounded.tables.counts, rounded.tables.shape
    secret = rounded.low < rounded.high
    if rule.method is Method.ROUND_SMALL:
        secret &= (counts > 0) & (counts < rule.base)
    for known in ((), *rounded.tables.singletons):
        own = mine(shape, known)
        for cell in np.flatnonzero(secret):
            if cell not in own:
                assert possible(rounded.publication, counts, own, int(cell)), shape.named(int(cell))


def mine(shape, known):
    own, before = {int(cell) for cell in known}, -1
    while len(own) > before:
        before = len(own)
        own |= {int(part) for whole, parts in shape.sums() if whole in own for part in parts}
    return own


def possible(publication, counts, own, cell):
    """Whether there is another table, possibly fractional, in which the cell is one more or one less."""
    shape = publication.shape
    rows = np.zeros((len(shape.parents), len(shape)))
    for at, (whole, parts) in enumerate(shape.sums()):
        rows[at, parts], rows[at, whole] = 1, -1
    least = np.where(publication.suppressed & publication.zeros_shown, 1, publication.low)
    bounds = [
        (counts[place], counts[place]) if place in own else (least[place], None if high == NO_LIMIT else high)
        for place, high in enumerate(publication.high)
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
        first = published(case, rule, Attacker.SINGLETON).values
    except CannotProtect as refusal:
        with pytest.raises(CannotProtect, match=str(refusal)[:20]):
            published(case, rule, Attacker.SINGLETON)
        return
    assert published(case, rule, Attacker.SINGLETON).values == first


@FEW
@given(people(), st.sampled_from([2, 3, 5]))
def test_controlled_rounding_is_optimal(case, base):
    """If the table is small enough to try every choice."""
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
            round_tables(records.over(shape), rule)
    else:
        rounded = round_tables(records.over(shape), rule, attacker=Attacker.ZEROS_SHOWN)
        assert best <= np.abs(rounded.figures - counts).sum() <= best * 1.01
