"""Every perturbation is feasible, independently of earlier queries, and costs the same as from a newly built LP."""

import numpy as np
import pytest
from generative.test_linked_sets import linked_sets
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.benchmark import load

from evenstat.disclosure.suppression import feasible_perturbations, local_lp
from evenstat.disclosure.suppression.attacker_lp import AttackerLP
from evenstat.disclosure.suppression.constraints import SumConstraints
from evenstat.disclosure.suppression.feasible_perturbations import FeasiblePerturbations
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Query

QUERIES = 12


class QueriedTables:
    """One set of counts, with random queries to warm-started LPs."""

    def __init__(self, tables, seed, *, divisible):
        self.random = np.random.default_rng(seed)
        self.shape = tables.shape
        self.counts = tables.counts * (1_000 if divisible else 1)
        behind = tables.shape.unpublished
        self.fixed = ((self.counts == 0) | (self.random.random(len(self.counts)) < 0.1)) & ~behind
        self.least = np.where(behind, 0, 1)
        self.solve = FeasiblePerturbations(self.shape, self.counts, self.fixed, self.least, divisible=divisible)
        self.falls = MaximumDecrease(np.maximum(self.counts - self.least, 0).astype(float), divisible)
        self.sums = SumConstraints(self.shape, ~self.fixed)
        self.may = np.flatnonzero(~self.fixed & ~behind)
        self.cost = np.ones(len(self.counts))
        self.suppressed = ~self.fixed

    def random_query(self):
        if self.random.random() < 0.4:
            dear = self.random.integers(1, 30, len(self.counts)).astype(float)
            self.cost = np.where(self.random.random(len(self.counts)) < 0.4, 0.0, dear)
            self.solve.set_costs(self.cost)
        self.suppressed = self.suppressed & (self.random.random(len(self.counts)) < 0.95) | self.shape.unpublished
        if self.random.random() < 0.3:
            self.suppressed = self.random.random(len(self.counts)) < 0.7
        self.suppressed = (self.suppressed | self.shape.unpublished) & ~self.fixed
        cell = int(self.random.choice(self.may))
        self.suppressed[cell] = True
        known = [int(other) for other in self.random.choice(self.may, 2) if other != cell]
        return cell, float(self.random.choice([0, 0, 3, 7])), known

    def assert_feasible(self, perturbation, cell, rise, known, among):
        by = np.zeros(len(self.counts))
        by[perturbation.cells] = perturbation.change
        for whole, parts in self.shape.sums():
            assert by[parts].sum() == pytest.approx(by[whole], abs=1e-5 if perturbation.integer else 1e-3)
        assert (by >= -self.falls.per_cell - 1e-6).all()
        assert not by[~among].any()
        assert not by[known].any()
        assert (by[cell] if rise else abs(by[cell])) >= max(rise, 1.0) - 1e-6

    def fresh(self, cells, cost, cell, rise, known):
        """The minimum cost of a perturbation in either direction, from a newly built LP."""
        ways = [max(rise, 1.0)] if rise or self.falls.per_cell[cell] < 1 else [1.0, -1.0]
        asking = AttackerLP(self.sums, np.flatnonzero(cells), self.falls)
        asking.set_costs(cost)
        perturbation = [asking.solve(Query(cell, by, known)) for by in ways]
        return min((each.cost for each in perturbation if each is not None), default=None)


@pytest.mark.parametrize("divisible", [False, True])
@settings(max_examples=40)
@given(linked_sets(), st.integers(0, 1_000))
def test_earlier_queries_do_not_change_a_result(divisible, tables, seed):
    queried = QueriedTables(tables, seed, divisible=divisible)
    for _ in range(QUERIES if len(queried.may) else 0):
        cell, rise, known = queried.random_query()
        perturbation = queried.solve.cheapest(cell, upper_protection=rise, known_cells=known)
        best = queried.fresh(~queried.fixed, queried.cost, cell, rise, known)
        assert (perturbation is None) == (best is None)
        if perturbation is not None:
            queried.assert_feasible(perturbation, cell, rise, known, ~queried.fixed)
            assert perturbation.cost == pytest.approx(best, abs=1e-5)
        alone = queried.solve.within_pattern(cell, queried.suppressed, upper_protection=rise, known_cells=known)
        possible = queried.fresh(queried.suppressed, np.ones(len(queried.cost)), cell, rise, known)
        assert alone is None or possible is not None
        if alone is not None:
            assert alone.integer
            queried.assert_feasible(alone, cell, rise, known, queried.suppressed)


@settings(max_examples=40)
@given(linked_sets(), st.integers(0, 1_000))
def test_earlier_queries_do_not_change_a_result_of_local_lps(tables, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasible_perturbations, "LARGE", 0)
        patch.setattr(local_lp, "FEW", (12, 40))
        queried = QueriedTables(tables, seed, divisible=False)
        for _ in range(QUERIES if len(queried.may) else 0):
            cell, rise, known = queried.random_query()
            perturbation = queried.solve.cheapest(cell, upper_protection=rise, known_cells=known)
            best = queried.fresh(~queried.fixed, queried.cost, cell, rise, known)
            assert (perturbation is None) == (best is None)  # the full LP is solved in the end
            if perturbation is not None:
                queried.assert_feasible(perturbation, cell, rise, known, ~queried.fixed)
                assert perturbation.cost >= best - 1e-5
            alone = queried.solve.within_pattern(cell, queried.suppressed, upper_protection=rise, known_cells=known)
            if alone is not None:
                assert alone.integer
                queried.assert_feasible(alone, cell, rise, known, queried.suppressed)


def test_a_cell_known_to_the_attacker_has_no_perturbation(monkeypatch):
    for large in (0, 5_000):
        monkeypatch.setattr(feasible_perturbations, "LARGE", large)
        tables = load("b", 2_000)
        asked = FeasiblePerturbations(tables.shape, tables.counts, tables.counts == 0, np.ones(len(tables.counts)))
        cell = int(np.flatnonzero(tables.counts == 2)[0])
        everything = tables.counts > 0
        assert asked.cheapest(cell, known_cells=[cell]) is None
        assert asked.within_pattern(cell, everything, known_cells=[cell]) is None
        assert asked.integer_perturbation(cell, known_cells=[cell]) is None
        nobody = int(np.flatnonzero(tables.counts == 0)[0])
        assert asked.cheapest(nobody) is None
        assert asked.cheapest(cell) is not None
