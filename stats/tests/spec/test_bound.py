"""The lower bound on suppressed cells, compared with every pattern of small tables."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from oracles.benchmark import RULE, load
from scipy.optimize import linprog

from evenstat.disclosure import Attacker, Guarantee, Method, Policy, flat, from_records, layout, nested, protect
from evenstat.disclosure.suppression import Weight, primary_cells
from evenstat.disclosure.suppression.bound import lower_bound
from evenstat.errors import CannotProtect, UnknownPolicy

MAX_SECONDARY = 3  # secondary suppressions, so that every pattern can be tried
BELOW_3 = Policy(id="below_3", name="", description="", threshold=2)


@dataclass
class ExhaustiveSearch:
    """Tests whether a pattern is safe directly from the definition, with fractional counts allowed."""

    tables: object
    attacker: Attacker
    not_below: int = 0

    @cached_property
    def sums(self):
        shape = self.tables.shape
        sums = np.zeros((len(shape.parents), len(shape)))
        for row, (total, parts) in enumerate(shape.sums()):
            sums[row, parts] = 1
            sums[row, total] = -1
        return sums

    def is_safe(self, hidden):
        primary = set(np.flatnonzero(primary_cells(self.tables, BELOW_3)).tolist())
        singletons = [[cell for cell in cells if hidden[cell]] for cells in self.tables.singletons]
        known_cells = [[], *(cells for cells in singletons if cells and self.attacker is Attacker.SINGLETON)]
        for cell in np.flatnonzero(hidden).tolist():
            below = max(self.not_below - int(self.tables.counts[cell]), 0)
            for known in known_cells:
                protection = below if cell in primary and not known else 0
                if cell not in known and not self.can_differ(cell, hidden, known, protection):
                    return False
        return True

    def can_differ(self, cell, hidden, known, protection):
        changes = [max(protection, 1)] if protection else [1, -1]
        return any(self.is_feasible(cell, hidden, known, change) for change in changes)

    def is_feasible(self, cell, hidden, known, change):
        shape, counts = self.tables.shape, self.tables.counts
        lowest = 0 if self.attacker is Attacker.NON_NEGATIVE else 1
        ranges = [(min(lowest - count, 0), None) if hidden[at] else (0, 0) for at, count in enumerate(counts)]
        ranges[cell] = (change, change)
        for known_cell in known:
            ranges[known_cell] = (0, 0)
        if change < lowest - counts[cell]:
            return False
        return linprog(np.zeros(len(shape)), A_eq=self.sums, b_eq=np.zeros(len(self.sums)), bounds=ranges).status == 0

    def fewest_suppressed(self):
        """The number of suppressed cells of the best pattern; None if it needs more than can be tried."""
        primary = primary_cells(self.tables, BELOW_3)
        others = np.flatnonzero((self.tables.counts > 0) & ~primary).tolist()
        for size in range(min(MAX_SECONDARY, len(others)) + 1):
            for secondary in combinations(others, size):
                hidden = primary.copy()
                hidden[list(secondary)] = True
                if self.is_safe(hidden):
                    return int(hidden.sum())
        return None


@st.composite
def small_tables(draw):
    grade = flat("grade", ["G1", "G2", "G3"][: draw(st.integers(2, 3))])
    groups = {"group": ["P", "P", "Q"], "ethnicity": ["x", "y", "z"]}
    other = draw(st.sampled_from([nested("ethnicity", [["group", "ethnicity"]], groups), flat("sex", ["F", "M"])]))
    tables = draw(st.sampled_from([[["grade", other.name]], [["grade"], [other.name]]]))
    size = len(grade.categories) * len(other.categories)
    counts = draw(st.lists(st.sampled_from([0, 1, 2, 3, 5, 9, 20]), min_size=size, max_size=size))
    columns = {
        "grade": [code for code in grade.categories for _ in other.categories],
        other.name: list(other.categories) * len(grade.categories),
    }
    return from_records(layout([grade, other], tables), columns, counts)


@examples(15)
@given(small_tables(), st.sampled_from(Attacker), st.sampled_from([0, 0, 3]))
def test_no_safe_pattern_suppresses_fewer_cells_than_the_bound(tables, attacker, not_below):
    guarantee = Guarantee(not_below=not_below)
    fewest = ExhaustiveSearch(tables, attacker, not_below).fewest_suppressed()
    try:
        least = lower_bound(tables, BELOW_3, attacker=attacker, guarantee=guarantee)
    except CannotProtect:
        assert fewest is None
        return
    assert least.suppressed >= primary_cells(tables, BELOW_3).sum()
    if fewest is not None:
        assert least.suppressed <= fewest
        if least.proven_best:
            assert least.suppressed == fewest
    else:
        assert not least.proven_best or least.suppressed > primary_cells(tables, BELOW_3).sum() + MAX_SECONDARY


@examples(60)
@given(small_tables(), st.sampled_from(Attacker), st.sampled_from(Weight), st.sampled_from([0, 5]))
def test_the_loss_of_protection_is_never_below_the_bound(tables, attacker, weight, not_below):
    guarantee = Guarantee(not_below=not_below)
    try:
        pattern = protect(tables, BELOW_3, attacker=attacker, guarantee=guarantee, weight=weight, budget=80)
    except CannotProtect:
        return
    least = lower_bound(tables, BELOW_3, attacker=attacker, guarantee=guarantee, weight=weight)
    secondary = tables.counts[pattern.suppressed & ~pattern.primary].astype(float)
    losses = {
        Weight.CELLS: float(len(secondary)),
        Weight.PEOPLE: secondary.sum(),
        Weight.LOG: np.log1p(secondary).sum(),
    }
    assert least.primary == pattern.primary.sum()
    assert least.secondary <= losses[weight] + 1e-6


@pytest.mark.parametrize(
    ("size", "attacker", "best"), [(200_000, Attacker.ZEROS_SHOWN, 28), (20_000, Attacker.ZEROS_SHOWN, 107)]
)
def test_the_optimum_of_the_benchmark_is_proven(size, attacker, best):
    least = lower_bound(load("b", size), RULE, attacker=attacker)
    assert (least.suppressed, least.proven_best) == (best, True)


def test_the_bound_is_identical_on_every_run_and_never_higher_with_a_smaller_budget():
    tables = load("b", 200_000)
    bounds = [lower_bound(tables, RULE, attacker=Attacker.ZEROS_SHOWN, budget=budget) for budget in (0, 150, 400, 400)]
    assert bounds[2] == bounds[3]
    suppressed = [least.suppressed for least in bounds]
    assert suppressed == sorted(suppressed)
    assert bounds[0].suppressed == 14
    assert not bounds[0].proven_best


def test_cells_that_must_be_published_can_leave_no_safe_pattern():
    tables = from_records(layout([flat("sex", ["F", "M"])], [["sex"]]), {"sex": ["F", "M"]}, [2, 9])
    shape = tables.shape
    with pytest.raises(CannotProtect, match="F can be derived from cells that must be published"):
        lower_bound(tables, BELOW_3, publish=[shape.cell(["M"]), shape.cell(["Total"])])


def test_a_rounding_policy_is_refused():
    tables = from_records(layout([flat("sex", ["F", "M"])], [["sex"]]), {"sex": ["F", "M"]}, [2, 9])
    with pytest.raises(UnknownPolicy, match="rounds"):
        lower_bound(tables, Policy(id="r", name="", description="", method=Method.ROUND, base=5))
