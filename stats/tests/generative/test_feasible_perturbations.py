"""Every perturbation is feasible, independently of earlier queries, and costs the same as from a newly built LP."""

import numpy as np
import pytest
from examples import examples
from generative.test_linked_sets import linked_sets
from hypothesis import given
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
        unpublished = tables.shape.unpublished
        self.fixed = ((self.counts == 0) | (self.random.random(len(self.counts)) < 0.1)) & ~unpublished
        self.lower_bounds = np.where(unpublished, 0, 1)
        self.perturbations = FeasiblePerturbations(
            self.shape, self.counts, self.fixed, self.lower_bounds, divisible=divisible
        )
        self.max_decrease = MaximumDecrease(np.maximum(self.counts - self.lower_bounds, 0).astype(float), divisible)
        self.constraints = SumConstraints(self.shape, ~self.fixed)
        self.candidates = np.flatnonzero(~self.fixed & ~unpublished)
        self.cost = np.ones(len(self.counts))
        self.suppressed = ~self.fixed

    def random_query(self):
        if self.random.random() < 0.4:
            random_cost = self.random.integers(1, 30, len(self.counts)).astype(float)
            self.cost = np.where(self.random.random(len(self.counts)) < 0.4, 0.0, random_cost)
            self.perturbations.set_costs(self.cost)
        self.suppressed = self.suppressed & (self.random.random(len(self.counts)) < 0.95) | self.shape.unpublished
        if self.random.random() < 0.3:
            self.suppressed = self.random.random(len(self.counts)) < 0.7
        self.suppressed = (self.suppressed | self.shape.unpublished) & ~self.fixed
        cell = int(self.random.choice(self.candidates))
        self.suppressed[cell] = True
        known = [int(other) for other in self.random.choice(self.candidates, 2) if other != cell]
        return cell, float(self.random.choice([0, 0, 3, 7])), known

    def assert_feasible(self, perturbation, cell, upper_protection, known, allowed):
        change = np.zeros(len(self.counts))
        change[perturbation.cells] = perturbation.change
        for whole, parts in self.shape.sums():
            assert change[parts].sum() == pytest.approx(change[whole], abs=1e-5 if perturbation.integer else 1e-3)
        assert (change >= -self.max_decrease.per_cell - 1e-6).all()
        assert not change[~allowed].any()
        assert not change[known].any()
        assert (change[cell] if upper_protection else abs(change[cell])) >= max(upper_protection, 1.0) - 1e-6

    def minimum_cost(self, cells, cost, cell, upper_protection, known):
        """The minimum cost of a perturbation in either direction, from a newly built LP."""
        changes = (
            [max(upper_protection, 1.0)] if upper_protection or self.max_decrease.per_cell[cell] < 1 else [1.0, -1.0]
        )
        lp = AttackerLP(self.constraints, np.flatnonzero(cells), self.max_decrease)
        lp.set_costs(cost)
        solutions = [lp.solve(Query(cell, change, known)) for change in changes]
        return min((solution.cost for solution in solutions if solution is not None), default=None)


@pytest.mark.parametrize("divisible", [False, True])
@examples(40)
@given(linked_sets(), st.integers(0, 1_000))
def test_earlier_queries_do_not_change_a_result(divisible, tables, seed):
    queried = QueriedTables(tables, seed, divisible=divisible)
    for _ in range(QUERIES if len(queried.candidates) else 0):
        cell, upper_protection, known = queried.random_query()
        perturbation = queried.perturbations.cheapest(cell, upper_protection=upper_protection, known_cells=known)
        best = queried.minimum_cost(~queried.fixed, queried.cost, cell, upper_protection, known)
        assert (perturbation is None) == (best is None)
        if perturbation is not None:
            queried.assert_feasible(perturbation, cell, upper_protection, known, ~queried.fixed)
            assert perturbation.cost == pytest.approx(best, abs=1e-5)
        within_pattern = queried.perturbations.within_pattern(
            cell, queried.suppressed, upper_protection=upper_protection, known_cells=known
        )
        possible = queried.minimum_cost(queried.suppressed, np.ones(len(queried.cost)), cell, upper_protection, known)
        assert within_pattern is None or possible is not None
        if within_pattern is not None:
            assert within_pattern.integer
            queried.assert_feasible(within_pattern, cell, upper_protection, known, queried.suppressed)


@examples(40)
@given(linked_sets(), st.integers(0, 1_000))
def test_earlier_queries_do_not_change_a_result_of_local_lps(tables, seed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feasible_perturbations, "LARGE", 0)
        patch.setattr(local_lp, "BLOCK_SIZES", (12, 40))
        queried = QueriedTables(tables, seed, divisible=False)
        for _ in range(QUERIES if len(queried.candidates) else 0):
            cell, upper_protection, known = queried.random_query()
            perturbation = queried.perturbations.cheapest(cell, upper_protection=upper_protection, known_cells=known)
            best = queried.minimum_cost(~queried.fixed, queried.cost, cell, upper_protection, known)
            assert (perturbation is None) == (best is None)  # the full LP is solved in the end
            if perturbation is not None:
                queried.assert_feasible(perturbation, cell, upper_protection, known, ~queried.fixed)
                assert perturbation.cost >= best - 1e-5
            within_pattern = queried.perturbations.within_pattern(
                cell, queried.suppressed, upper_protection=upper_protection, known_cells=known
            )
            if within_pattern is not None:
                assert within_pattern.integer
                queried.assert_feasible(within_pattern, cell, upper_protection, known, queried.suppressed)


def test_a_cell_known_to_the_attacker_has_no_perturbation(monkeypatch):
    for large in (0, 5_000):
        monkeypatch.setattr(feasible_perturbations, "LARGE", large)
        tables = load("b", 2_000)
        perturbations = FeasiblePerturbations(
            tables.shape, tables.counts, tables.counts == 0, np.ones(len(tables.counts))
        )
        cell = int(np.flatnonzero(tables.counts == 2)[0])
        everything = tables.counts > 0
        assert perturbations.cheapest(cell, known_cells=[cell]) is None
        assert perturbations.within_pattern(cell, everything, known_cells=[cell]) is None
        assert perturbations.integer_perturbation(cell, known_cells=[cell]) is None
        nobody = int(np.flatnonzero(tables.counts == 0)[0])
        assert perturbations.cheapest(nobody) is None
        assert perturbations.cheapest(cell) is not None
