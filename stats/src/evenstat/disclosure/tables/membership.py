"""Which cells of a layout contain each record, and which cells are parts of others."""

from collections.abc import Mapping, Sequence

import numpy as np

from evenstat.disclosure.tables.layout import Integers, Layout, positions

NO_CELL = -1


def cells_of_records(shape: Layout, categories: Mapping[str, Sequence[str]], records: int) -> Integers:
    """Records x positions: the numbers of the cells that contain each record, -1 in empty positions.

    Raises:
        InvalidInput: a column is missing, has a different length, or contains a value that is not a category.
    """
    at_levels = [
        _code_at_levels(shape, axis)[:, positions(dimension, categories, records)]
        for axis, dimension in enumerate(shape.dimensions)
    ]
    columns = []
    for levels in np.unique(_levels(shape), axis=0).tolist():
        codes = np.stack([at[level] for at, level in zip(at_levels, levels, strict=True)])
        wanted = shape.radix @ codes
        cells = np.minimum(np.searchsorted(shape.coded, wanted), len(shape) - 1)
        exists = (shape.coded[cells] == wanted) & (codes >= 0).all(axis=0)
        columns.append(np.where(exists, cells, NO_CELL))
    return np.stack(columns, axis=1)


class CellParts:
    """The parts of each cell. A singleton knows every part of their cell: it contains them or nobody."""

    def __init__(self, shape: Layout) -> None:
        self._below: dict[int, list[int]] = {}
        for whole, parts in shape.sums():
            self._below.setdefault(whole, []).extend(parts.tolist())

    def with_parts(self, cells: Integers) -> Integers:
        """The cells and all their parts."""
        included, waiting = set(cells.tolist()), cells.tolist()
        while waiting:
            added = [part for part in self._below.get(waiting.pop(), ()) if part not in included]
            included.update(added)
            waiting += added
        return np.array(sorted(included), dtype=np.int64)


def _levels(shape: Layout) -> Integers:
    """Cells x dimensions: 0 for the total, otherwise the level of the code."""
    return np.stack(
        [_level_of_code(shape, axis)[shape.codes[:, axis]] for axis in range(len(shape.dimensions))], axis=1
    )


def _level_of_code(shape: Layout, axis: int) -> Integers:
    dimension = shape.dimensions[axis]
    level = dict.fromkeys(dimension.codes, 0)
    for at, codes in enumerate(dimension.levels.values(), 1):
        level |= {code: at for code in codes if not level[code]}  # the first, if a code belongs to two
    return np.array([level[code] for code in dimension.codes], dtype=np.int64)


def _code_at_levels(shape: Layout, axis: int) -> Integers:
    """Levels x categories: the position of the code at that level that contains the category, -1 if none does."""
    dimension, level = shape.dimensions[axis], _level_of_code(shape, axis)
    table = np.full((len(dimension.levels) + 1, len(dimension.categories)), NO_CELL, dtype=np.int64)
    for code, category in np.argwhere(dimension.membership > 0).tolist():
        table[level[code], category] = code
    return table
