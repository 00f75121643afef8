"""Perturbations found by local LPs are feasible in the whole tables, and lead to safe patterns."""

import numpy as np
import pytest
from examples import examples
from generative.test_linked_sets import linked_sets
from hypothesis import given
from hypothesis import strategies as st
from oracles.benchmark import RULE, load

from evenstat.disclosure import Attacker, Guarantee, audit, protect
from evenstat.disclosure.suppression import feasible_perturbations
from evenstat.disclosure.suppression.attacker_lp import AttackerLP
from evenstat.disclosure.suppression.constraints import SumConstraints
from evenstat.disclosure.suppression.local_lp import LocalAttackerLP
from evenstat.disclosure.suppression.perturbations import MaximumDecrease, Query


class LocalAndFullLP:
    """Local and full LPs of the same tables, with true zeros fixed and every other cell known to be at least 1."""

    def __init__(self, tables):
        self.shape, self.counts = tables.shape, tables.counts
        self.may_differ = tables.counts > 0
        falls = MaximumDecrease(np.maximum(tables.counts - 1, 0).astype(float))
        sums = SumConstraints(tables.shape, self.may_differ)
        self.nearby = LocalAttackerLP(tables.shape, sums, falls)
        self.whole = AttackerLP(sums, np.flatnonzero(self.may_differ), falls)

    def is_feasible(self, perturbation):
        by = np.zeros(len(self.counts))
        by[perturbation.cells] = perturbation.change
        left = [by[parts].sum() - by[whole] for whole, parts in self.shape.sums()]
        return not np.any(left) and (self.counts + by >= np.where(self.counts > 0, 1, 0)).all()


@examples(60)
@given(linked_sets(), st.data())
def test_local_perturbations_are_feasible_and_not_cheaper_than_the_optimum(tables, data):
    both = LocalAndFullLP(tables)
    may = np.flatnonzero(both.may_differ).tolist()
    if not may:
        return
    random = np.random.default_rng(data.draw(st.integers(0, 100)))
    cost = random.integers(1, 60, len(tables.counts)).astype(float)
    known = data.draw(st.lists(st.sampled_from(may), max_size=3, unique=True))
    both.whole.set_costs(cost)
    for cell in set(may) - set(known):
        for by in (1.0, 4.0, -1.0) if tables.counts[cell] > 1 else (1.0, 4.0):  # a count of 1 cannot decrease
            perturbation, best = (
                both.nearby.solve(Query(cell, by, known), cost, both.may_differ),
                both.whole.solve(Query(cell, by, known)),
            )
            if perturbation is None:
                continue
            assert perturbation.integer
            assert both.is_feasible(perturbation)
            assert perturbation.change[perturbation.cells == cell] * np.sign(by) >= abs(by)
            assert not set(perturbation.cells.tolist()) & set(known)
            assert cost[perturbation.cells] @ np.abs(perturbation.change) >= best.cost - 1e-6


def test_most_perturbations_are_found_locally_at_little_extra_cost():
    tables = load("c", 200_000)
    both, cost = LocalAndFullLP(tables), np.log1p(tables.counts)
    small = np.flatnonzero((tables.counts > 0) & (tables.counts < 5))
    perturbations = [both.nearby.solve(Query(cell, 1.0), cost, both.may_differ) for cell in small.tolist()]
    both.whole.set_costs(cost)
    best = [both.whole.solve(Query(cell, 1.0)) for cell in small.tolist()]
    assert sum(one is None for one in perturbations) <= len(small) // 4  # for these the full LP is solved
    relative_costs = [one.cost / other.cost for one, other in zip(perturbations, best, strict=True) if one is not None]
    assert np.mean(relative_costs) < 1.05


@pytest.mark.parametrize("attacker", Attacker)
def test_a_pattern_found_with_local_lps_is_safe(monkeypatch, attacker):
    monkeypatch.setattr(feasible_perturbations, "LARGE", 0)
    tables = load("b", 20_000)
    guarantee = Guarantee(not_below=5 if attacker is Attacker.ZEROS_SHOWN else 0)
    pattern = protect(tables, RULE, attacker=attacker, guarantee=guarantee, budget=300)
    again = protect(tables, RULE, attacker=attacker, guarantee=guarantee, budget=300)
    assert (pattern.suppressed == again.suppressed).all()
    deduced = audit(pattern.publication, attacker, singletons=tables.singletons)
    assert not len(deduced.exactly_disclosed)
    assert not np.isin(deduced.below(guarantee.not_below), np.flatnonzero(pattern.primary)).any()
    assert pattern.loss.suppressed <= 130  # 107 at best against B, 118 against C


def test_local_lps_protect_three_way_tables_of_different_shapes(monkeypatch):
    monkeypatch.setattr(feasible_perturbations, "LARGE", 0)
    tables = load("a", 200_000)
    pattern = protect(tables, RULE, attacker=Attacker.ZEROS_SHOWN, budget=1)
    assert not len(audit(pattern.publication, Attacker.ZEROS_SHOWN).exactly_disclosed)
    assert not pattern.non_integer
