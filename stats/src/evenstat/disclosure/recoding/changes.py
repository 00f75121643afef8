"""Changes that make tables coarser. The categories stay the same, so that recoded tables can be combined with prior
releases.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from evenstat.disclosure.tables import TOTAL, Dimension, Layout, Rollup, layout
from evenstat.disclosure.tables.dimension_union import adds_up_from, top_down, unused_name
from evenstat.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class CoarserLevel:
    """Tables with finer levels of the dimension stop at this level."""

    dimension: str
    level: str

    @property
    def words(self) -> str:
        return f"{self.dimension} by {self.level}"


@dataclass(frozen=True, slots=True)
class MergeCodes:
    """Codes of one level merged: each new code with the codes that it replaces."""

    dimension: str
    level: str
    groups: tuple[Rollup, ...]

    @property
    def words(self) -> str:
        return f"{self.dimension} with {', '.join(f'{group.parent!r}' for group in self.groups)} together"


@dataclass(frozen=True, slots=True)
class DropDimension:
    """The dimension is left out of every table."""

    dimension: str

    @property
    def words(self) -> str:
        return f"without {self.dimension}"


@dataclass(frozen=True, slots=True)
class DropTable:
    """One table is left out; its dimensions may remain in others."""

    table: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"without the table {' by '.join(self.table)}"


RecodingChange: TypeAlias = CoarserLevel | MergeCodes | DropDimension


@dataclass(frozen=True, slots=True)
class Recoding:
    """Changes made one after another."""

    changes: tuple[RecodingChange | DropTable, ...] = ()

    @property
    def words(self) -> str:
        return "; ".join(change.words for change in self.changes) or "as it is"


def recode(shape: Layout, recoding: Recoding) -> Layout:
    """The tables with these changes.

    Raises:
        InvalidInput: a change names a dimension, level or code that does not exist, or no table is left.

    >>> from evenstat.disclosure.tables import flat, layout
    >>> grades = layout([flat("grade", ["G1", "G2", "G3"])], [["grade"]])
    >>> merged = recode(grades, Recoding((MergeCodes("grade", "grade", (Rollup("G1 to G2", ("G1", "G2")),)),)))
    >>> [merged.named(cell) for cell in range(len(merged))]
    ['the total', 'G1 to G2', 'G3']
    """
    dimensions, tables, unpublished = list(shape.dimensions), published_tables(shape), unpublished_tables(shape)
    for change in recoding.changes:
        if isinstance(change, DropTable):
            tables = [table for table in tables if table != change.table]
            continue
        at = next((at for at, dimension in enumerate(dimensions) if dimension.name == change.dimension), None)
        if at is None:
            raise InvalidInput(f"There is no dimension {change.dimension!r}. Use {', '.join(shape.names)}.")
        if isinstance(change, MergeCodes):
            dimensions[at], level = merged(dimensions[at], change)
            tables = [tuple(level if name == change.level else name for name in table) for table in tables]
        elif isinstance(change, CoarserLevel):
            finer = _finer(dimensions[at], change.level)
            tables = [tuple(change.level if name in finer else name for name in table) for table in tables]
        else:
            tables = [tuple(name for name in table if name not in dimensions[at].levels) for table in tables]
    kept = tuple(dict.fromkeys(table for table in tables if table))
    if not kept:
        raise InvalidInput(f"Nothing is left of the tables: {recoding.words}.")
    return layout(dimensions, kept, unpublished=unpublished)


def published_tables(shape: Layout) -> list[tuple[str, ...]]:
    """The tables of a layout that are not behind the others."""
    return [table for table in shape.tables if not shape.unpublished[_inner(shape, table)]]


def unpublished_tables(shape: Layout) -> list[tuple[str, ...]]:
    return [table for table in shape.tables if shape.unpublished[_inner(shape, table)]]


def merged(dimension: Dimension, merge: MergeCodes) -> tuple[Dimension, str]:
    """The dimension with a level in which these codes are together, and that level's name."""
    if merge.level not in dimension.levels:
        raise InvalidInput(f"{dimension.name!r} has no level {merge.level!r}: use {', '.join(dimension.levels)}.")
    into = _into(dimension, merge)
    codes = tuple(dict.fromkeys(into.get(code, code) for code in dimension.levels[merge.level]))
    rollups = [*dimension.rollups, *merge.groups]
    rollups += [
        regrouped for regrouped in (_regrouped(rollup, into, merge.groups) for rollup in dimension.rollups) if regrouped
    ]
    if not adds_up_from(TOTAL, rollups, codes):
        rollups.append(Rollup(TOTAL, codes))
    level = unused_name(f"{merge.level} merged", dimension.levels)
    levels: dict[str, tuple[str, ...]] = {}
    for name, those in dimension.levels.items():
        if name == merge.level:
            levels[level] = codes
        levels[name] = those
    return replace(dimension, levels=levels, rollups=top_down(rollups)), level


def _into(dimension: Dimension, merge: MergeCodes) -> Mapping[str, str]:
    level = dimension.levels[merge.level]
    into = {code: group.parent for group in merge.groups for code in group.children}
    strangers = [code for code in into if code not in level]
    if strangers or len(into) < sum(len(group.children) for group in merge.groups):
        wrong = strangers[0] if strangers else "one code"
        raise InvalidInput(f"{wrong!r} can't be merged: give codes of {merge.level}, each once.")
    taken = [group.parent for group in merge.groups if group.parent in dimension.codes]
    if taken:
        raise InvalidInput(f"{taken[0]!r} is a code of {dimension.name} already: give what is merged another name.")
    return into


def _regrouped(rollup: Rollup, into: Mapping[str, str], groups: Sequence[Rollup]) -> Rollup | None:
    """The same group made up of what is merged; None where that cuts across it."""
    inside = set(rollup.children)
    touched = [group for group in groups if inside & set(group.children)]
    if not touched or any(not set(group.children) <= inside for group in touched):
        return None
    parts = tuple(dict.fromkeys(into.get(code, code) for code in rollup.children))
    return Rollup(rollup.parent, parts) if parts != (rollup.parent,) else None


def _finer(dimension: Dimension, level: str) -> Collection[str]:
    if level not in dimension.levels:
        raise InvalidInput(f"{dimension.name!r} has no level {level!r}: use {', '.join(dimension.levels)}.")
    shown = dimension.down_to(level)
    return {name for name in dimension.levels if shown < dimension.down_to(name)}


def _inner(shape: Layout, table: Sequence[str]) -> int:
    """One cell of the table that is no margin."""
    levels = {level: dimension for dimension in shape.dimensions for level in dimension.levels}
    codes = {levels[level].name: levels[level].levels[level][0] for level in table}
    return shape.cell([codes.get(name, TOTAL) for name in shape.names])
