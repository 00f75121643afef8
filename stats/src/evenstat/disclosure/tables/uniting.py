"""One dimension out of several of the same name, whose categories were grouped otherwise in each release."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from evenstat.disclosure.tables.dimensions import Dimension, Rollup
from evenstat.errors import InvalidInput

Extents = Mapping[str, frozenset[str]]  # the categories that each code holds


@dataclass(frozen=True)
class United:
    """`levels` has, for each dimension given, what its levels are called in the united one."""

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


def unite(versions: Sequence[Dimension], taken: Collection[str] = ()) -> United:
    """The first dimension with the groups of all. Others may have one of its levels as their categories.

    `taken` are names of other dimensions and of their levels, which a level may not have as well.

    Raises:
        InvalidInput: the categories differ, or a code holds other categories in one release than in another.
    """
    whole = versions[0]
    held = dict(extents(whole))
    levels: dict[str, tuple[str, ...]] = {whole.name: whole.categories}
    names, rollups = [], list(whole.rollups)
    for version in versions:
        theirs = _within(whole, held, version)
        _refuse_other_meanings(whole.name, held, theirs)
        held |= theirs
        names.append(_levels(levels, version, taken))
        rollups += version.rollups
    ordered = {level: codes for level, codes in levels.items() if level != whole.name}
    united = Dimension(whole.name, ordered | {whole.name: whole.categories}, in_order(rollups))
    return United(united, tuple(names))


def with_differences(dimension: Dimension, shown: Collection[str]) -> tuple[Dimension, str]:
    """The dimension with a level of the smallest groups that the shown codes tell apart, and that level's name.

    16 to 29 less 16 to 24 is 25 to 29, though no table shows it.
    """
    held = extents(dimension)
    codes = [code for code in dimension.codes if code in shown]
    apart: dict[tuple[bool, ...], list[str]] = {}
    for category in dimension.categories:
        apart.setdefault(tuple(category in held[code] for code in codes), []).append(category)
    doubles = {each.parent for each in dimension.rollups if len(each.children) == 1}
    order = sorted(dimension.codes, key=lambda code: (code in shown, code not in doubles))
    by_extent = {held[code]: code for code in order}  # of two names for one group a shown one, that of the finer level
    pieces = {frozenset(each): by_extent.get(frozenset(each), " + ".join(each)) for each in apart.values()}
    names = tuple(pieces.values())
    rollups = list(dimension.rollups)
    for piece, name in pieces.items():
        if name not in held and len(piece) > 1:
            rollups.append(Rollup(name, tuple(each for each in dimension.categories if each in piece)))
    for code in codes:
        inside = tuple(name for piece, name in pieces.items() if piece <= held[code])
        if inside != (code,) and not reaches(code, rollups, set(names)):
            rollups.append(Rollup(code, inside))
    level = next((level for level, those in dimension.levels.items() if set(those) == set(names)), None)
    if level is None:
        level = unused(f"{dimension.name} told apart", dimension.levels)
    levels = {level: names} | {each: those for each, those in dimension.levels.items() if each != level}
    ordered = {each: those for each, those in levels.items() if each != dimension.name}
    ordered[dimension.name] = dimension.categories
    return replace(dimension, levels=ordered, rollups=in_order(rollups)), level


def _within(whole: Dimension, held: Extents, version: Dimension) -> Extents:
    """What the codes of a version hold, in categories of the whole."""
    own = extents(version)
    finest = whole.levels.get(version.name)
    if finest is None or set(finest) != set(version.categories):
        differ = sorted(set(finest or whole.categories) ^ set(version.categories))
        raise InvalidInput(
            f"{version.name!r} has other categories in one release than in another ({', '.join(differ[:5])}): give both"
            f" the same, empty ones too, and group them by a level where a release shows fewer."
        )
    return {code: frozenset().union(*(held[each] for each in inside)) for code, inside in own.items()}


def _refuse_other_meanings(name: str, held: Extents, theirs: Extents) -> None:
    for code, inside in theirs.items():
        if code in held and held[code] != inside:
            one = sorted(held[code] ^ inside)[0]
            raise InvalidInput(
                f"{code!r} of {name} holds {one!r} in one release and not in another: they are not the same group, so"
                f" rename it in one of them."
            )


def _levels(levels: dict[str, tuple[str, ...]], version: Dimension, taken: Collection[str]) -> Mapping[str, str]:
    names = {}
    for level, codes in version.levels.items():
        same = [level, *levels]
        known = next((each for each in same if each in levels and set(levels[each]) == set(codes)), None)
        names[level] = known or unused(level, {*levels, *taken})
        levels.setdefault(names[level], codes)
    return names


def unused(level: str, levels: Collection[str]) -> str:
    names = [level, *(f"{level} ({number})" for number in range(2, len(levels) + 3))]
    return next(name for name in names if name not in levels)


def reaches(code: str, rollups: Iterable[Rollup], pieces: Collection[str]) -> bool:
    """Whether the code adds up from the pieces by rollups that are known already."""
    if code in pieces:
        return True
    own = [each for each in rollups if each.parent == code]
    return any(all(reaches(child, rollups, pieces) for child in each.children) for each in own)


def in_order(rollups: Sequence[Rollup]) -> tuple[Rollup, ...]:
    """Each once, and a group's own parts after it: from the coarsest to the finest."""
    once = {(each.parent, frozenset(each.children)): each for each in reversed(rollups)}
    waiting = list(dict.fromkeys(once[each.parent, frozenset(each.children)] for each in rollups))
    ordered: list[Rollup] = []
    while waiting:
        below = {child for each in waiting for child in each.children}
        first = [each for each in waiting if each.parent not in below]
        if not first:
            raise InvalidInput(f"{waiting[0].parent!r} is a part of itself: look at who belongs to which group.")
        ordered += first
        waiting = [each for each in waiting if each.parent in below]
    return tuple(ordered)
