"""Dimensions of linked tables: categories, and how they roll up into groups and the total."""

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
    """The codes of one dimension. `levels` are ordered from the coarsest to the finest; the finest has the categories.

    A code belongs to one level only. A dimension with two hierarchies over the same categories has the rollups of both.
    """

    name: str
    levels: Mapping[str, tuple[str, ...]]
    rollups: tuple[Rollup, ...] = field(default=())

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes: the total, then level by level."""
        every = (code for codes in self.levels.values() for code in codes)
        return tuple(dict.fromkeys((TOTAL, *every)))  # combined releases may have one code at two levels

    @property
    def categories(self) -> tuple[str, ...]:
        return self.levels[self.name]

    @cached_property
    def position(self) -> Mapping[str, int]:
        return {code: place for place, code in enumerate(self.codes)}

    def down_to(self, level: str) -> frozenset[str]:
        """The codes shown by a table that stops at this level: its own codes, the coarser ones that they add up to,
        and the total.
        """
        shown = {TOTAL, *self.levels[level]}
        while True:
            above = {rollup.parent for rollup in self.rollups if set(rollup.children) <= shown}
            if above <= shown:
                return frozenset(shown)
            shown |= above

    @cached_property
    def membership(self) -> NDArray[np.int64]:
        """A matrix of codes x categories, 1 if the category belongs to the code."""
        matrix = np.zeros((len(self.codes), len(self.categories)), dtype=np.int64)
        for place, category in enumerate(self.categories):
            matrix[self.position[category], place] = 1
        matrix[0, :] = 1
        below_total = [rollup for rollup in self.rollups if rollup.parent != TOTAL]
        for rollup in reversed(below_total):  # from the finest level upwards
            members = [self.position[child] for child in rollup.children]
            matrix[self.position[rollup.parent]] = matrix[members].sum(axis=0)
        return matrix


def flat(name: str, categories: Iterable[str]) -> Dimension:
    """A dimension without groups: its categories and their total."""
    codes = tuple(dict.fromkeys(categories))
    return Dimension(name, {name: codes}, (Rollup(TOTAL, codes),))


def nested(name: str, hierarchies: Sequence[Sequence[str]], members: Mapping[str, Sequence[str]]) -> Dimension:
    """A dimension with one or more hierarchies over the same categories.

    Args:
        name: of the dimension, which is also the name of its finest level.
        hierarchies: for each, the names of its levels from the coarsest to the finest.
        members: for each level, the code of every record, aligned: members["ethgroup"][i] is above members[name][i].

    Raises:
        InvalidInput: a code has two parents in one hierarchy, or belongs to two levels.
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
                f"{below!r} of {lower} is under both {parent[below]!r} and {above!r} of {upper}: "
                f"in one hierarchy of {name} it can have only one parent."
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
                    f"{code!r} of {level} is also a code of {seen[code]}: one column contains all levels of {name}, "
                    f"so rename one of them."
                )
            seen[code] = level
