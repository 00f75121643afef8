"""What is hidden of small linked tables, and why: each case can be worked out with a pencil."""

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
    """A table of two dimensions from its rows of counts."""
    (first, rows), (second, cols) = columns.items()
    shape = layout([flat(first, rows), flat(second, cols)], [[first, second]])
    records = {first: [row for row in rows for _ in cols], second: [col for _ in rows for col in cols]}
    return from_records(shape, records, [n for row in counts for n in row])


def one_way(**counts):
    shape = layout([flat("group", list(counts))], [["group"]])
    return from_records(shape, {"group": list(counts)}, list(counts.values()))


def hidden(found):
    return [found.tables.shape.named(int(cell)) for cell in np.flatnonzero(found.hidden)]


GRADES = {"grade": ["G1", "G2", "G3"], "sex": ["F", "M"]}

# counts by grade and sex, attacker, cells hidden, why
PATTERNS = [
    ([[30, 20], [30, 25], [40, 9]], "C", [], "nothing is small"),
    ([[0, 20], [30, 25], [40, 9]], "C", [], "a true zero is shown"),
    ([[3, 20], [30, 25], [40, 9]], "B", ["G1 / F", "G1 / M", "G3 / F", "G3 / M"], "a square with the smallest"),
    ([[3, 20], [30, 25], [0, 9]], "B", ["G1 / F", "G1 / M", "G2 / F", "G2 / M"], "a zero can't be in the square"),
    ([[3, 4], [30, 25], [4, 3]], "B", ["G1 / F", "G1 / M", "G3 / F", "G3 / M"], "small cells keep each other"),
]


@pytest.mark.parametrize(("counts", "reader", "cells", "why"), PATTERNS)
def test_a_square_keeps_a_small_cell(counts, reader, cells, why):
    assert hidden(protect(two_way(counts, **GRADES), LT5, attacker=Attacker(reader))) == cells, why


def test_ones_need_more_than_a_square():
    tables = two_way([[1, 1], [1, 1], [40, 9]], **GRADES)
    rule = Policy(id="ones", name="", description="", hide_to=1)
    assert hidden(protect(tables, rule, attacker=Attacker.A)) == ["G1 / F", "G1 / M", "G2 / F", "G2 / M"]
    found = protect(tables, rule, attacker=Attacker.B)  # G1 is 2 in all and each at least 1: each would be 1
    assert set(hidden(found)) > {"G1 / F", "G1 / M", "G2 / F", "G2 / M"}
    assert not len(audit(found.publication, Attacker.B).exact)


def test_the_person_in_a_one_does_not_learn_the_other():
    tables = one_way(a=1, b=57, c=66, d=245)
    assert hidden(protect(tables, LT5, attacker=Attacker.B)) == ["a", "b"]
    assert hidden(protect(tables, LT5, attacker=Attacker.C)) == ["a", "b", "c"]


def test_a_small_cell_seems_possible_at_the_threshold():
    tables = one_way(a=1, b=2, c=66)
    assert hidden(protect(tables, LT5, attacker=Attacker.B)) == ["a", "b"]
    found = protect(tables, LT5, attacker=Attacker.B, guarantee=Guarantee(not_below=5))
    assert hidden(found) == ["a", "b", "c"]
    reach = protect(tables, LT5, attacker=Attacker.B, guarantee=Guarantee(reach=20))
    deduced = audit(reach.publication, Attacker.B)
    assert (deduced.high[:2] >= [21, 22]).all()


def test_groups_within_groups():
    ethnicity = nested("ethnicity", [["group", "ethnicity"]], {"group": list("AAABB"), "ethnicity": list("vwxyz")})
    tables = from_records(layout([ethnicity], [["ethnicity"]]), {"ethnicity": list("vwxyz")}, [2, 50, 60, 70, 80])
    assert hidden(protect(tables, LT5)) == ["v", "w"]


def test_two_groupings_of_the_same_categories():
    columns = {"north": list("NNSS"), "inner": list("IOIO"), "site": list("abcd")}
    site = nested("site", [["north", "site"], ["inner", "site"]], columns)
    tables = from_records(layout([site], [["north"], ["inner"], ["site"]]), {"site": list("abcd")}, [2, 50, 60, 70])
    assert hidden(protect(tables, LT5)) == ["a", "b", "c", "d"]


def test_a_row_that_says_one_thing_of_everybody():
    rule = Policy(id="rows", name="", description="", hide_to=4, group_disclosure=True)
    tables = two_way([[30, 0], [30, 25], [40, 9]], **GRADES)
    found = protect(tables, rule)
    assert {"G1 / F", "G1 / M"} <= set(hidden(found))
    deduced = audit(found.publication, Attacker.C, alone=tables.alone)
    assert not len(deduced.exact)


def test_weights_choose_other_partners():
    tables = one_way(a=3, b=40, c=9)
    assert hidden(protect(tables, LT5, attacker=Attacker.B, weight=Weight.PEOPLE)) == ["a", "c"]


def test_what_must_be_published_is_and_the_rest_is_kept_around_it():
    tables = two_way([[3, 20], [30, 25], [40, 9]], **GRADES)
    cell = tables.shape.cell(("G3", "M"))
    found = protect(tables, LT5, publish=[cell])
    assert hidden(found) == ["G1 / F", "G1 / M", "G2 / F", "G2 / M"]
    by_law = protect(tables, LT5, publish=[tables.shape.cell(("G1", "F"))])
    assert hidden(by_law) == []


def test_what_must_be_hidden_is():
    tables = one_way(a=30, b=40, c=90)
    found = protect(tables, LT5, hide=[tables.shape.cell(("b",))])
    assert hidden(found) == ["a", "b"]


def test_an_infeasible_wish_is_refused():
    tables = one_way(a=3, b=40, c=90)
    cells = [tables.shape.cell((code,)) for code in "abc"]
    with pytest.raises(CannotProtect, match="a follows from what must be published"):
        protect(tables, LT5, publish=[*cells[1:], tables.shape.cell(("Total",))])
    with pytest.raises(CannotProtect, match="b is to be both published and hidden: choose one"):
        protect(tables, LT5, publish=[cells[1]], hide=[cells[1]])


def test_a_search_that_is_stopped_is_safe_or_refused():
    counts = np.random.default_rng(3).integers(0, 9, (12, 9)).tolist()
    tables = two_way(counts, x=[f"x{i}" for i in range(12)], y=[f"y{i}" for i in range(9)])
    with pytest.raises(CannotProtect, match="stopped before a safe pattern was found"):
        protect(tables, LT5, stop=lambda: True)
    outcomes = set()
    for asked in range(1, 400, 40):
        left = iter([False] * asked)
        try:
            found = protect(tables, LT5, stop=lambda left=left: next(left, True))
        except CannotProtect:
            outcomes.add("refused")
            continue
        outcomes.add(found.stopped)
        assert not any(len(audit(found.publication, each, alone=tables.alone).exact) for each in Attacker)
    assert outcomes >= {"refused", True}


def test_the_same_seed_gives_the_same_pattern_and_more_budget_no_worse_a_one():
    counts = np.random.default_rng(5).integers(0, 14, (14, 10)).tolist()
    tables = two_way(counts, x=[f"x{i:02}" for i in range(14)], y=[f"y{i}" for i in range(10)])
    first, again, little = (protect(tables, LT5, budget=budget) for budget in (900, 900, 1))
    assert (first.hidden == again.hidden).all()
    assert first.loss.hidden <= little.loss.hidden


def test_progress_is_told():
    told = []
    protect(one_way(a=3, b=40, c=90), LT5, progress=lambda *news: told.append(news))
    assert told[0][0] == "hiding what would give others away"
    assert told[-1][1] == 2


def test_a_policy_that_rounds_is_refused():
    rule = Policy(id="r", name="", description="", method=Method.ROUND, base=5)
    with pytest.raises(UnknownPolicy, match="rounds and hides nothing"):
        protect(one_way(a=3, b=40), rule)


def test_tables_that_are_made_up_already_must_add_up():
    shape = layout([flat("x", "ab"), flat("y", "cd")], [["x", "y"]])
    counts = {shape.key(cell): 1 for cell in range(len(shape))}
    with pytest.raises(InvalidCount, match=r"the total is 1, its parts \(a, b\) add up to 2; c is 1"):
        from_tabulated(shape, counts)
    with pytest.raises(InvalidInput, match="No count is given for a / c"):
        from_tabulated(shape, {key: n for key, n in counts.items() if key != ("a", "c")})
    with pytest.raises(InvalidInput, match="No table has the cell z / c"):
        from_tabulated(shape, counts | {("z", "c"): 1})
    with pytest.raises(InvalidCount, match="a / c is below"):
        from_tabulated(shape, counts | {("a", "c"): -1})


def test_made_up_tables_know_who_is_alone():
    shape = layout([flat("x", "ab"), flat("y", "cd")], [["x", "y"]])
    full = {("a", "c"): 1, ("a", "d"): 0, ("b", "c"): 6, ("b", "d"): 9}
    full |= {("a", "Total"): 1, ("b", "Total"): 15, ("Total", "c"): 7, ("Total", "d"): 9, ("Total", "Total"): 16}
    tables = from_tabulated(shape, full)
    assert [[shape.named(int(cell)) for cell in each] for each in tables.alone] == [["a", "a / c"]]


def test_mistakes_in_records_are_named():
    shape = layout([flat("x", "ab")], [["x"]])
    with pytest.raises(InvalidCount, match="Record 2 counts -1 people"):
        from_records(shape, {"x": ["a", "b"]}, [3, -1])
    with pytest.raises(InvalidInput, match="Record 2: 'z' is no category of 'x'"):
        from_records(shape, {"x": ["a", "z"]}, [3, 1])
    with pytest.raises(InvalidInput, match="Give 'x' for each of the 2 records"):
        from_records(shape, {"x": ["a"]}, [3, 1])


def test_mistakes_in_tables_are_named():
    x, y = flat("x", "ab"), flat("y", "cd")
    with pytest.raises(InvalidInput, match=r"names 'z', which is no dimension or level\. Use: x, y"):
        layout([x, y], [["x", "z"]])
    with pytest.raises(InvalidInput, match="names 'x' twice"):
        layout([x, y], [["x", "x"]])
    with pytest.raises(InvalidInput, match="No table is named"):
        layout([x, y], [])
    with pytest.raises(InvalidInput, match="'a' of site stands under both 'N' and 'S' of area"):
        nested("site", [["area", "site"]], {"area": ["N", "S"], "site": ["a", "a"]})
    with pytest.raises(InvalidInput, match="'a' of site is also a code of area"):
        nested("site", [["area", "site"]], {"area": ["a", "a"], "site": ["a", "b"]})


def test_one_name_for_a_level_of_two_dimensions_is_refused():
    above = {"group": ["g", "g", "h"], "x": ["a", "b", "c"]}
    one = nested("x", [["group", "x"]], above)
    other = nested("y", [["group", "y"]], {"group": ["k", "k", "l"], "y": ["d", "e", "f"]})
    with pytest.raises(InvalidInput, match=r"'group' is a level of 'x' and of 'y'.*rename one of the two"):
        layout([one, other], [["x", "y"]])
