"""People who joined, left or changed between two years, and what two years' figures reveal about one of them."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evenstat.disclosure.tables import Key


class MoverAction(StrEnum):
    """What to do about a person whom two years' figures reveal."""

    WARN = "warn"  # report it, and leave the decision to the approver
    PROTECT = "protect"  # suppress what is needed in the new year


class MoverKnowledge(StrEnum):
    """What the attacker with two years' figures knows."""

    WHO_MOVED = "who_moved"  # all but one characteristic of the mover, and who else moved
    ALL_BUT_ONE = "all_but_one"  # also everything about everybody else


@dataclass(frozen=True, slots=True)
class Move:
    """People of one row who moved alike: their categories in the previous and the current year, None if they were
    absent.
    """

    before: Key | None
    after: Key | None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Moves:
    """Everybody who joined, left or changed. `names` are the dimensions, in the order of each row's categories."""

    names: tuple[str, ...]
    rows: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class MoverDisclosure:
    """One person about whom two years' figures reveal something. Do not publish.

    `row` is the row of the moves, `code` of `dimension` what is revealed, `where` the largest group in which they moved
    alone, `cells` the figures that reveal it, `residual_cells` those that reveal it by subtraction, as numbers of the
    new year's layout.
    """

    row: int
    kind: str
    dimension: str
    code: str
    where: str
    cells: tuple[int, ...]
    residual_cells: tuple[int, ...]

    @property
    def words(self) -> str:
        where = "the workforce" if self.where == "the total" else self.where
        disclosed = f"{self.dimension} {self.code}"
        return (
            f"One person {self.kind} {where}, and the figures of the two years reveal about this person: {disclosed}."
        )


def moves(names: Sequence[str], previous: Mapping[Hashable, Key], current: Mapping[Hashable, Key]) -> Moves:
    """Who moved between two years, from the records of each: for every person, one category for each dimension.

    >>> moved = moves(["grade"], {"a": ("G1",), "b": ("G2",)}, {"b": ("G3",), "c": ("G1",)})
    >>> [(row.before, row.after) for row in moved.rows]
    [(('G1',), None), (('G2',), ('G3',)), (None, ('G1',))]
    """
    everyone = dict.fromkeys((*previous, *current))
    pairs = [(previous.get(person), current.get(person)) for person in everyone]
    return Moves(tuple(names), tuple(Move(before, after) for before, after in pairs if before != after))
