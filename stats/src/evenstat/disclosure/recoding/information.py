"""The information in tables, in bits for each person: the loss from suppression and merging on one scale."""

import numpy as np

from evenstat.disclosure.recoding.changes import published_tables
from evenstat.disclosure.tables import TOTAL, Flags, Layout, LinkedTables


def bits(tables: LinkedTables, suppressed: Flags) -> float:
    """The information in the tables: bits for each person, as a mean over the tables; 0 if everybody is in one cell.

    People in suppressed cells of a table count as one group: what margins reveal about them is not counted.

    >>> from evenstat.disclosure.tables import flat, from_records, layout
    >>> grade = flat("grade", ["G1", "G2", "G3", "G4"])
    >>> tables = from_records(layout([grade], [["grade"]]), {"grade": list(grade.categories)}, [5, 5, 5, 5])
    >>> bits(tables, tables.counts > 99), bits(tables, tables.counts == 5)
    (2.0, 0.0)
    """
    people = tables.counts[tables.shape.total]
    if not people:
        return 0.0
    entropies = [_entropy(tables, suppressed, cells, int(people)) for cells in _inner_cells(tables.shape)]
    return float(np.mean(entropies))


def _inner_cells(shape: Layout) -> list[Flags]:
    """For each table the cells that are not margins."""
    inner = []
    for table in published_tables(shape):
        inside = np.ones(len(shape), dtype=bool)
        for axis, dimension in enumerate(shape.dimensions):
            level = next((name for name in table if name in dimension.levels), None)
            codes = dimension.levels[level] if level else (TOTAL,)
            inside &= np.isin(shape.codes[:, axis], [dimension.position[code] for code in codes])
        inner.append(inside)
    return inner


def _entropy(tables: LinkedTables, suppressed: Flags, cells: Flags, people: int) -> float:
    shown = tables.counts[cells & ~suppressed]
    together = tables.counts[cells & suppressed].sum()
    shares = np.array([*shown[shown > 0], *([together] if together else [])]) / people
    return float(-(shares * np.log2(shares)).sum()) + 0.0
