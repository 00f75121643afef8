"""The least that any safe pattern hides: against every pattern there is, and on tables small enough to see."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.benchmark import RULE, load
from scipy.optimize import linprog

from evenstat.disclosure import Attacker, Guarantee, Method, Policy, flat, from_records, layout, nested, protect
from evenstat.disclosure.hiding import Weight, unsafe_cells
from evenstat.disclosure.hiding.bound import bound
from evenstat.errors import CannotProtect, UnknownPolicy

BESIDE_AT_MOST = 3  # hidden cells, for every pattern to be tried
BELOW_3 = Policy(id="below_3", name="", description="", hide_to=2)


@dataclass
class Asked:
    """Whether a pattern is safe from readers who count people in parts, straight from the definition."""

    tables: object
    attacker: Attacker
    not_below: int = 0

    @cached_property
    def sums(self):
        shape = self.tables.shape
        sums = np.zeros((len(shape.parents), len(shape)))
        for row, (whole, parts) in enumerate(shape.sums()):
            sums[row, parts] = 1
            sums[row, whole] = -1
        return sums

    def safe(self, hidden):
        unsafe = set(np.flatnonzero(unsafe_cells(self.tables, BELOW_3)).tolist())
        people = [[cell for cell in each if hidden[cell]] for each in self.tables.alone]
        readers = [[], *(person for person in people if person and self.attacker is Attacker.C)]
        for cell in np.flatnonzero(hidden).tolist():
            for reader in readers:
                rise = max(self.not_below - int(self.tables.counts[cell]), 0) if cell in unsafe and not reader else 0
                if cell not in reader and not self.differs(cell, hidden, reader, rise):
                    return False
        return True

    def differs(self, cell, hidden, known, rise):
        ways = [max(rise, 1)] if rise else [1, -1]
        return any(self.other_table(cell, hidden, known, by) for by in ways)

    def other_table(self, cell, hidden, known, by):
        shape, counts = self.tables.shape, self.tables.counts
        least = 0 if self.attacker is Attacker.A else 1
        ranges = [
            (by, by) if each == cell else (min(least - counts[each], 0), None) if hidden[each] else (0, 0)
            for each in range(len(shape))
        ]
        for each in known:
            ranges[each] = (0, 0)
        if by < least - counts[cell]:
            return False
        return linprog(np.zeros(len(shape)), A_eq=self.sums, b_eq=np.zeros(len(self.sums)), bounds=ranges).status == 0

    def fewest(self):
        """Hidden cells of the best pattern; None where it takes more than can be tried."""
        unsafe = unsafe_cells(self.tables, BELOW_3)
        others = np.flatnonzero((self.tables.counts > 0) & ~unsafe).tolist()
        for many in range(min(BESIDE_AT_MOST, len(others)) + 1):
            for beside in combinations(others, many):
                hidden = unsafe.copy()
                hidden[list(beside)] = True
                if self.safe(hidden):
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


@settings(max_examples=15)
@given(small_tables(), st.sampled_from(Attacker), st.sampled_from([0, 0, 3]))
def test_no_safe_pattern_hides_less_and_the_best_hides_just_so_much(tables, attacker, not_below):
    guarantee = Guarantee(not_below=not_below)
    fewest = Asked(tables, attacker, not_below).fewest()
    try:
        least = bound(tables, BELOW_3, attacker=attacker, guarantee=guarantee)
    except CannotProtect:
        assert fewest is None
        return
    assert least.hidden >= unsafe_cells(tables, BELOW_3).sum()
    if fewest is not None:
        assert least.hidden <= fewest
        if least.reached:
            assert least.hidden == fewest
    else:
        assert not least.reached or least.hidden > unsafe_cells(tables, BELOW_3).sum() + BESIDE_AT_MOST


@settings(max_examples=60)
@given(small_tables(), st.sampled_from(Attacker), st.sampled_from(Weight), st.sampled_from([0, 5]))
def test_protection_never_loses_less(tables, attacker, weight, not_below):
    guarantee = Guarantee(not_below=not_below)
    try:
        found = protect(tables, BELOW_3, attacker=attacker, guarantee=guarantee, weight=weight, budget=80)
    except CannotProtect:
        return
    least = bound(tables, BELOW_3, attacker=attacker, guarantee=guarantee, weight=weight)
    beside = tables.counts[found.hidden & ~found.unsafe].astype(float)
    lost = {Weight.CELLS: float(len(beside)), Weight.PEOPLE: beside.sum(), Weight.LOG: np.log1p(beside).sum()}[weight]
    assert least.unsafe == found.unsafe.sum()
    assert least.beside <= lost + 1e-6


@pytest.mark.parametrize(("size", "attacker", "best"), [(200_000, Attacker.B, 28), (20_000, Attacker.B, 107)])
def test_the_best_of_the_benchmark_is_proven(size, attacker, best):
    least = bound(load("b", size), RULE, attacker=attacker)
    assert (least.hidden, least.reached) == (best, True)


def test_the_same_on_every_run_and_never_more_with_a_smaller_budget():
    tables = load("b", 200_000)
    found = [bound(tables, RULE, attacker=Attacker.B, budget=budget) for budget in (0, 150, 400, 400)]
    assert found[2] == found[3]
    assert [each.hidden for each in found] == sorted(each.hidden for each in found)
    assert found[0].hidden == 14
    assert not found[0].reached


def test_what_must_be_published_can_leave_no_pattern_at_all():
    tables = from_records(layout([flat("sex", ["F", "M"])], [["sex"]]), {"sex": ["F", "M"]}, [2, 9])
    shape = tables.shape
    with pytest.raises(CannotProtect, match="F follows from what must be published"):
        bound(tables, BELOW_3, publish=[shape.cell(["M"]), shape.cell(["Total"])])


def test_rounding_has_no_such_bound():
    tables = from_records(layout([flat("sex", ["F", "M"])], [["sex"]]), {"sex": ["F", "M"]}, [2, 9])
    with pytest.raises(UnknownPolicy, match="rounds"):
        bound(tables, Policy(id="r", name="", description="", method=Method.ROUND, base=5))
