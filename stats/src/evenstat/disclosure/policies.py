"""Named rules for what is too small or too telling to publish, and against whom it is kept, as data."""

from dataclasses import dataclass, field
from enum import StrEnum

from evenstat._checks import whole_number
from evenstat.errors import UnknownPolicy


class Attacker(StrEnum):
    """What a reader knows beside what is published. Each knows all that the one before knows."""

    A = "A"
    B = "B"
    C = "C"

    @property
    def knows(self) -> str:
        return _KNOWS[self]


_KNOWS = {
    Attacker.A: "counts are not negative",
    Attacker.B: "and a hidden count is at least 1, because zeros are shown",
    Attacker.C: "and, being alone in some hidden counts, that those are 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """What holds for every hidden count beside that no reader works it out exactly.

    `not_below`: no reader can prove that an unsafe count is below this. `reach`: the largest value that a reader must
    allow for an unsafe count is at least this much above the true one. 0 asks for neither.
    """

    not_below: int = 0
    reach: int = 0

    def rise(self, count: int) -> int:
        """How far above its true count an unsafe cell must seem possible."""
        return max(self.not_below - count, self.reach, 0)


class Method(StrEnum):
    """How a table is made safe."""

    HIDE = "hide"
    ROUND = "round"  # every count to a multiple of the base, each on its own
    ROUND_TO_ADD_UP = "round_to_add_up"  # controlled rounding: the rounded counts add up
    ROUND_SMALL = "round_small"  # small inner counts to 0 or the base; the rest is added up from them
    CELL_KEY = "cell_key"  # every count moved by what the keys of its people say


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """A sum is unsafe where its `largest` contributors make up more than `percent` of it: the (n, k) rule."""

    largest: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may not be shown, how it is kept back, and from whom.

    Counts from `hide_from` to `hide_to` are unsafe, and so is whatever would give them away. `hide_from` is 0 where
    zeros are unsafe too. `group_disclosure`: where everybody in a group is in one category, that row is unsafe.
    `dominance` and `p_percent` are for sums of amounts. `contributors` is the least number of people behind an average,
    median or gap, `percent_base` behind a percentage. `base` is what counts are rounded to.
    """

    id: str
    name: str
    description: str
    source: str = ""
    method: Method = Method.HIDE
    hide_from: int = 1
    hide_to: int = 0
    base: int = 1
    group_disclosure: bool = False
    dominance: Dominance | None = None
    p_percent: float = 0.0
    contributors: int = 0
    percent_base: float = 0.0
    withstands: Attacker = Attacker.C
    guarantee: Guarantee = field(default_factory=Guarantee)

    def __post_init__(self) -> None:
        whole_number(self.hide_to, f"hide_to of policy {self.id!r}", least=0)
        if self.hide_from not in (0, 1):  # what makes hiding safe assumes that no shown count is below a hidden one
            raise UnknownPolicy(
                f"Policy {self.id!r} hides from {self.hide_from}: set hide_from to 1, or to 0 to hide zeros too."
            )
        if self.method is not Method.HIDE and self.base < 2:
            raise UnknownPolicy(f"Policy {self.id!r} rounds to {self.base}: give a base of 2 or more.")
        if self.method is Method.HIDE and self.hide_to < self.hide_from:
            raise UnknownPolicy(f"Policy {self.id!r} hides nothing: set hide_to to {self.hide_from} or more.")

    @property
    def zeros_shown(self) -> bool:
        return self.hide_from > 0 and not self.group_disclosure

    def covers(self, count: int) -> bool:
        """Is this count too small to publish?"""
        return self.hide_from <= count <= self.hide_to


POLICIES: tuple[Policy, ...] = (
    Policy(
        id="council_lt10",
        name="Counts below 10 hidden",
        description="Counts of 1 to 9 are hidden, people with no answer included. A true zero is shown.",
        source="common practice of councils",
        hide_to=9,
        contributors=10,
        percent_base=10,
    ),
    Policy(
        id="council_lt5",
        name="Counts below 5 hidden",
        description="Counts of 1 to 4 are hidden, people with no answer included. A true zero is shown.",
        source="common practice of councils",
        hide_to=4,
        contributors=5,
        percent_base=5,
    ),
)


def policy(policy_id: str) -> Policy:
    """The policy of that id."""
    for candidate in POLICIES:
        if candidate.id == policy_id:
            return candidate
    known = ", ".join(candidate.id for candidate in POLICIES)
    raise UnknownPolicy(f"There is no policy {policy_id!r}: use one of {known}.")
