"""What a programme of a few rows and columns finds is a difference of the whole tables, and leads to safe ones."""

import numpy as np
import pytest
from generative.test_linked_sets import linked_sets
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.benchmark import RULE, load

from evenstat.disclosure import Attacker, Guarantee, audit, protect
from evenstat.disclosure.hiding import alternatives
from evenstat.disclosure.hiding.asking import Asking
from evenstat.disclosure.hiding.asking_nearby import AskingNearby
from evenstat.disclosure.hiding.differences import Falls, Question
from evenstat.disclosure.hiding.programmes import Sums


class Both:
    """The same tables asked nearby and whole, with true zeros fixed and every other cell known to hold somebody."""

    def __init__(self, tables):
        self.shape, self.counts = tables.shape, tables.counts
        self.may_differ = tables.counts > 0
        falls = Falls(np.maximum(tables.counts - 1, 0).astype(float))
        sums = Sums(tables.shape, self.may_differ)
        self.nearby = AskingNearby(tables.shape, sums, falls)
        self.whole = Asking(sums, np.flatnonzero(self.may_differ), falls)

    def publishes_the_same(self, found):
        by = np.zeros(len(self.counts))
        by[found.cells] = found.by
        left = [by[parts].sum() - by[whole] for whole, parts in self.shape.sums()]
        return not np.any(left) and (self.counts + by >= np.where(self.counts > 0, 1, 0)).all()


@settings(max_examples=60)
@given(linked_sets(), st.data())
def test_what_is_found_nearby_publishes_the_same_and_is_no_cheaper_than_the_cheapest(tables, data):
    both = Both(tables)
    may = np.flatnonzero(both.may_differ).tolist()
    if not may:
        return
    random = np.random.default_rng(data.draw(st.integers(0, 100)))
    cost = random.integers(1, 60, len(tables.counts)).astype(float)
    known = data.draw(st.lists(st.sampled_from(may), max_size=3, unique=True))
    both.whole.price(cost)
    for cell in set(may) - set(known):
        for by in (1.0, 4.0, -1.0) if tables.counts[cell] > 1 else (1.0, 4.0):  # who is down to one can't fall
            found, best = (
                both.nearby.asked(Question(cell, by, known), cost, both.may_differ),
                both.whole.asked(Question(cell, by, known)),
            )
            if found is None:
                continue
            assert found.whole
            assert both.publishes_the_same(found)
            assert found.by[found.cells == cell] * np.sign(by) >= abs(by)
            assert not set(found.cells.tolist()) & set(known)
            assert cost[found.cells] @ np.abs(found.by) >= best.cost - 1e-6


def test_most_of_what_there_is_is_found_nearby_and_hardly_dearer():
    tables = load("c", 200_000)
    both, cost = Both(tables), np.log1p(tables.counts)
    small = np.flatnonzero((tables.counts > 0) & (tables.counts < 5))
    found = [both.nearby.asked(Question(cell, 1.0), cost, both.may_differ) for cell in small.tolist()]
    both.whole.price(cost)
    best = [both.whole.asked(Question(cell, 1.0)) for cell in small.tolist()]
    assert sum(each is None for each in found) <= len(small) // 4  # of these the whole tables are asked
    dearer = [one.cost / other.cost for one, other in zip(found, best, strict=True) if one is not None]
    assert np.mean(dearer) < 1.05


@pytest.mark.parametrize("attacker", Attacker)
def test_what_is_hidden_after_asking_nearby_is_safe(monkeypatch, attacker):
    monkeypatch.setattr(alternatives, "LARGE", 0)
    tables = load("b", 20_000)
    guarantee = Guarantee(not_below=5 if attacker is Attacker.B else 0)
    found = protect(tables, RULE, attacker=attacker, guarantee=guarantee, budget=300)
    again = protect(tables, RULE, attacker=attacker, guarantee=guarantee, budget=300)
    assert (found.hidden == again.hidden).all()
    deduced = audit(found.publication, attacker, alone=tables.alone)
    assert not len(deduced.exact)
    assert not np.isin(deduced.below(guarantee.not_below), np.flatnonzero(found.unsafe)).any()
    assert found.loss.hidden <= 130  # 107 at best against B, 118 against C


def test_three_way_tables_of_other_shapes_are_asked_nearby_too(monkeypatch):
    monkeypatch.setattr(alternatives, "LARGE", 0)
    tables = load("a", 200_000)
    found = protect(tables, RULE, attacker=Attacker.B, budget=1)
    assert not len(audit(found.publication, Attacker.B).exact)
    assert not found.in_parts
