"""Several releases about the same people as one: what a reader has who keeps them all.

Groups that no table shows, but that follow from two tables which cut a dimension otherwise, are cells of it as well:
people of 25 to 29, where one release shows 16 to 24 and another 16 to 29.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np

from evenstat.disclosure.tables.counts import NO_LIMIT, Flags, Publication
from evenstat.disclosure.tables.dimensions import Dimension
from evenstat.disclosure.tables.layout import Integers, Key, Layout, Table, layout
from evenstat.disclosure.tables.uniting import United, unite, with_differences
from evenstat.errors import InvalidCount, InvalidInput


@dataclass(frozen=True, eq=False)
class Joined:
    """`places`: for each layout given, the number that each of its cells has here.

    `told_apart`: cells that no table shows and that follow from tables which cut a dimension otherwise.
    """

    shape: Layout
    places: tuple[Integers, ...]
    told_apart: Flags


def join_shapes(shapes: Sequence[Layout]) -> Joined:
    """One layout with the cells of all. Dimensions of one name are one; their groups may differ.

    Raises:
        InvalidInput: a dimension has other categories in one layout than in another, or a code another meaning.
    """
    if not shapes:
        raise InvalidInput("There is nothing to join: give at least one release.")
    dimensions, tables = _united(shapes)
    dimensions, between = _told_apart(dimensions, tables)
    shape = layout(dimensions, tables, behind=between)
    told_apart = shape.behind
    places = tuple(_places(each, shape) for each in shapes)
    seen = np.zeros(len(shape), dtype=bool)
    for each, place in zip(shapes, places, strict=True):
        seen[place[~each.behind]] = True
    return Joined(replace(shape, behind=~seen), places, told_apart)


def joined(publications: Sequence[Publication]) -> Publication:
    """One publication with the tables of all. What is printed anywhere is printed; ranges narrow each other.

    Args:
        publications: about the same people at the same time.

    Raises:
        InvalidInput: a dimension has other categories in one of them, or a code another meaning.
        InvalidCount: two of them contradict each other; every such cell is named.
    """
    together = join_shapes([each.shape for each in publications])
    size = len(together.shape)
    low, high = np.zeros(size, dtype=np.int64), np.full(size, NO_LIMIT)
    printed, hidden, held = (np.zeros(size, dtype=bool) for _ in range(3))
    for each, places in zip(publications, together.places, strict=True):
        low[places] = np.maximum(low[places], each.low)
        high[places] = np.minimum(high[places], each.high)
        printed[places] |= ~each.hidden & ~each.shape.behind
        hidden[places] |= each.hidden
        held[places] |= each.hidden & each.zeros_shown
    zeros_shown = all(each.zeros_shown for each in publications)
    certain = held & (printed | (not zeros_shown))  # that somebody is there is known still
    low[certain] = np.maximum(low[certain], 1)
    _refuse_contradictions(together, publications, low > high)
    return Publication(together.shape, low, high, hidden & ~printed, zeros_shown)


def known(shape: Layout, figures: Mapping[Key, int | tuple[int, int]]) -> Publication:
    """Figures that went out by another route, such as an answer to a request: single counts, or from least to most.

    Nothing is said of the other cells of the layout, not that they are hidden either.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> grades = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> answer = known(grades, {("G1",): 3, ("G2",): (1, 4)})
    >>> answer.low.tolist(), answer.high[:3].tolist() == [NO_LIMIT, 3, 4]
    ([0, 3, 1, 0], True)
    """
    low, high = np.zeros(len(shape), dtype=np.int64), np.full(len(shape), NO_LIMIT)
    unsaid = np.ones(len(shape), dtype=bool)
    for key, figure in figures.items():
        least, most = figure if isinstance(figure, tuple) else (figure, figure)
        cell = shape.cell(key)
        if not 0 <= least <= most:
            raise InvalidCount(
                f"{shape.named(cell)} is given as {figure}: give a count of 0 or more, or least and most."
            )
        low[cell], high[cell], unsaid[cell] = least, most, False
    said = replace(shape, behind=unsaid)
    return Publication(said, low, high, np.zeros(len(shape), dtype=bool), zeros_shown=True)


def _united(shapes: Sequence[Layout]) -> tuple[list[Dimension], list[Table]]:
    versions: dict[str, list[Dimension]] = {}
    homes = _homes(shapes)
    for shape in shapes:
        names = [homes[each.name] for each in shape.dimensions]
        if len(set(names)) < len(names):
            raise InvalidInput(f"One of these dimensions is a level of another: {', '.join(shape.names)}.")
        for home, dimension in zip(names, shape.dimensions, strict=True):
            versions.setdefault(home, []).append(dimension)
    for home, those in versions.items():
        those.sort(key=lambda each: each.name != home)  # what has the finest categories comes first
    united: dict[str, United] = {}
    for home, those in versions.items():
        taken = {level for each in united.values() for level in each.dimension.levels}
        united[home] = unite(those, taken | (versions.keys() - {home}))
    called = {
        id(version): names
        for home, those in versions.items()
        for version, names in zip(those, united[home].levels, strict=True)
    }
    tables = [
        tuple(next(called[id(each)][level] for each in shape.dimensions if level in each.levels) for level in table)
        for shape in shapes
        for table in shape.tables
    ]
    return [each.dimension for each in united.values()], list(dict.fromkeys(tables))


def _homes(shapes: Sequence[Layout]) -> Mapping[str, str]:
    """For the name of each dimension, the one that it is a level of, or itself."""
    every = [each for shape in shapes for each in shape.dimensions]
    homes = {each.name: each.name for each in every}
    for each in every:
        homes |= {level: each.name for level in each.levels if level in homes and level != each.name}
    return homes


def _told_apart(dimensions: Sequence[Dimension], tables: Sequence[Table]) -> tuple[list[Dimension], list[Table]]:
    """Dimensions with the groups that tables tell apart, and tables of these, one for each two tables that need it."""
    owner = {level: each for each in dimensions for level in each.levels}
    shown = {level: dimension.down_to(level) for level, dimension in owner.items()}
    used = {level for table in tables for level in table}
    apart: dict[str, tuple[Dimension, str]] = {}
    for one in dimensions:
        levels = [level for level in one.levels if level in used]
        if any(not (shown[a] <= shown[b] or shown[b] <= shown[a]) for a in levels for b in levels):
            apart[one.name] = with_differences(one, frozenset().union(*(shown[level] for level in levels)))
    between = dict.fromkeys(_between(tables, {level: each.name for level, each in owner.items()}, shown, apart))
    return [apart[each.name][0] if each.name in apart else each for each in dimensions], list(between)


def _between(
    tables: Sequence[Table],
    owner: Mapping[str, str],
    shown: Mapping[str, frozenset[str]],
    apart: Mapping[str, tuple[Dimension, str]],
) -> Iterator[Table]:
    for first, second in combinations_with_replacement(tables if apart else (), 2):
        theirs = {owner[level]: level for level in second}
        both = [(level, theirs[owner[level]]) for level in first if owner[level] in theirs]
        finest = []
        for level, other in both:
            if shown[level] <= shown[other]:
                finest.append(level)
            elif shown[other] <= shown[level]:
                finest.append(other)
            else:
                finest.append(apart[owner[level]][1])
        if finest != [level for level, _ in both] and finest != [other for _, other in both]:
            yield tuple(finest)


def _places(shape: Layout, whole: Layout) -> Integers:
    numbers = np.zeros(len(shape), dtype=np.int64)
    for axis, dimension in enumerate(shape.dimensions):
        at = next(at for at, each in enumerate(whole.dimensions) if dimension.name in each.levels)
        moved = np.array([whole.dimensions[at].position[code] for code in dimension.codes], dtype=np.int64)
        numbers += moved[shape.codes[:, axis]] * whole.radix[at]
    return np.searchsorted(whole.coded, numbers).astype(np.int64)


def _refuse_contradictions(together: Joined, publications: Sequence[Publication], wrong: Flags) -> None:
    cells = np.flatnonzero(wrong).tolist()
    if not cells:
        return
    said = []
    for cell in cells[:5]:
        figures = [
            _said(each, int(np.flatnonzero(places == cell)[0]))
            for each, places in zip(publications, together.places, strict=True)
            if (places == cell).any()
        ]
        said.append(f"{together.shape.named(cell)} is {', and '.join(dict.fromkeys(figures))}")
    more = f"; and {len(cells) - 5} more" if len(cells) > 5 else ""
    raise InvalidCount(f"These releases contradict each other: {'; '.join(said)}{more}. Are they of the same people?")


def _said(publication: Publication, cell: int) -> str:
    low, high = int(publication.low[cell]), int(publication.high[cell])
    if publication.hidden[cell]:
        return "hidden, so that it is not 0" if publication.zeros_shown else "hidden"
    return str(low) if low == high else f"{low} to {'any number' if high == NO_LIMIT else high}"
