"""The cells that a record is counted in, and the cells that are part of another cell."""

import numpy as np
import pytest

from evenstat.disclosure import flat, from_records, layout, nested
from evenstat.disclosure.tables import cells_of_records
from evenstat.disclosure.tables.membership import CellParts
from evenstat.errors import InvalidInput

GROUPS = {"group": ["g0", "g0", "g1"], "a": ["a0", "a1", "a2"]}
SHAPE = layout([nested("a", [["group", "a"]], GROUPS), flat("b", ["b0", "b1"])], [["group", "b"], ["a"]])


def test_cells_of_each_record():
    cells = cells_of_records(SHAPE, {"a": ["a1", "a2"], "b": ["b1", "b0"]}, 2)
    named = [sorted(SHAPE.named(cell) for cell in row if cell >= 0) for row in cells.tolist()]
    assert named == [
        ["a1", "b1", "g0", "g0 / b1", "the total"],
        ["a2", "b0", "g1", "g1 / b0", "the total"],
    ]


def test_records_add_up_to_the_counts():
    random = np.random.default_rng(2)
    columns = {"a": random.choice(GROUPS["a"], 50).tolist(), "b": random.choice(["b0", "b1"], 50).tolist()}
    cells = cells_of_records(SHAPE, columns, 50)
    counted = np.bincount(cells[cells >= 0], minlength=len(SHAPE))
    assert counted.tolist() == from_records(SHAPE, columns, [1] * 50).counts.tolist()


def test_parts_of_a_cell():
    parts = CellParts(SHAPE).with_parts(np.array([SHAPE.cell(["g0", "Total"])]))
    assert {SHAPE.named(int(cell)) for cell in parts} == {"g0", "g0 / b0", "g0 / b1", "a0", "a1"}
    assert len(CellParts(SHAPE).with_parts(np.array([SHAPE.cell(["Total", "Total"])]))) == len(SHAPE)


def test_an_unknown_category_is_refused():
    with pytest.raises(InvalidInput, match="Record 1: 'a9'"):
        cells_of_records(SHAPE, {"a": ["a9"], "b": ["b0"]}, 1)
