"""People who joined, left or changed between two years, and what two years' figures tell of one of them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evenstat.disclosure.tables import Key


class Years(StrEnum):
    """What is done about a person of whom two years' figures tell."""

    WARN = "warn"  # said, and left to whoever approves
    PROTECT = "protect"  # the new year hides what is needed


class Knows(StrEnum):
    """What the reader of two years knows."""

    WHO_MOVED = (
        "who_moved"  # everything of the one who moved but one thing, and who else moved, though not what they are
    )
    ALL_BUT_ONE = "all_but_one"  # besides, everything of everybody else


@dataclass(frozen=True, slots=True)
class Move:
    """People of one row who moved alike: their categories last year and this year, None where they were not there."""

    before: Key | None
    after: Key | None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Moves:
    """Everybody who joined, left or changed. `names` are the dimensions, in the order of each row's categories."""

    names: tuple[str, ...]
    rows: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """One person of whom two years' figures tell. Never for the public.

    `row` is that of the moves, `code` of `dimension` what is told, `where` the widest group in which they moved alone,
    `cells` the figures that tell it, `beside` those that tell it by what is left, as numbers of the new year's layout.
    """

    row: int
    kind: str
    dimension: str
    code: str
    where: str
    cells: tuple[int, ...]
    beside: tuple[int, ...]

    @property
    def words(self) -> str:
        where = "the workforce" if self.where == "the total" else self.where
        told = f"{self.dimension} {self.code}"
        return f"One person {self.kind} {where}, and the figures of the two years show of this person: {told}."


def moves(names: Sequence[str], previous: Mapping[Hashable, Key], current: Mapping[Hashable, Key]) -> Moves:
    """Who moved between two years, from the records of each: by person, one category for each dimension.

    >>> moved = moves(["grade"], {"a": ("G1",), "b": ("G2",)}, {"b": ("G3",), "c": ("G1",)})
    >>> [(each.before, each.after) for each in moved.rows]
    [(('G1',), None), (('G2',), ('G3',)), (None, ('G1',))]
    """
    everyone = dict.fromkeys((*previous, *current))
    found = [(previous.get(person), current.get(person)) for person in everyone]
    return Moves(tuple(names), tuple(Move(before, after) for before, after in found if before != after))
