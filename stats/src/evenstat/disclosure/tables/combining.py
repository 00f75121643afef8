"""Several releases about the same people combined into one: everything that an attacker with all of them knows.

Groups that no table shows but that can be derived by differencing two tables are cells of it too: people aged 25 to 29,
if one release shows 16 to 24 and another 16 to 29.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement

import numpy as np

from evenstat.disclosure.tables.counts import NO_LIMIT, Flags, Publication
from evenstat.disclosure.tables.dimension_union import DimensionUnion, unite, with_differencing_groups
from evenstat.disclosure.tables.dimensions import Dimension
from evenstat.disclosure.tables.layout import Integers, Key, Layout, Table, layout
from evenstat.errors import InvalidCount, InvalidInput


@dataclass(frozen=True, eq=False)
class CombinedLayout:
    """`places`: for each given layout, the number of each of its cells in the combined layout.

    `by_differencing`: cells that no table shows and that can be derived by differencing tables with different groups.
    """

    shape: Layout
    places: tuple[Integers, ...]
    by_differencing: Flags


def combine_layouts(shapes: Sequence[Layout]) -> CombinedLayout:
    """One layout with the cells of all. Dimensions with the same name are the same; their groups may differ.

    Raises:
        InvalidInput: a dimension has different categories in two layouts, or a code has different meanings.
    """
    if not shapes:
        raise InvalidInput("There are no releases to combine. Give at least one.")
    dimensions, tables = _unite_dimensions(shapes)
    dimensions, differencing_tables = _with_differencing_groups(dimensions, tables)
    shape = layout(dimensions, tables, unpublished=differencing_tables)
    by_differencing = shape.unpublished
    places = tuple(_cell_positions(part, shape) for part in shapes)
    seen = np.zeros(len(shape), dtype=bool)
    for part, positions in zip(shapes, places, strict=True):
        seen[positions[~part.unpublished]] = True
    return CombinedLayout(replace(shape, unpublished=~seen), places, by_differencing)


def combine(publications: Sequence[Publication]) -> Publication:
    """One publication with the tables of all. A figure shown in any release is shown; ranges are intersected.

    Args:
        publications: about the same people at the same time.

    Raises:
        InvalidInput: a dimension has different categories in one of them, or a code has different meanings.
        InvalidCount: two of them contradict each other; every such cell is named.
    """
    combined = combine_layouts([publication.shape for publication in publications])
    size = len(combined.shape)
    low, high = np.zeros(size, dtype=np.int64), np.full(size, NO_LIMIT)
    printed, suppressed, holds_someone = (np.zeros(size, dtype=bool) for _ in range(3))
    for publication, places in zip(publications, combined.places, strict=True):
        low[places] = np.maximum(low[places], publication.low)
        high[places] = np.minimum(high[places], publication.high)
        printed[places] |= ~publication.suppressed & ~publication.shape.unpublished
        suppressed[places] |= publication.suppressed
        holds_someone[places] |= publication.suppressed & publication.zeros_shown
    zeros_shown = all(publication.zeros_shown for publication in publications)
    known_nonzero = holds_someone & (printed | (not zeros_shown))  # it is still known that the count is not 0
    low[known_nonzero] = np.maximum(low[known_nonzero], 1)
    _refuse_contradictions(combined, publications, low > high)
    return Publication(combined.shape, low, high, suppressed & ~printed, zeros_shown)


def known_figures(shape: Layout, figures: Mapping[Key, int | tuple[int, int]]) -> Publication:
    """Figures published by another route, such as an answer to a request: single counts, or ranges.

    The other cells of the layout count as unpublished, not as suppressed.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> grades = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> answer = known_figures(grades, {("G1",): 3, ("G2",): (1, 4)})
    >>> answer.low.tolist(), answer.high[:3].tolist() == [NO_LIMIT, 3, 4]
    ([0, 3, 1, 0], True)
    """
    low, high = np.zeros(len(shape), dtype=np.int64), np.full(len(shape), NO_LIMIT)
    unknown = np.ones(len(shape), dtype=bool)
    for key, figure in figures.items():
        low_value, high_value = figure if isinstance(figure, tuple) else (figure, figure)
        cell = shape.cell(key)
        if not 0 <= low_value <= high_value:
            raise InvalidCount(
                f"{shape.named(cell)} is given as {figure}. Give a count of 0 or more, or a lower and an upper bound."
            )
        low[cell], high[cell], unknown[cell] = low_value, high_value, False
    layout_of_figures = replace(shape, unpublished=unknown)
    return Publication(layout_of_figures, low, high, np.zeros(len(shape), dtype=bool), zeros_shown=True)


def _unite_dimensions(shapes: Sequence[Layout]) -> tuple[list[Dimension], list[Table]]:
    versions: dict[str, list[Dimension]] = {}
    owners = _owning_dimensions(shapes)
    for shape in shapes:
        names = [owners[dimension.name] for dimension in shape.dimensions]
        if len(set(names)) < len(names):
            raise InvalidInput(f"One of these dimensions is also a level of another: {', '.join(shape.names)}.")
        for owner_name, dimension in zip(names, shape.dimensions, strict=True):
            versions.setdefault(owner_name, []).append(dimension)
    for owner_name, variants in versions.items():
        variants.sort(key=lambda version: version.name != owner_name)  # the version with the finest categories first
    united: dict[str, DimensionUnion] = {}
    for owner_name, variants in versions.items():
        taken = {level for union in united.values() for level in union.dimension.levels}
        united[owner_name] = unite(variants, taken | (versions.keys() - {owner_name}))
    level_names = {
        id(version): names
        for owner_name, variants in versions.items()
        for version, names in zip(variants, united[owner_name].levels, strict=True)
    }
    tables = [
        tuple(
            next(level_names[id(dimension)][level] for dimension in shape.dimensions if level in dimension.levels)
            for level in table
        )
        for shape in shapes
        for table in shape.tables
    ]
    return [union.dimension for union in united.values()], list(dict.fromkeys(tables))


def _owning_dimensions(shapes: Sequence[Layout]) -> Mapping[str, str]:
    """For the name of each dimension, the dimension of which it is a level, or itself."""
    all_dimensions = [dimension for shape in shapes for dimension in shape.dimensions]
    owners = {dimension.name: dimension.name for dimension in all_dimensions}
    for dimension in all_dimensions:
        owners |= {level: dimension.name for level in dimension.levels if level in owners and level != dimension.name}
    return owners


def _with_differencing_groups(
    dimensions: Sequence[Dimension], tables: Sequence[Table]
) -> tuple[list[Dimension], list[Table]]:
    """Dimensions with the groups derivable by differencing, and tables of these for each pair of tables that need
    them.
    """
    owner = {level: dimension for dimension in dimensions for level in dimension.levels}
    shown = {level: dimension.down_to(level) for level, dimension in owner.items()}
    used = {level for table in tables for level in table}
    extended: dict[str, tuple[Dimension, str]] = {}
    for dimension in dimensions:
        levels = [level for level in dimension.levels if level in used]
        if any(not (shown[a] <= shown[b] or shown[b] <= shown[a]) for a in levels for b in levels):
            extended[dimension.name] = with_differencing_groups(
                dimension, frozenset().union(*(shown[level] for level in levels))
            )
    extra_tables = dict.fromkeys(
        _differencing_tables(tables, {level: dimension.name for level, dimension in owner.items()}, shown, extended)
    )
    return [extended[dimension.name][0] if dimension.name in extended else dimension for dimension in dimensions], list(
        extra_tables
    )


def _differencing_tables(
    tables: Sequence[Table],
    owner: Mapping[str, str],
    shown: Mapping[str, frozenset[str]],
    extended: Mapping[str, tuple[Dimension, str]],
) -> Iterator[Table]:
    for first, second in combinations_with_replacement(tables if extended else (), 2):
        level_of = {owner[level]: level for level in second}
        shared = [(level, level_of[owner[level]]) for level in first if owner[level] in level_of]
        finest = []
        for level, other in shared:
            if shown[level] <= shown[other]:
                finest.append(level)
            elif shown[other] <= shown[level]:
                finest.append(other)
            else:
                finest.append(extended[owner[level]][1])
        if finest != [level for level, _ in shared] and finest != [other for _, other in shared]:
            yield tuple(finest)


def _cell_positions(shape: Layout, whole: Layout) -> Integers:
    numbers = np.zeros(len(shape), dtype=np.int64)
    for axis, dimension in enumerate(shape.dimensions):
        at = next(at for at, candidate in enumerate(whole.dimensions) if dimension.name in candidate.levels)
        moved = np.array([whole.dimensions[at].position[code] for code in dimension.codes], dtype=np.int64)
        numbers += moved[shape.codes[:, axis]] * whole.radix[at]
    return np.searchsorted(whole.coded, numbers).astype(np.int64)


def _refuse_contradictions(combined: CombinedLayout, publications: Sequence[Publication], contradictory: Flags) -> None:
    cells = np.flatnonzero(contradictory).tolist()
    if not cells:
        return
    contradictions = []
    for cell in cells[:5]:
        figures = [
            _printed_as(publication, int(np.flatnonzero(places == cell)[0]))
            for publication, places in zip(publications, combined.places, strict=True)
            if (places == cell).any()
        ]
        contradictions.append(f"{combined.shape.named(cell)} is {', and '.join(dict.fromkeys(figures))}")
    more = f"; and {len(cells) - 5} more" if len(cells) > 5 else ""
    raise InvalidCount(
        f"These releases contradict each other: {'; '.join(contradictions)}{more}. Are they about the same people?"
    )


def _printed_as(publication: Publication, cell: int) -> str:
    low, high = int(publication.low[cell]), int(publication.high[cell])
    if publication.suppressed[cell]:
        return "suppressed, so it is not 0" if publication.zeros_shown else "suppressed"
    return str(low) if low == high else f"{low} to {'any number' if high == NO_LIMIT else high}"
