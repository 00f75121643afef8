"""The strongest attacker: protects every table that fits, and keeps those with the same publication.

All the tables of a total are listed and protected, then sorted by their publication. The tables that remain
possible after one publication are exactly its class; nothing here depends on how `protect` works.
"""

from collections import defaultdict

import pytest

from evenstat.disclosure import Policy
from evenstat.disclosure.single_tables import Cell, CountTable, _fitting_sample, _joint, audit, protect
from evenstat.errors import CannotProtect
from evenstat.estimates import Suppressed

# people in total, rows for answers, rows for no answer, threshold
SHAPES = [
    (8, 2, 1, 2),
    (10, 3, 2, 2),
    (12, 3, 2, 3),
    (13, 2, 2, 3),
    (14, 4, 1, 4),
    (11, 2, 2, 9),
    (16, 3, 2, 4),
    (24, 3, 1, 4),
    (11, 3, 3, 2),
    (18, 5, 0, 3),
]


def ways(total, cells):
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in ways(total - first, cells - 1):
            yield (first, *rest)


def classes(total, answered, unknown, threshold):
    """All tables of this shape by their publication, and the number of refusals."""
    rule = Policy(id="trial", name="Trial", description="For tests", threshold=threshold)
    published, refused = defaultdict(list), 0
    for counts in ways(total, answered + unknown):
        cells = tuple(Cell(f"row {i}", count) for i, count in enumerate(counts))
        try:
            published[protect(CountTable("t", cells[:answered], cells[answered:]), rule)].append(counts)
        except CannotProtect:
            refused += 1
    return rule, published, refused


def disclosed_figures(publication, tables, known=None):
    """Suppressed figures with one value in all the tables; `known` is the attacker's own row of 1."""
    answered = len(publication.answered)
    hidden = [i for i, cell in enumerate(publication.cells) if isinstance(cell.count, Suppressed) and i != known]
    figures = {i: {counts[i] for counts in tables} for i in hidden}
    others_on_both_sides = {i < answered for i in hidden} == {True, False}
    own_group_alone = known is not None and not any((i < answered) == (known < answered) for i in hidden)
    if isinstance(publication.base, Suppressed) and (others_on_both_sides or not own_group_alone):
        figures["subtotal"] = {sum(counts[:answered]) for counts in tables}
    return [figure for figure, values in figures.items() if len(values) < 2]


def assert_nothing_disclosed(rule, published):
    for publication, tables in published.items():
        assert audit(publication, rule).passed
        hidden = [i for i, cell in enumerate(publication.cells) if isinstance(cell.count, Suppressed)]
        assert not disclosed_figures(publication, tables), (publication, tables)
        for i in hidden:
            own = [counts for counts in tables if counts[i] == 1]
            assert not own or not disclosed_figures(publication, own, known=i), (publication, i, own)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_attacker_who_runs_the_program_learns_no_suppressed_figure(shape):
    rule, published, refused = classes(*shape)
    assert_nothing_disclosed(rule, published)
    tables = refused + sum(len(group) for group in published.values())
    assert refused < tables * 0.15  # a refusal discloses nothing, but refusing everything would be useless


@pytest.mark.parametrize("sample", [1, 20, 60, 200])
def test_a_smaller_sample_of_tables_is_as_safe(monkeypatch, sample):
    """With a smaller sample more tables are refused, and publications are as safe."""
    monkeypatch.setattr(_fitting_sample, "SAMPLE", sample)
    _joint._verdict.cache_clear()
    for shape in [(10, 3, 2, 2), (13, 2, 2, 3), (11, 3, 3, 2)]:
        rule, published, _ = classes(*shape)
        assert_nothing_disclosed(rule, published)
    _joint._verdict.cache_clear()


def test_this_attacker_defeats_a_simpler_method(monkeypatch):
    """Suppressing only the smallest partner discloses some tables, and this test detects it."""

    def smallest_partner(counts, answered, rule):
        group = sorted((count, i) for i, count in enumerate(counts) if count)
        small = [i for count, i in group if rule.covers(count)]
        return frozenset(small if len(small) != 1 else [i for _, i in group[:2]])

    monkeypatch.setattr("evenstat.disclosure.single_tables._protect.separate_patterns", smallest_partner)
    _, published, _ = classes(12, 3, 0, 3)
    assert any(disclosed_figures(publication, tables) for publication, tables in published.items())


def test_both_choices_are_reached():
    publications = classes(12, 3, 2, 3)[1]
    assert {isinstance(publication.base, Suppressed) for publication in publications} == {True, False}
