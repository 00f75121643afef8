"""Dimensions of linked tables: their categories, and how these roll up into groups and into the total."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evenstat.errors import InvalidInput

TOTAL = "Total"


@dataclass(frozen=True, slots=True)
class Rollup:
    """One way in which a code is the sum of others: Asian = A_Chinese + A_Indian + ..."""

    parent: str
    children: tuple[str, ...]


@dataclass(frozen=True)
class Dimension:
    """The codes of one dimension. `levels` are named from the coarsest to the finest; the finest has the categories.

    A code stands at one level only. A dimension with two hierarchies over the same categories has rollups of both.
    """

    name: str
    levels: Mapping[str, tuple[str, ...]]
    rollups: tuple[Rollup, ...] = field(default=())

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code, the total first, then level by level."""
        every = (code for codes in self.levels.values() for code in codes)
        return tuple(dict.fromkeys((TOTAL, *every)))  # releases joined may hold one code at two levels

    @property
    def categories(self) -> tuple[str, ...]:
        return self.levels[self.name]

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def down_to(self, level: str) -> frozenset[str]:
        """The codes that a table shows which stops at this level: its own, the coarser ones that it adds up to, all."""
        shown = {TOTAL, *self.levels[level]}
        while True:
            above = {each.parent for each in self.rollups if set(each.children) <= shown}
            if above <= shown:
                return frozenset(shown)
            shown |= above

    @cached_property
    def membership(self) -> NDArray[np.int64]:
        """codes x categories, 1 where the category belongs to the code."""
        table = np.zeros((len(self.codes), len(self.categories)), dtype=np.int64)
        for place, category in enumerate(self.categories):
            table[self.position[category], place] = 1
        table[0, :] = 1
        waiting = [each for each in self.rollups if each.parent != TOTAL]
        for rollup in reversed(waiting):  # from the finest level up
            members = [self.position[child] for child in rollup.children]
            table[self.position[rollup.parent]] = table[members].sum(axis=0)
        return table


def flat(name: str, categories: Iterable[str]) -> Dimension:
    """A dimension without groups: its categories and their total."""
    codes = tuple(dict.fromkeys(categories))
    return Dimension(name, {name: codes}, (Rollup(TOTAL, codes),))


def nested(name: str, hierarchies: Sequence[Sequence[str]], members: Mapping[str, Sequence[str]]) -> Dimension:
    """A dimension with one or more hierarchies over the same categories.

    Args:
        name: of the dimension, which is that of its finest level.
        hierarchies: names of the levels of each, from the coarsest to the finest.
        members: for each level, the code of every record, aligned: members["ethgroup"][i] is above members[name][i].

    Raises:
        InvalidInput: a code with two parents in one hierarchy, or one that stands at two levels.
    """
    levels: dict[str, tuple[str, ...]] = {}
    rollups: dict[Rollup, None] = {}
    for hierarchy in hierarchies:
        above: Mapping[str, Sequence[str]] = {TOTAL: [TOTAL] * len(members[name])}
        for upper, lower in zip((TOTAL, *hierarchy), hierarchy, strict=False):
            over = above[TOTAL] if upper == TOTAL else members[upper]
            for rollup in _rollups(name, upper, over, lower, members[lower]):
                rollups.setdefault(rollup)
            levels.setdefault(lower, tuple(dict.fromkeys(sorted(members[lower]))))
    ordered = {level: levels[level] for level in levels if level != name} | {name: levels[name]}
    _refuse_one_code_at_two_levels(name, ordered)
    return Dimension(name, ordered, tuple(rollups))


def _rollups(name: str, upper: str, over: Sequence[str], lower: str, under: Sequence[str]) -> list[Rollup]:
    parent: dict[str, str] = {}
    for above, below in zip(over, under, strict=True):
        if parent.setdefault(below, above) != above:
            raise InvalidInput(
                f"{below!r} of {lower} stands under both {parent[below]!r} and {above!r} of {upper}: "
                f"in one hierarchy of {name} it has one parent."
            )
    groups: dict[str, list[str]] = {}
    for below in sorted(parent):
        groups.setdefault(parent[below], []).append(below)
    return [Rollup(above, tuple(below)) for above, below in sorted(groups.items())]


def _refuse_one_code_at_two_levels(name: str, levels: Mapping[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {TOTAL: "the total"}
    for level, codes in levels.items():
        for code in codes:
            if code in seen:
                raise InvalidInput(
                    f"{code!r} of {level} is also a code of {seen[code]}: one column holds all levels of {name}, "
                    f"so rename one of them."
                )
            seen[code] = level
