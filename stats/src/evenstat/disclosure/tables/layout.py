"""The cells of a set of linked tables, each once, and all sums that link them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evenstat.disclosure.tables.dimensions import TOTAL, Dimension
from evenstat.errors import InvalidInput

Integers = NDArray[np.int64]
Table = tuple[str, ...]  # names of dimensions, or of the level of one at which the table stops
Key = tuple[str, ...]  # one code for each dimension of the layout


@dataclass(frozen=True)
class Layout:
    """Tables over dimensions. Cells are numbered; a sum says that one cell is the total of several others.

    `unpublished` cells are in none of the tables but constrain the published ones, because all tables count the same
    people: some table over all dimensions fits them all.

    `codes` is cells x dimensions: positions in `Dimension.codes`. Sums are stored one after another: sum s has the
    parent `parents[s]` and the children `children[starts[s]:starts[s + 1]]`.
    """

    dimensions: tuple[Dimension, ...]
    tables: tuple[Table, ...]
    codes: Integers
    parents: Integers
    starts: Integers
    children: Integers
    unpublished: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dimension.name for dimension in self.dimensions)

    @cached_property
    def radix(self) -> Integers:
        return radix_of(self.dimensions)

    @cached_property
    def coded(self) -> Integers:
        """The codes of each cell as one number, in ascending order."""
        numbers: Integers = self.codes @ self.radix
        return numbers

    @property
    def total(self) -> int:
        """The number of the cell that contains everybody."""
        return self.cell([TOTAL] * len(self.names))

    @cached_property
    def number(self) -> Mapping[Key, int]:
        return {self.key(cell): cell for cell in range(len(self))}

    def key(self, cell: int) -> Key:
        places = self.codes[cell].tolist()
        return tuple(dimension.codes[place] for dimension, place in zip(self.dimensions, places, strict=True))

    def cell(self, key: Sequence[str]) -> int:
        """The number of the cell with these codes. Raises InvalidInput if no table has it."""
        number = self.number.get(tuple(key))
        if number is None:
            raise InvalidInput(f"None of these tables has a cell {' / '.join(key)} (of {' / '.join(self.names)}).")
        return number

    def named(self, cell: int) -> str:
        """A readable name of the cell: its codes without the totals."""
        inner = [code for code in self.key(cell) if code != TOTAL]
        return " / ".join(inner) or "the total"

    @cached_property
    def shows(self) -> tuple[NDArray[np.bool_], ...]:
        """For each dimension, tables x codes: whether the table shows the code."""
        shows = tuple(np.zeros((len(self.tables), len(dimension.codes)), dtype=bool) for dimension in self.dimensions)
        for at, table in enumerate(self.tables):
            for shown, codes in zip(shows, _shown(self.dimensions, table), strict=True):
                shown[at, codes] = True
        return shows

    def cells(self, codes: Sequence[Integers]) -> Integers:
        """The cells of all tables, in ascending order, that have only these codes of each dimension."""
        ordered = [np.sort(axis_codes) for axis_codes in codes]
        grids = [
            [axis_codes[shows[at, axis_codes]] for axis_codes, shows in zip(ordered, self.shows, strict=True)]
            for at in range(len(self.tables))
        ]
        numbers = np.unique(np.concatenate([_grid(grid, self.radix) for grid in grids]))
        return np.searchsorted(self.coded, numbers).astype(np.int64)

    def sums(self) -> Iterator[tuple[int, Integers]]:
        """Each sum: the number of the total, and the numbers of its parts."""
        for place, parent in enumerate(self.parents.tolist()):
            yield parent, self.children[self.starts[place] : self.starts[place + 1]]


def layout(
    dimensions: Sequence[Dimension], tables: Sequence[Sequence[str]], *, unpublished: Sequence[Sequence[str]] = ()
) -> Layout:
    """The cells and sums of the tables, each with all its margins; `unpublished` tables are included but not published.

    Raises:
        InvalidInput: a table names something that is not a dimension or level, or one dimension twice; there is no
            table; two dimensions share the name of a level, so a table that names it is ambiguous.
    """
    if not tables:
        raise InvalidInput("No tables are given. Give at least one, as a list of dimensions.")
    _refuse_one_name_for_two(dimensions)
    radix = radix_of(dimensions)
    all_tables = tuple(tuple(table) for table in (*tables, *unpublished))
    shown = [_shown(dimensions, table) for table in all_tables]
    grids = [_grid(table_codes, radix) for table_codes in shown]
    numbers = np.unique(np.concatenate(grids))
    sum_blocks = [piece for table_codes in shown for piece in _sums(dimensions, table_codes, radix)]
    parents, starts, children = _gathered(sum_blocks, numbers)
    codes = np.stack(
        [(numbers // radix[axis]) % len(dimension.codes) for axis, dimension in enumerate(dimensions)], axis=1
    )
    is_unpublished = ~np.isin(numbers, np.concatenate(grids[: len(tables)]))
    return Layout(tuple(dimensions), all_tables, codes, parents, starts, children, is_unpublished)


def summed(shape: Layout, categories: Mapping[str, Sequence[str]], weights: Sequence[int]) -> Integers:
    """For every cell of the layout the sum of the weights of its records.

    Args:
        shape: the layout.
        categories: for each dimension, the category of every record.
        weights: one for each record; the number of people it represents, if people are counted.

    Raises:
        InvalidInput: a column is missing, has a different length, or contains a value that is not a category.
    """
    values = np.asarray(weights, dtype=np.int64)
    places = [positions(dimension, categories, len(values)) for dimension in shape.dimensions]
    result = np.zeros(len(shape), dtype=np.int64)
    for table in shape.tables:
        shown = _shown(shape.dimensions, table)
        axes = [axis for axis, codes in enumerate(shown) if codes != [0]]
        dense = _dense(shape.dimensions, axes, places, values)
        cells = np.searchsorted(shape.coded, _grid(shown, shape.radix))
        result[cells] = dense[np.ix_(*(shown[axis] for axis in axes))].ravel()
    return result


def radix_of(dimensions: Sequence[Dimension]) -> Integers:
    """A cell's number is its codes' positions written in this mixed base; the last dimension varies fastest."""
    sizes = [len(dimension.codes) for dimension in dimensions]
    return np.array([np.prod(sizes[place + 1 :], dtype=np.int64) for place in range(len(sizes))], dtype=np.int64)


def _refuse_one_name_for_two(dimensions: Sequence[Dimension]) -> None:
    owner: dict[str, str] = {}
    for dimension in dimensions:
        for level in dimension.levels:
            if level in owner:
                raise InvalidInput(
                    f"{level!r} is a level of {owner[level]!r} and of {dimension.name!r}, so a table that names it"
                    " is ambiguous. Rename one of the two."
                )
            owner[level] = dimension.name


def _shown(dimensions: Sequence[Dimension], table: Sequence[str]) -> list[list[int]]:
    """For each dimension the positions of the codes that the table shows; only the total if the dimension is not in
    it.
    """
    owner = {level: axis for axis, dimension in enumerate(dimensions) for level in dimension.levels}
    shown = [[0] for _ in dimensions]
    for name in table:
        if name not in owner:
            usable_names = ", ".join(sorted(owner))
            raise InvalidInput(
                f"The table {list(table)} names {name!r}, which is not a dimension or level. Use: {usable_names}."
            )
        dimension = dimensions[owner[name]]
        if shown[owner[name]] != [0]:
            raise InvalidInput(f"The table {list(table)} names {dimension.name!r} twice. Name it once.")
        shown[owner[name]] = sorted(dimension.position[code] for code in dimension.down_to(name))
    return shown


def _grid(shown: Sequence[Sequence[int] | Integers], radix: Integers) -> Integers:
    """The numbers of every combination of the codes, in ascending order."""
    numbers = np.zeros(1, dtype=np.int64)
    for axis, codes in enumerate(shown):
        numbers = (numbers[:, None] + np.asarray(codes, dtype=np.int64) * radix[axis]).ravel()
    return numbers


@dataclass(frozen=True)
class _Sums:
    """The sums of one rollup in one table: `parents[i]` is the sum of row i of `children`."""

    rollup: tuple[int, int]
    parents: Integers
    children: Integers


def _sums(dimensions: Sequence[Dimension], shown: Sequence[Sequence[int]], radix: Integers) -> Iterator[_Sums]:
    for axis, dimension in enumerate(dimensions):
        shown_codes = set(shown[axis])
        for number, rollup in enumerate(dimension.rollups):
            parent, below = dimension.position[rollup.parent], [dimension.position[child] for child in rollup.children]
            if parent in shown_codes and shown_codes.issuperset(below):
                others = _grid([*shown[:axis], [0], *shown[axis + 1 :]], radix)
                children = others[:, None] + np.asarray(below, dtype=np.int64) * radix[axis]
                yield _Sums((axis, number), others + parent * radix[axis], children)


def _gathered(sum_blocks: Sequence[_Sums], numbers: Integers) -> tuple[Integers, Integers, Integers]:
    empty = np.zeros(0, dtype=np.int64)
    parents, sizes, children = [empty], [empty], [empty]
    for rollup in dict.fromkeys(sums.rollup for sums in sum_blocks):
        pieces = [sums for sums in sum_blocks if sums.rollup == rollup]
        above, first = np.unique(np.concatenate([piece.parents for piece in pieces]), return_index=True)
        below = np.concatenate([piece.children for piece in pieces])[
            first
        ]  # a sum shared by several tables is kept once
        parents.append(np.searchsorted(numbers, above))
        children.append(np.searchsorted(numbers, below).ravel())
        sizes.append(np.full(len(above), below.shape[1], dtype=np.int64))
    ends = np.cumsum(np.concatenate([np.zeros(1, dtype=np.int64), *sizes]))
    return np.concatenate(parents), ends, np.concatenate(children)


def positions(dimension: Dimension, categories: Mapping[str, Sequence[str]], records: int) -> Integers:
    column = categories.get(dimension.name)
    if column is None or len(column) != records:
        raise InvalidInput(f"Give {dimension.name!r} for each of the {records} records.")
    place = {code: at for at, code in enumerate(dimension.categories)}
    for at, code in enumerate(column, 1):
        if code not in place:
            raise InvalidInput(f"Record {at}: {code!r} is not a category of {dimension.name!r}.")
    return np.array([place[code] for code in column], dtype=np.int64)


def _dense(
    dimensions: Sequence[Dimension], axes: Sequence[int], places: Sequence[Integers], weights: Integers
) -> Integers:
    """The table of these dimensions with one row for each of their codes, including totals and groups."""
    sizes = [len(dimensions[axis].categories) for axis in axes]
    at = np.zeros(len(weights), dtype=np.int64)
    for axis, size in zip(axes, sizes, strict=True):
        at = at * size + places[axis]
    dense = np.zeros(int(np.prod(sizes)), dtype=np.int64)
    np.add.at(dense, at, weights)
    table = dense.reshape(sizes)
    for place, axis in enumerate(axes):
        table = np.moveaxis(np.tensordot(dimensions[axis].membership, table, axes=(1, place)), 0, place)
    return table
