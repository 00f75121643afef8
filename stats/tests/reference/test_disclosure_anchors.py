"""The audit compared with other programs: ranges for GaussSuppression's patterns, and GLOP in its own process."""

import numpy as np
import pytest
from oracles.benchmark import RULE, SETS, SIZES, anchor, load
from oracles.second_opinion import certified

from evenstat.disclosure import Attacker, audit
from evenstat.disclosure.suppression import primary_cells
from evenstat.disclosure.tables import suppress_cells

DISCLOSED_IF_ZEROS_SHOWN = {"a": (0, 0, 0), "b": (23, 10, 0), "c": (235, 92, 37)}  # of the README's table
PRIMARY = {"a": (690, 850, 425), "b": (218, 71, 14), "c": (777, 278, 61)}
ALWAYS = {("b", 2_000), ("b", 20_000), ("b", 200_000), ("c", 200_000)}  # `make test-long` has the others
BENCHMARK = [
    pytest.param(name, size, marks=() if (name, size) in ALWAYS else pytest.mark.long)
    for name in SETS
    for size in SIZES
]


@pytest.mark.parametrize(("name", "size"), BENCHMARK)
def test_every_range_matches_the_reference(name, size):
    tables = load(name, size)
    reference, at = anchor(name, size, tables), SIZES.index(size)
    assert primary_cells(tables, RULE).sum() == PRIMARY[name][at]
    published = suppress_cells(tables.shape, tables.counts, reference.suppressed)
    exact = {}
    for attacker in (Attacker.NON_NEGATIVE, Attacker.ZEROS_SHOWN):
        audited = audit(published, attacker)
        assert (audited.cells == reference.cells).all()
        assert (audited.low == reference.low[attacker]).all()
        assert (audited.high == reference.high[attacker]).all()
        exact[attacker] = len(audited.exactly_disclosed)
    assert exact == {Attacker.NON_NEGATIVE: 0, Attacker.ZEROS_SHOWN: DISCLOSED_IF_ZEROS_SHOWN[name][at]}


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("b", 20_000),
        pytest.param("b", 2_000, marks=pytest.mark.long),
        pytest.param("c", 200_000, marks=pytest.mark.long),
    ],
)
def test_a_second_solver_finds_the_same_disclosures(name, size):
    tables = load(name, size)
    hidden = anchor(name, size, tables).suppressed
    unsafe = primary_cells(tables, RULE)
    published = suppress_cells(tables.shape, tables.counts, hidden)
    audits = {attacker: audit(published, attacker, singletons=tables.singletons) for attacker in Attacker}
    second = certified(tables, hidden, unsafe)
    assert second.exact == {attacker.value: len(audited.exactly_disclosed) for attacker, audited in audits.items()}
    assert second.below == len(np.intersect1d(audits[Attacker.ZEROS_SHOWN].below(5), np.flatnonzero(unsafe)))
