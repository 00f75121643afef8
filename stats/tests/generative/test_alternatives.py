"""Every answer is a difference of the tables, whatever was asked before, and costs what a programme made anew says."""

import numpy as np
import pytest
from generative.test_linked_sets import linked_sets
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.benchmark import load

from evenstat.disclosure.hiding import alternatives, asking_nearby
from evenstat.disclosure.hiding.alternatives import Alternatives
from evenstat.disclosure.hiding.asking import Asking
from evenstat.disclosure.hiding.differences import Falls, Question
from evenstat.disclosure.hiding.programmes import Sums

QUESTIONS = 12


class Asked:
    """One set of counts, and questions at random that go on from each other's programmes."""

    def __init__(self, tables, seed, *, divisible):
        self.random = np.random.default_rng(seed)
        self.shape = tables.shape
        self.counts = tables.counts * (1_000 if divisible else 1)
        behind = tables.shape.behind
        self.fixed = ((self.counts == 0) | (self.random.random(len(self.counts)) < 0.1)) & ~behind
        self.least = np.where(behind, 0, 1)
        self.asked = Alternatives(self.shape, self.counts, self.fixed, self.least, divisible=divisible)
        self.falls = Falls(np.maximum(self.counts - self.least, 0).astype(float), divisible)
        self.sums = Sums(self.shape, ~self.fixed)
        self.may = np.flatnonzero(~self.fixed & ~behind)
        self.cost = np.ones(len(self.counts))
        self.hidden = ~self.fixed

    def question(self):
        if self.random.random() < 0.4:
            dear = self.random.integers(1, 30, len(self.counts)).astype(float)
            self.cost = np.where(self.random.random(len(self.counts)) < 0.4, 0.0, dear)
            self.asked.price(self.cost)
        self.hidden = self.hidden & (self.random.random(len(self.counts)) < 0.95) | self.shape.behind
        if self.random.random() < 0.3:
            self.hidden = self.random.random(len(self.counts)) < 0.7
        self.hidden = (self.hidden | self.shape.behind) & ~self.fixed
        cell = int(self.random.choice(self.may))
        self.hidden[cell] = True
        known = [int(each) for each in self.random.choice(self.may, 2) if each != cell]
        return cell, float(self.random.choice([0, 0, 3, 7])), known

    def holds(self, found, cell, rise, known, among):
        by = np.zeros(len(self.counts))
        by[found.cells] = found.by
        for whole, parts in self.shape.sums():
            assert by[parts].sum() == pytest.approx(by[whole], abs=1e-5 if found.whole else 1e-3)
        assert (by >= -self.falls.most - 1e-6).all()
        assert not by[~among].any()
        assert not by[known].any()
        assert (by[cell] if rise else abs(by[cell])) >= max(rise, 1.0) - 1e-6

    def fresh(self, cells, cost, cell, rise, known):
        """The least that a difference costs in either direction, of a programme that was asked nothing else."""
        ways = [max(rise, 1.0)] if rise or self.falls.most[cell] < 1 else [1.0, -1.0]
        asking = Asking(self.sums, np.flatnonzero(cells), self.falls)
        asking.price(cost)
        found = [asking.asked(Question(cell, by, known)) for by in ways]
        return min((each.cost for each in found if each is not None), default=None)


@pytest.mark.parametrize("divisible", [False, True])
@settings(max_examples=40)
@given(linked_sets(), st.integers(0, 1_000))
def test_what_was_asked_before_changes_no_answer(divisible, tables, seed):
    those = Asked(tables, seed, divisible=divisible)
    for _ in range(QUESTIONS if len(those.may) else 0):
        cell, rise, known = those.question()
        found = those.asked.cheapest(cell, rise=rise, known=known)
        best = those.fresh(~those.fixed, those.cost, cell, rise, known)
        assert (found is None) == (best is None)
        if found is not None:
            those.holds(found, cell, rise, known, ~those.fixed)
            assert found.cost == pytest.approx(best, abs=1e-5)
        alone = those.asked.among(cell, those.hidden, rise=rise, known=known)
        possible = those.fresh(those.hidden, np.ones(len(those.cost)), cell, rise, known)
        assert alone is None or possible is not None
        if alone is not None:
            assert alone.whole
            those.holds(alone, cell, rise, known, those.hidden)


@settings(max_examples=40)
@given(linked_sets(), st.integers(0, 1_000))
def test_nor_nearby_in_a_few_cells_at_a_time(tables, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alternatives, "LARGE", 0)
        patch.setattr(asking_nearby, "FEW", (12, 40))
        those = Asked(tables, seed, divisible=False)
        for _ in range(QUESTIONS if len(those.may) else 0):
            cell, rise, known = those.question()
            found = those.asked.cheapest(cell, rise=rise, known=known)
            best = those.fresh(~those.fixed, those.cost, cell, rise, known)
            assert (found is None) == (best is None)  # the whole tables are asked in the end
            if found is not None:
                those.holds(found, cell, rise, known, ~those.fixed)
                assert found.cost >= best - 1e-5
            alone = those.asked.among(cell, those.hidden, rise=rise, known=known)
            if alone is not None:
                assert alone.whole
                those.holds(alone, cell, rise, known, those.hidden)


def test_a_cell_that_the_reader_knows_has_no_other_count(monkeypatch):
    for large in (0, 5_000):
        monkeypatch.setattr(alternatives, "LARGE", large)
        tables = load("b", 2_000)
        asked = Alternatives(tables.shape, tables.counts, tables.counts == 0, np.ones(len(tables.counts)))
        cell = int(np.flatnonzero(tables.counts == 2)[0])
        everything = tables.counts > 0
        assert asked.cheapest(cell, known=[cell]) is None
        assert asked.among(cell, everything, known=[cell]) is None
        assert asked.in_whole_people(cell, known=[cell]) is None
        nobody = int(np.flatnonzero(tables.counts == 0)[0])
        assert asked.cheapest(nobody) is None
        assert asked.cheapest(cell) is not None
