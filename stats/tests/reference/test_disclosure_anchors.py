"""The audit against ranges that other programs worked out: GaussSuppression's patterns, and GLOP in its own process."""

import numpy as np
import pytest
from oracles.benchmark import RULE, SETS, SIZES, anchor, load
from oracles.second_opinion import certified

from evenstat.disclosure import Attacker, audit
from evenstat.disclosure.hiding import unsafe_cells
from evenstat.disclosure.tables import suppressed

EXACT_BY_B = {"a": (0, 0, 0), "b": (23, 10, 0), "c": (235, 92, 37)}  # of the README's table
UNSAFE = {"a": (690, 850, 425), "b": (218, 71, 14), "c": (777, 278, 61)}
BENCHMARK = [(name, size) for name in SETS for size in SIZES]


@pytest.mark.parametrize(("name", "size"), BENCHMARK)
def test_every_range_is_the_one_of_the_reference(name, size):
    tables = load(name, size)
    given, at = anchor(name, size, tables), SIZES.index(size)
    assert unsafe_cells(tables, RULE).sum() == UNSAFE[name][at]
    published = suppressed(tables.shape, tables.counts, given.hidden)
    exact = {}
    for reader in (Attacker.A, Attacker.B):
        found = audit(published, reader)
        assert (found.cells == given.cells).all()
        assert (found.low == given.low[reader]).all()
        assert (found.high == given.high[reader]).all()
        exact[reader] = len(found.exact)
    assert exact == {Attacker.A: 0, Attacker.B: EXACT_BY_B[name][at]}


@pytest.mark.parametrize(("name", "size"), [("b", 2_000), ("b", 20_000), ("c", 200_000)])
def test_a_second_solver_counts_the_same_that_readers_know(name, size):
    tables = load(name, size)
    hidden = anchor(name, size, tables).hidden
    unsafe = unsafe_cells(tables, RULE)
    published = suppressed(tables.shape, tables.counts, hidden)
    found = {reader: audit(published, reader, alone=tables.alone) for reader in Attacker}
    second = certified(tables, hidden, unsafe)
    assert second.exact == {reader.value: len(deduced.exact) for reader, deduced in found.items()}
    assert second.below == len(np.intersect1d(found[Attacker.B].below(5), np.flatnonzero(unsafe)))
