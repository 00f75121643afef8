"""Suppression in small linked tables: each case can be checked by hand."""

import numpy as np
import pytest

from evenstat.disclosure import (
    Attacker,
    Guarantee,
    Method,
    Policy,
    Weight,
    audit,
    flat,
    from_records,
    from_tabulated,
    layout,
    nested,
    policy,
    protect,
)
from evenstat.errors import CannotProtect, InvalidCount, InvalidInput, UnknownPolicy

LT5 = policy("council_lt5")


def two_way(counts, **columns):
    """A two-way table from its rows of counts."""
    (first, rows), (second, cols) = columns.items()
    shape = layout([flat(first, rows), flat(second, cols)], [[first, second]])
    records = {first: [row for row in rows for _ in cols], second: [col for _ in rows for col in cols]}
    return from_records(shape, records, [n for row in counts for n in row])


def one_way(**counts):
    shape = layout([flat("group", list(counts))], [["group"]])
    return from_records(shape, {"group": list(counts)}, list(counts.values()))


def suppressed_names(pattern):
    return [pattern.tables.shape.named(int(cell)) for cell in np.flatnonzero(pattern.suppressed)]


GRADES = {"grade": ["G1", "G2", "G3"], "sex": ["F", "M"]}

# counts by grade and sex, attacker, suppressed cells, reason
PATTERNS = [
    ([[30, 20], [30, 25], [40, 9]], "C", [], "no count is small"),
    ([[0, 20], [30, 25], [40, 9]], "C", [], "a true zero is published"),
    ([[3, 20], [30, 25], [40, 9]], "B", ["G1 / F", "G1 / M", "G3 / F", "G3 / M"], "a square with the smallest counts"),
    ([[3, 20], [30, 25], [0, 9]], "B", ["G1 / F", "G1 / M", "G2 / F", "G2 / M"], "a zero cannot be part of the square"),
    ([[3, 4], [30, 25], [4, 3]], "B", ["G1 / F", "G1 / M", "G3 / F", "G3 / M"], "small counts protect each other"),
]


@pytest.mark.parametrize(("counts", "attacker", "cells", "reason"), PATTERNS)
def test_a_square_protects_a_small_count(counts, attacker, cells, reason):
    assert suppressed_names(protect(two_way(counts, **GRADES), LT5, attacker=Attacker(attacker))) == cells, reason


def test_counts_of_1_need_more_than_a_square():
    tables = two_way([[1, 1], [1, 1], [40, 9]], **GRADES)
    rule = Policy(id="ones", name="", description="", threshold=1)
    assert suppressed_names(protect(tables, rule, attacker=Attacker.NON_NEGATIVE)) == [
        "G1 / F",
        "G1 / M",
        "G2 / F",
        "G2 / M",
    ]
    pattern = protect(tables, rule, attacker=Attacker.ZEROS_SHOWN)  # G1 is 2: both counts would be 1
    assert set(suppressed_names(pattern)) > {"G1 / F", "G1 / M", "G2 / F", "G2 / M"}
    assert not len(audit(pattern.publication, Attacker.ZEROS_SHOWN).exactly_disclosed)


def test_a_singleton_cannot_work_out_the_other_count():
    tables = one_way(a=1, b=57, c=66, d=245)
    assert suppressed_names(protect(tables, LT5, attacker=Attacker.ZEROS_SHOWN)) == ["a", "b"]
    assert suppressed_names(protect(tables, LT5, attacker=Attacker.SINGLETON)) == ["a", "b", "c"]


def test_a_small_count_cannot_be_proved_to_be_below_the_threshold():
    tables = one_way(a=1, b=2, c=66)
    assert suppressed_names(protect(tables, LT5, attacker=Attacker.ZEROS_SHOWN)) == ["a", "b"]
    pattern = protect(tables, LT5, attacker=Attacker.ZEROS_SHOWN, guarantee=Guarantee(not_below=5))
    assert suppressed_names(pattern) == ["a", "b", "c"]
    wider = protect(tables, LT5, attacker=Attacker.ZEROS_SHOWN, guarantee=Guarantee(reach=20))
    audited = audit(wider.publication, Attacker.ZEROS_SHOWN)
    assert (audited.high[:2] >= [21, 22]).all()


def test_a_hierarchy():
    ethnicity = nested("ethnicity", [["group", "ethnicity"]], {"group": list("AAABB"), "ethnicity": list("vwxyz")})
    tables = from_records(layout([ethnicity], [["ethnicity"]]), {"ethnicity": list("vwxyz")}, [2, 50, 60, 70, 80])
    assert suppressed_names(protect(tables, LT5)) == ["v", "w"]


def test_two_groupings_of_the_same_categories():
    columns = {"north": list("NNSS"), "inner": list("IOIO"), "site": list("abcd")}
    site = nested("site", [["north", "site"], ["inner", "site"]], columns)
    tables = from_records(layout([site], [["north"], ["inner"], ["site"]]), {"site": list("abcd")}, [2, 50, 60, 70])
    assert suppressed_names(protect(tables, LT5)) == ["a", "b", "c", "d"]


def test_group_disclosure():
    rule = Policy(id="rows", name="", description="", threshold=4, group_disclosure=True)
    tables = two_way([[30, 0], [30, 25], [40, 9]], **GRADES)
    pattern = protect(tables, rule)
    assert {"G1 / F", "G1 / M"} <= set(suppressed_names(pattern))
    audited = audit(pattern.publication, Attacker.SINGLETON, singletons=tables.singletons)
    assert not len(audited.exactly_disclosed)


def test_weights_change_the_secondary_suppressions():
    tables = one_way(a=3, b=40, c=9)
    assert suppressed_names(protect(tables, LT5, attacker=Attacker.ZEROS_SHOWN, weight=Weight.PEOPLE)) == ["a", "c"]


def test_cells_that_must_be_published_are_and_the_others_are_protected():
    tables = two_way([[3, 20], [30, 25], [40, 9]], **GRADES)
    cell = tables.shape.cell(("G3", "M"))
    pattern = protect(tables, LT5, publish=[cell])
    assert suppressed_names(pattern) == ["G1 / F", "G1 / M", "G2 / F", "G2 / M"]
    required_by_law = protect(tables, LT5, publish=[tables.shape.cell(("G1", "F"))])
    assert suppressed_names(required_by_law) == []


def test_cells_that_must_be_suppressed_are():
    tables = one_way(a=30, b=40, c=90)
    pattern = protect(tables, LT5, suppress=[tables.shape.cell(("b",))])
    assert suppressed_names(pattern) == ["a", "b"]


def test_infeasible_requirements_are_refused():
    tables = one_way(a=3, b=40, c=90)
    cells = [tables.shape.cell((code,)) for code in "abc"]
    with pytest.raises(CannotProtect, match="a can be derived from cells that must be published"):
        protect(tables, LT5, publish=[*cells[1:], tables.shape.cell(("Total",))])
    with pytest.raises(CannotProtect, match="b is listed both to be published and to be suppressed: choose one"):
        protect(tables, LT5, publish=[cells[1]], suppress=[cells[1]])


def test_a_stopped_search_gives_a_safe_pattern_or_is_refused():
    counts = np.random.default_rng(3).integers(0, 9, (12, 9)).tolist()
    tables = two_way(counts, x=[f"x{i}" for i in range(12)], y=[f"y{i}" for i in range(9)])
    with pytest.raises(CannotProtect, match="stopped before a safe pattern was found"):
        protect(tables, LT5, stop=lambda: True)
    outcomes = set()
    for calls_before_stop in range(1, 400, 40):
        answers = iter([False] * calls_before_stop)
        try:
            pattern = protect(tables, LT5, stop=lambda answers=answers: next(answers, True))
        except CannotProtect:
            outcomes.add("refused")
            continue
        outcomes.add(pattern.stopped)
        for attacker in Attacker:
            audited = audit(pattern.publication, attacker, singletons=tables.singletons)
            assert not len(audited.exactly_disclosed)
    assert outcomes >= {"refused", True}


def test_the_same_seed_gives_the_same_pattern_and_a_larger_budget_is_never_worse():
    counts = np.random.default_rng(5).integers(0, 14, (14, 10)).tolist()
    tables = two_way(counts, x=[f"x{i:02}" for i in range(14)], y=[f"y{i}" for i in range(10)])
    first, again, small_budget = (protect(tables, LT5, budget=budget) for budget in (900, 900, 1))
    assert (first.suppressed == again.suppressed).all()
    assert first.loss.suppressed <= small_budget.loss.suppressed


def test_progress_is_reported():
    reports = []
    protect(one_way(a=3, b=40, c=90), LT5, progress=lambda *report: reports.append(report))
    assert reports[0][0] == "adding secondary suppressions"
    assert reports[-1][1] == 2


def test_a_policy_that_rounds_is_refused():
    rule = Policy(id="r", name="", description="", method=Method.ROUND, base=5)
    with pytest.raises(UnknownPolicy, match="rounds and does not suppress"):
        protect(one_way(a=3, b=40), rule)


def test_tabulated_counts_must_add_up():
    shape = layout([flat("x", "ab"), flat("y", "cd")], [["x", "y"]])
    counts = {shape.key(cell): 1 for cell in range(len(shape))}
    with pytest.raises(InvalidCount, match=r"the total is 1, but its parts \(a, b\) add up to 2; c is 1"):
        from_tabulated(shape, counts)
    with pytest.raises(InvalidInput, match="No count is given for a / c"):
        from_tabulated(shape, {key: n for key, n in counts.items() if key != ("a", "c")})
    with pytest.raises(InvalidInput, match="No table has the cell z / c"):
        from_tabulated(shape, counts | {("z", "c"): 1})
    with pytest.raises(InvalidCount, match="Counts cannot be negative: a / c"):
        from_tabulated(shape, counts | {("a", "c"): -1})


def test_singletons_are_found_in_tabulated_counts():
    shape = layout([flat("x", "ab"), flat("y", "cd")], [["x", "y"]])
    counts = {("a", "c"): 1, ("a", "d"): 0, ("b", "c"): 6, ("b", "d"): 9}
    counts |= {("a", "Total"): 1, ("b", "Total"): 15, ("Total", "c"): 7, ("Total", "d"): 9, ("Total", "Total"): 16}
    tables = from_tabulated(shape, counts)
    assert [[shape.named(int(cell)) for cell in cells] for cells in tables.singletons] == [["a", "a / c"]]


def test_invalid_records_are_refused():
    shape = layout([flat("x", "ab")], [["x"]])
    with pytest.raises(InvalidCount, match="Record 2 counts -1 people"):
        from_records(shape, {"x": ["a", "b"]}, [3, -1])
    with pytest.raises(InvalidInput, match="Record 2: 'z' is not a category of 'x'"):
        from_records(shape, {"x": ["a", "z"]}, [3, 1])
    with pytest.raises(InvalidInput, match="Give 'x' for each of the 2 records"):
        from_records(shape, {"x": ["a"]}, [3, 1])


def test_invalid_layouts_are_refused():
    x, y = flat("x", "ab"), flat("y", "cd")
    with pytest.raises(InvalidInput, match=r"names 'z', which is not a dimension or level\. Use: x, y"):
        layout([x, y], [["x", "z"]])
    with pytest.raises(InvalidInput, match="names 'x' twice"):
        layout([x, y], [["x", "x"]])
    with pytest.raises(InvalidInput, match="No tables are given"):
        layout([x, y], [])
    with pytest.raises(InvalidInput, match="'a' of site is under both 'N' and 'S' of area"):
        nested("site", [["area", "site"]], {"area": ["N", "S"], "site": ["a", "a"]})
    with pytest.raises(InvalidInput, match="'a' of site is also a code of area"):
        nested("site", [["area", "site"]], {"area": ["a", "a"], "site": ["a", "b"]})


def test_a_level_name_used_in_two_dimensions_is_refused():
    columns = {"group": ["g", "g", "h"], "x": ["a", "b", "c"]}
    first = nested("x", [["group", "x"]], columns)
    second = nested("y", [["group", "y"]], {"group": ["k", "k", "l"], "y": ["d", "e", "f"]})
    with pytest.raises(InvalidInput, match=r"'group' is a level of 'x' and of 'y'.*Rename one of the two"):
        layout([first, second], [["x", "y"]])
