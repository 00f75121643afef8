"""What a set of linked tables publishes: its cells, each once, and every sum that ties them together."""

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
    """Tables over dimensions. Cells are numbered; a sum says that one cell is several others together.

    Cells `behind` the tables are in none of them, and yet tie them together: every table is of the same people, so some
    table of all dimensions fits them all.

    `codes` is cells x dimensions: positions in `Dimension.codes`. Sums are stored one after another: sum s has the
    parent `parents[s]` and the children `children[starts[s]:starts[s + 1]]`.
    """

    dimensions: tuple[Dimension, ...]
    tables: tuple[Table, ...]
    codes: Integers
    parents: Integers
    starts: Integers
    children: Integers
    behind: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.dimensions)

    @cached_property
    def radix(self) -> Integers:
        return radix_of(self.dimensions)

    @cached_property
    def coded(self) -> Integers:
        """The codes of each cell as one number, in rising order."""
        numbers: Integers = self.codes @ self.radix
        return numbers

    @property
    def total(self) -> int:
        """The number of the cell that everybody is in."""
        return self.cell([TOTAL] * len(self.names))

    @cached_property
    def number(self) -> Mapping[Key, int]:
        return {self.key(cell): cell for cell in range(len(self))}

    def key(self, cell: int) -> Key:
        places = self.codes[cell].tolist()
        return tuple(each.codes[place] for each, place in zip(self.dimensions, places, strict=True))

    def cell(self, key: Sequence[str]) -> int:
        """The number of the cell with these codes. Raises InvalidInput where no table has it."""
        found = self.number.get(tuple(key))
        if found is None:
            raise InvalidInput(f"No table of these has a cell {' / '.join(key)} (of {' / '.join(self.names)}).")
        return found

    def named(self, cell: int) -> str:
        """The cell for a person to read: its codes without the totals."""
        inner = [code for code in self.key(cell) if code != TOTAL]
        return " / ".join(inner) or "the total"

    @cached_property
    def shows(self) -> tuple[NDArray[np.bool_], ...]:
        """For each dimension, tables x codes: whether the table shows the code."""
        shows = tuple(np.zeros((len(self.tables), len(each.codes)), dtype=bool) for each in self.dimensions)
        for at, table in enumerate(self.tables):
            for here, codes in zip(shows, _shown(self.dimensions, table), strict=True):
                here[at, codes] = True
        return shows

    def cells(self, codes: Sequence[Integers]) -> Integers:
        """The cells of all tables, in rising order, that have none but these codes of each dimension."""
        ordered = [np.sort(each) for each in codes]
        grids = [
            [each[shows[at, each]] for each, shows in zip(ordered, self.shows, strict=True)]
            for at in range(len(self.tables))
        ]
        numbers = np.unique(np.concatenate([_grid(each, self.radix) for each in grids]))
        return np.searchsorted(self.coded, numbers).astype(np.int64)

    def sums(self) -> Iterator[tuple[int, Integers]]:
        """Each sum: the number of the whole, and the numbers of its parts."""
        for place, parent in enumerate(self.parents.tolist()):
            yield parent, self.children[self.starts[place] : self.starts[place + 1]]


def layout(
    dimensions: Sequence[Dimension], tables: Sequence[Sequence[str]], *, behind: Sequence[Sequence[str]] = ()
) -> Layout:
    """The cells and sums of the tables, each with all its margins; tables `behind` them are not published.

    Raises:
        InvalidInput: a table names what is no dimension or level, or one dimension twice; there is no table; two
            dimensions share the name of a level, so that a table that names it could mean either.
    """
    if not tables:
        raise InvalidInput("No table is named: give at least one, as a list of dimensions.")
    _refuse_one_name_for_two(dimensions)
    radix = radix_of(dimensions)
    every = tuple(tuple(table) for table in (*tables, *behind))
    shown = [_shown(dimensions, table) for table in every]
    grids = [_grid(each, radix) for each in shown]
    numbers = np.unique(np.concatenate(grids))
    found = [piece for each in shown for piece in _sums(dimensions, each, radix)]
    parents, starts, children = _gathered(found, numbers)
    codes = np.stack([(numbers // radix[axis]) % len(each.codes) for axis, each in enumerate(dimensions)], axis=1)
    unpublished = ~np.isin(numbers, np.concatenate(grids[: len(tables)]))
    return Layout(tuple(dimensions), every, codes, parents, starts, children, unpublished)


def summed(shape: Layout, categories: Mapping[str, Sequence[str]], weights: Sequence[int]) -> Integers:
    """For every cell of the layout the sum of the weights of the records in it.

    Args:
        shape: the layout.
        categories: for each dimension, the category of every record.
        weights: one a record; the number of people for which it stands, when people are counted.

    Raises:
        InvalidInput: a column is missing, has another length, or holds what is no category of its dimension.
    """
    values = np.asarray(weights, dtype=np.int64)
    places = [positions(each, categories, len(values)) for each in shape.dimensions]
    result = np.zeros(len(shape), dtype=np.int64)
    for table in shape.tables:
        shown = _shown(shape.dimensions, table)
        axes = [axis for axis, codes in enumerate(shown) if codes != [0]]
        dense = _dense(shape.dimensions, axes, places, values)
        cells = np.searchsorted(shape.coded, _grid(shown, shape.radix))
        result[cells] = dense[np.ix_(*(shown[axis] for axis in axes))].ravel()
    return result


def radix_of(dimensions: Sequence[Dimension]) -> Integers:
    """A cell's number is its codes' positions written in this mixed base, the last dimension running fastest."""
    sizes = [len(each.codes) for each in dimensions]
    return np.array([np.prod(sizes[place + 1 :], dtype=np.int64) for place in range(len(sizes))], dtype=np.int64)


def _refuse_one_name_for_two(dimensions: Sequence[Dimension]) -> None:
    owner: dict[str, str] = {}
    for dimension in dimensions:
        for level in dimension.levels:
            if level in owner:
                raise InvalidInput(
                    f"{level!r} is a level of {owner[level]!r} and of {dimension.name!r}, so that a table that names it"
                    " could mean either: rename one of the two."
                )
            owner[level] = dimension.name


def _shown(dimensions: Sequence[Dimension], table: Sequence[str]) -> list[list[int]]:
    """For each dimension the positions of the codes that the table shows; the total alone where it is not in it."""
    owner = {level: axis for axis, each in enumerate(dimensions) for level in each.levels}
    shown = [[0] for _ in dimensions]
    for name in table:
        if name not in owner:
            known = ", ".join(sorted(owner))
            raise InvalidInput(f"The table {list(table)} names {name!r}, which is no dimension or level. Use: {known}.")
        dimension = dimensions[owner[name]]
        if shown[owner[name]] != [0]:
            raise InvalidInput(f"The table {list(table)} names {dimension.name!r} twice: once is enough.")
        shown[owner[name]] = sorted(dimension.position[code] for code in dimension.down_to(name))
    return shown


def _grid(shown: Sequence[Sequence[int] | Integers], radix: Integers) -> Integers:
    """The numbers of every combination of the codes, in rising order."""
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
        here = set(shown[axis])
        for which, rollup in enumerate(dimension.rollups):
            parent, below = dimension.position[rollup.parent], [dimension.position[each] for each in rollup.children]
            if parent in here and here.issuperset(below):
                others = _grid([*shown[:axis], [0], *shown[axis + 1 :]], radix)
                children = others[:, None] + np.asarray(below, dtype=np.int64) * radix[axis]
                yield _Sums((axis, which), others + parent * radix[axis], children)


def _gathered(found: Sequence[_Sums], numbers: Integers) -> tuple[Integers, Integers, Integers]:
    none = np.zeros(0, dtype=np.int64)
    parents, sizes, children = [none], [none], [none]
    for rollup in dict.fromkeys(each.rollup for each in found):
        pieces = [each for each in found if each.rollup == rollup]
        above, first = np.unique(np.concatenate([each.parents for each in pieces]), return_index=True)
        below = np.concatenate([each.children for each in pieces])[first]  # what several tables share is one sum
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
            raise InvalidInput(f"Record {at}: {code!r} is no category of {dimension.name!r}.")
    return np.array([place[code] for code in column], dtype=np.int64)


def _dense(
    dimensions: Sequence[Dimension], axes: Sequence[int], places: Sequence[Integers], weights: Integers
) -> Integers:
    """The table of these dimensions with one row for each of their codes, totals and groups included."""
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
