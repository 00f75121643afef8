"""What a policy can say: readers, guarantees, ways of making a table safe."""

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


class Ties(StrEnum):
    """Where a count goes that is half way between two multiples of the base."""

    UP = "up"
    EVEN = "even"  # to the multiple of twice the base: 5 to 0 and 15 to 20


class Remedy(StrEnum):
    """What is done where rounded figures, taken together, give a count away exactly."""

    WITHHOLD = "withhold"  # as few printed figures as are found, until none does
    REFUSE = "refuse"
    REPORT = "report"  # published as it is, and told


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """A sum is unsafe where its `largest` contributors make up more than `percent` of it: the (n, k) rule."""

    largest: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may not be shown, how it is kept back, and from whom.

    Counts from `hide_from` to `hide_to` are unsafe, and so is whatever would give them away; where counts are rounded
    each on its own, these are printed as one mark, such as "fewer than 5". `hide_from` is 0 where zeros are unsafe too.
    `group_disclosure`: where everybody in a group is in one category, that row is unsafe.

    `base` is what counts are rounded to, `ties` where half of it goes, `distance` the farthest that a printed count may
    be from the true one (0: as far as the method needs), `variance` that of the noise of cell keys, and `if_exact` what
    is done where rounded figures together give a count away.

    `dominance` and `p_percent` are for sums of amounts. `contributors` is the least number of people behind an average,
    median or gap, `percent_base` behind a percentage.
    """

    id: str
    name: str
    description: str
    source: str = ""
    method: Method = Method.HIDE
    hide_from: int = 1
    hide_to: int = 0
    base: int = 1
    ties: Ties = Ties.UP
    distance: int = 0
    variance: float = 0.0
    if_exact: Remedy = Remedy.WITHHOLD
    group_disclosure: bool = False
    dominance: Dominance | None = None
    p_percent: float = 0.0
    contributors: int = 0
    percent_base: float = 0.0
    withstands: Attacker = Attacker.C
    guarantee: Guarantee = field(default_factory=Guarantee)

    def __post_init__(self) -> None:
        whole_number(self.hide_to, f"hide_to of policy {self.id!r}", least=0)
        whole_number(self.distance, f"distance of policy {self.id!r}", least=0)
        for wrong, mend in (*self._odd_hiding(), *self._odd_rounding(), *self._odd_amounts()):
            if wrong:
                raise UnknownPolicy(f"Policy {self.id!r} {mend}")

    @property
    def zeros_shown(self) -> bool:
        return self.hide_from > 0 and not self.group_disclosure

    def covers(self, count: int) -> bool:
        """Is this count too small to publish?"""
        return self.hide_from <= count <= self.hide_to

    def _odd_hiding(self) -> tuple[tuple[bool, str], ...]:
        hides = self.method is Method.HIDE
        return (
            (  # what makes hiding safe assumes that no shown count is below a hidden one
                self.hide_from not in (0, 1),
                f"hides from {self.hide_from}: set hide_from to 1, or to 0 to hide zeros too.",
            ),
            (
                hides and self.hide_to < self.hide_from,
                f"hides nothing: set hide_to to {self.hide_from} or more.",
            ),
            (hides and self.base != 1, f"hides and has a base of {self.base}: leave the base out, or round."),
            (
                hides and (self.distance > 0 or self.variance > 0),
                "hides and moves no count: leave distance and variance out.",
            ),
        )

    def _odd_rounding(self) -> tuple[tuple[bool, str], ...]:
        to_a_base = self.method in (Method.ROUND, Method.ROUND_TO_ADD_UP, Method.ROUND_SMALL)
        keys, each = self.method is Method.CELL_KEY, self.method is Method.ROUND
        other = not each and self.method is not Method.HIDE
        at_least = self.base // 2 if each else self.base - 1
        return (
            (to_a_base and self.base < 2, f"rounds to {self.base}: give a base of 2 or more."),
            (
                to_a_base and 0 < self.distance < at_least,
                f"rounds to {self.base} within {self.distance}: allow a distance of {at_least} or more.",
            ),
            (each and self.hide_from == 0, "rounds and marks zeros: set hide_from to 1."),
            (
                other and (self.hide_to > 0 or self.hide_from == 0),
                f"marks small counts, and {self.method} can't: leave hide_from and hide_to out.",
            ),
            (other and self.group_disclosure, f"hides groups of one mind, and {self.method} hides nothing."),
            (keys and self.base != 1, f"moves counts by their keys and has a base of {self.base}: leave it out."),
            (keys and self.distance < 1, "moves counts by their keys: give the distance, 1 or more."),
            (
                keys and not 0 < self.variance < max(self.distance, 1),
                f"has a variance of {self.variance}: give one above 0 and below its distance, {self.distance}.",
            ),
            (not keys and self.variance > 0, f"has a variance, and {self.method} draws nothing: leave it out."),
        )

    def _odd_amounts(self) -> tuple[tuple[bool, str], ...]:
        rule = self.dominance
        return (
            (
                rule is not None and not (rule.largest >= 1 and 0 < rule.percent < 100),
                "has a rule of dominance without sense: count 1 or more contributors, and a percentage below 100.",
            ),
            (not 0 <= self.p_percent < 100, f"has p at {self.p_percent}%: give 0 (no such rule) to 100."),
            (self.contributors < 0 or self.percent_base < 0, "asks for fewer people than nobody: give 0 or more."),
        )
