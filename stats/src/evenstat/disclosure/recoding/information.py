"""How much tables tell of a person, in bits: what hiding and merging cost on one scale."""

import numpy as np

from evenstat.disclosure.recoding.changes import published
from evenstat.disclosure.tables import TOTAL, Flags, Layout, LinkedTables


def bits(tables: LinkedTables, hidden: Flags) -> float:
    """How well the tables tell people apart: bits a person, the mean of the tables; 0 where all are in one cell.

    People in hidden cells of a table are taken as one group: what margins tell of them is not counted.

    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4"])
    >>> tables = from_records(layout([grade], [["grade"]]), {"grade": list(grade.categories)}, [5, 5, 5, 5])
    >>> bits(tables, tables.counts > 99), bits(tables, tables.counts == 5)
    (2.0, 0.0)
    """
    everybody = tables.counts[tables.shape.total]
    if not everybody:
        return 0.0
    told = [_entropy(tables, hidden, cells, int(everybody)) for cells in _inner_cells(tables.shape)]
    return float(np.mean(told))


def _inner_cells(shape: Layout) -> list[Flags]:
    """For each table the cells that are no margins."""
    found = []
    for table in published(shape):
        inside = np.ones(len(shape), dtype=bool)
        for axis, dimension in enumerate(shape.dimensions):
            level = next((each for each in table if each in dimension.levels), None)
            codes = dimension.levels[level] if level else (TOTAL,)
            inside &= np.isin(shape.codes[:, axis], [dimension.position[code] for code in codes])
        found.append(inside)
    return found


def _entropy(tables: LinkedTables, hidden: Flags, cells: Flags, everybody: int) -> float:
    shown = tables.counts[cells & ~hidden]
    together = tables.counts[cells & hidden].sum()
    shares = np.array([*shown[shown > 0], *([together] if together else [])]) / everybody
    return float(-(shares * np.log2(shares)).sum()) + 0.0
