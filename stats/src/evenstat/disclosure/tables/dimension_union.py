"""The union of several versions of one dimension, whose categories were grouped differently in each release."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evenstat.disclosure.tables.dimensions import Dimension, Rollup
from evenstat.errors import InvalidInput

Extents = Mapping[str, frozenset[str]]  # the categories that each code holds


@dataclass(frozen=True)
class DimensionUnion:
    """`levels` has, for each given version, the names of its levels in the union."""

    dimension: Dimension
    levels: tuple[Mapping[str, str], ...]


def extents(dimension: Dimension) -> Extents:
    """The categories of every code."""
    rows = dimension.membership.astype(bool)
    names = dimension.categories
    return {
        code: frozenset(name for name, inside in zip(names, row, strict=True) if inside)
        for code, row in zip(dimension.codes, rows, strict=True)
    }


def unite(versions: Sequence[Dimension], taken: Collection[str] = ()) -> DimensionUnion:
    """The first version with the groups of all. Other versions may have one of its levels as their categories.

    `taken` are names of other dimensions and their levels, which a level may not reuse.

    Raises:
        InvalidInput: the categories differ, or a code has different categories in different releases.
    """
    whole = versions[0]
    extents_so_far = dict(extents(whole))
    levels: dict[str, tuple[str, ...]] = {whole.name: whole.categories}
    names, rollups = [], list(whole.rollups)
    for version in versions:
        version_extents = _within(whole, extents_so_far, version)
        _refuse_conflicting_codes(whole.name, extents_so_far, version_extents)
        extents_so_far |= version_extents
        names.append(_levels(levels, version, taken))
        rollups += version.rollups
    ordered = {level: codes for level, codes in levels.items() if level != whole.name}
    united = Dimension(whole.name, ordered | {whole.name: whole.categories}, top_down(rollups))
    return DimensionUnion(united, tuple(names))


def with_differencing_groups(dimension: Dimension, shown: Collection[str]) -> tuple[Dimension, str]:
    """The dimension with a level of the smallest groups derivable by differencing shown codes, and that level's name.

    16 to 29 minus 16 to 24 is 25 to 29, although no table shows it.
    """
    extent = extents(dimension)
    codes = [code for code in dimension.codes if code in shown]
    atoms: dict[tuple[bool, ...], list[str]] = {}
    for category in dimension.categories:
        atoms.setdefault(tuple(category in extent[code] for code in codes), []).append(category)
    doubles = {rollup.parent for rollup in dimension.rollups if len(rollup.children) == 1}
    order = sorted(dimension.codes, key=lambda code: (code in shown, code not in doubles))
    by_extent = {
        extent[code]: code for code in order
    }  # for two names of one group, prefer a shown one, then the finer level
    pieces = {frozenset(piece): by_extent.get(frozenset(piece), " + ".join(piece)) for piece in atoms.values()}
    names = tuple(pieces.values())
    rollups = list(dimension.rollups)
    for piece, name in pieces.items():
        if name not in extent and len(piece) > 1:
            rollups.append(Rollup(name, tuple(category for category in dimension.categories if category in piece)))
    for code in codes:
        inside = tuple(name for piece, name in pieces.items() if piece <= extent[code])
        if inside != (code,) and not adds_up_from(code, rollups, set(names)):
            rollups.append(Rollup(code, inside))
    level = next((level for level, level_codes in dimension.levels.items() if set(level_codes) == set(names)), None)
    if level is None:
        level = unused_name(f"{dimension.name} by differencing", dimension.levels)
    levels = {level: names} | {name: level_codes for name, level_codes in dimension.levels.items() if name != level}
    ordered = {name: level_codes for name, level_codes in levels.items() if name != dimension.name}
    ordered[dimension.name] = dimension.categories
    return replace(dimension, levels=ordered, rollups=top_down(rollups)), level


def _within(whole: Dimension, extents_so_far: Extents, version: Dimension) -> Extents:
    """The categories of the codes of a version, in terms of the categories of the whole dimension."""
    own = extents(version)
    finest = whole.levels.get(version.name)
    if finest is None or set(finest) != set(version.categories):
        differ = sorted(set(finest or whole.categories) ^ set(version.categories))
        raise InvalidInput(
            f"{version.name!r} has different categories in two releases ({', '.join(differ[:5])}). Give both"
            f" the same categories, including empty ones, and use a level where a release shows fewer groups."
        )
    return {code: frozenset().union(*(extents_so_far[category] for category in inside)) for code, inside in own.items()}


def _refuse_conflicting_codes(name: str, extents_so_far: Extents, version_extents: Extents) -> None:
    for code, inside in version_extents.items():
        if code in extents_so_far and extents_so_far[code] != inside:
            differing = sorted(extents_so_far[code] ^ inside)[0]
            raise InvalidInput(
                f"{code!r} of {name} includes {differing!r} in one release but not in another. They are"
                " different groups, so rename one of them."
            )


def _levels(levels: dict[str, tuple[str, ...]], version: Dimension, taken: Collection[str]) -> Mapping[str, str]:
    names = {}
    for level, codes in version.levels.items():
        same = [level, *levels]
        existing = next((name for name in same if name in levels and set(levels[name]) == set(codes)), None)
        names[level] = existing or unused_name(level, {*levels, *taken})
        levels.setdefault(names[level], codes)
    return names


def unused_name(level: str, levels: Collection[str]) -> str:
    names = [level, *(f"{level} ({number})" for number in range(2, len(levels) + 3))]
    return next(name for name in names if name not in levels)


def adds_up_from(code: str, rollups: Iterable[Rollup], pieces: Collection[str]) -> bool:
    """Whether the code is the sum of the pieces by existing rollups."""
    if code in pieces:
        return True
    own = [rollup for rollup in rollups if rollup.parent == code]
    return any(all(adds_up_from(child, rollups, pieces) for child in rollup.children) for rollup in own)


def top_down(rollups: Sequence[Rollup]) -> tuple[Rollup, ...]:
    """Each rollup once, and the rollups of a group's parts after its own: from the coarsest to the finest."""
    unique = {(rollup.parent, frozenset(rollup.children)): rollup for rollup in reversed(rollups)}
    waiting = list(dict.fromkeys(unique[rollup.parent, frozenset(rollup.children)] for rollup in rollups))
    ordered: list[Rollup] = []
    while waiting:
        below = {child for rollup in waiting for child in rollup.children}
        first = [rollup for rollup in waiting if rollup.parent not in below]
        if not first:
            raise InvalidInput(f"{waiting[0].parent!r} is a part of itself. Check which codes belong to which group.")
        ordered += first
        waiting = [rollup for rollup in waiting if rollup.parent in below]
    return tuple(ordered)
