"""Which cells of a layout hold each record, and which are part of which."""

from collections.abc import Mapping, Sequence

import numpy as np

from evenstat.disclosure.tables.layout import Integers, Layout, positions

NOWHERE = -1


def holding(shape: Layout, categories: Mapping[str, Sequence[str]], records: int) -> Integers:
    """Records x places: the numbers of the cells that hold each record, -1 where a place is empty.

    Raises:
        InvalidInput: a column is missing, has another length, or holds what is no category of its dimension.
    """
    at_levels = [
        _code_at_levels(shape, axis)[:, positions(each, categories, records)]
        for axis, each in enumerate(shape.dimensions)
    ]
    columns = []
    for levels in np.unique(_levels(shape), axis=0).tolist():
        codes = np.stack([at[level] for at, level in zip(at_levels, levels, strict=True)])
        wanted = shape.radix @ codes
        found = np.minimum(np.searchsorted(shape.coded, wanted), len(shape) - 1)
        here = (shape.coded[found] == wanted) & (codes >= 0).all(axis=0)
        columns.append(np.where(here, found, NOWHERE))
    return np.stack(columns, axis=1)


class Parts:
    """Who is alone in a cell knows every part of it: it holds them or nobody."""

    def __init__(self, shape: Layout) -> None:
        self._below: dict[int, list[int]] = {}
        for whole, parts in shape.sums():
            self._below.setdefault(whole, []).extend(parts.tolist())

    def within(self, cells: Integers) -> Integers:
        """The cells and all that are part of them."""
        found, waiting = set(cells.tolist()), cells.tolist()
        while waiting:
            fresh = [each for each in self._below.get(waiting.pop(), ()) if each not in found]
            found.update(fresh)
            waiting += fresh
        return np.array(sorted(found), dtype=np.int64)


def _levels(shape: Layout) -> Integers:
    """Cells x dimensions: 0 for the total, then the level at which the code stands."""
    return np.stack(
        [_level_of_code(shape, axis)[shape.codes[:, axis]] for axis in range(len(shape.dimensions))], axis=1
    )


def _level_of_code(shape: Layout, axis: int) -> Integers:
    dimension = shape.dimensions[axis]
    level = dict.fromkeys(dimension.codes, 0)
    for at, codes in enumerate(dimension.levels.values(), 1):
        level |= {code: at for code in codes if not level[code]}  # the first, where a code stands at two
    return np.array([level[code] for code in dimension.codes], dtype=np.int64)


def _code_at_levels(shape: Layout, axis: int) -> Integers:
    """Levels x categories: the position of the code that holds the category there, -1 where none does."""
    dimension, level = shape.dimensions[axis], _level_of_code(shape, axis)
    table = np.full((len(dimension.levels) + 1, len(dimension.categories)), NOWHERE, dtype=np.int64)
    for code, category in np.argwhere(dimension.membership > 0).tolist():
        table[level[code], category] = code
    return table
