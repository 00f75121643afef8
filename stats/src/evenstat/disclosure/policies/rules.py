"""The parts of a policy: attackers, guarantees and disclosure control methods."""

from dataclasses import dataclass, field
from enum import StrEnum

from evenstat._checks import whole_number
from evenstat.errors import UnknownPolicy


class Attacker(StrEnum):
    """What an attacker knows besides the publication. Each kind also knows everything that the one before knows."""

    NON_NEGATIVE = "A"
    ZEROS_SHOWN = "B"
    SINGLETON = "C"

    @property
    def knows(self) -> str:
        """What this kind of attacker knows and the one before does not."""
        return _KNOWS[self]


_KNOWS = {
    Attacker.NON_NEGATIVE: "that counts are not negative",
    Attacker.ZEROS_SHOWN: "that a suppressed count is at least 1 (because zeros are shown)",
    Attacker.SINGLETON: "that a suppressed count in which they are the only person is 1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """What holds for every primary cell besides protection from exact disclosure.

    `not_below`: attackers cannot prove that a primary count is below this. `reach`: the upper bound that attackers can
    prove for a primary count is at least this much above the true count. 0 requires neither. Both are guaranteed only
    against attackers who know no cell (NON_NEGATIVE and ZEROS_SHOWN): a singleton knows that their own count is 1.
    """

    not_below: int = 0
    reach: int = 0

    def upper_protection(self, count: int) -> int:
        """The upper protection level: how far above its true count a primary cell must seem possible."""
        return max(self.not_below - count, self.reach, 0)


class Method(StrEnum):
    """How a table is protected."""

    SUPPRESS = "hide"
    ROUND = "round"  # each count separately to a multiple of the base
    ROUND_TO_ADD_UP = "round_to_add_up"  # controlled rounding: the rounded counts add up
    ROUND_SMALL = "round_small"  # small inner counts to 0 or the base; other counts are their sums
    CELL_KEY = "cell_key"  # every count perturbed by noise drawn from its record keys


class Ties(StrEnum):
    """How a count half way between two multiples of the rounding base is rounded."""

    UP = "up"
    EVEN = "even"  # to a multiple of twice the base: 5 to 0 and 15 to 20


class Remedy(StrEnum):
    """What to do if rounded figures together disclose a count exactly."""

    WITHHOLD = "withhold"  # withhold as few figures as possible until nothing is disclosed
    REFUSE = "refuse"
    REPORT = "report"  # publish and report it


@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """The (n, k) rule: a sum is primary if its `largest` contributors make up more than `percent` of it."""

    largest: int
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may not be shown, how it is protected, and against which attacker.

    Counts from `suppress_from` to `threshold` are primary; if counts are rounded separately, these are published as a
    mark, such as "fewer than 5". `suppress_from` is 0 if zeros are primary too. `group_disclosure`: a row is primary if
    everybody in a group is in one category.

    `base` is the rounding base, `ties` the rule for ties, `distance` the largest difference between a published and a
    true count (0: as large as the method needs), `variance` that of the cell-key noise, and `if_exact` what to do if
    rounded figures together disclose a count exactly.

    `dominance` and `p_percent` are for sums of amounts. `contributors` is the minimum number of people for an average,
    median or gap, `percent_base` that for a percentage.
    """

    id: str
    name: str
    description: str
    source: str = ""
    method: Method = Method.SUPPRESS
    suppress_from: int = 1
    threshold: int = 0
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
    attacker: Attacker = Attacker.SINGLETON
    guarantee: Guarantee = field(default_factory=Guarantee)

    def __post_init__(self) -> None:
        whole_number(self.threshold, f"threshold of policy {self.id!r}", minimum=0)
        whole_number(self.distance, f"distance of policy {self.id!r}", minimum=0)
        for is_invalid, message in (*self._suppression_errors(), *self._rounding_errors(), *self._amount_errors()):
            if is_invalid:
                raise UnknownPolicy(f"Policy {self.id!r} {message}")

    @property
    def zeros_shown(self) -> bool:
        return self.suppress_from > 0 and not self.group_disclosure

    def covers(self, count: int) -> bool:
        """Whether this count is too small to publish."""
        return self.suppress_from <= count <= self.threshold

    def _suppression_errors(self) -> tuple[tuple[bool, str], ...]:
        suppresses = self.method is Method.SUPPRESS
        return (
            (  # the proofs assume that no shown count is below a primary one
                self.suppress_from not in (0, 1),
                f"suppresses from {self.suppress_from}: set suppress_from to 1, or to 0 to suppress zeros too.",
            ),
            (
                suppresses and self.threshold < self.suppress_from,
                f"suppresses nothing: set threshold to {self.suppress_from} or more.",
            ),
            (suppresses and self.base != 1, f"suppresses and has a base of {self.base}: leave the base out, or round."),
            (
                suppresses and (self.distance > 0 or self.variance > 0),
                "suppresses and does not change counts: leave distance and variance out.",
            ),
        )

    def _rounding_errors(self) -> tuple[tuple[bool, str], ...]:
        to_a_base = self.method in (Method.ROUND, Method.ROUND_TO_ADD_UP, Method.ROUND_SMALL)
        cell_keys, separate = self.method is Method.CELL_KEY, self.method is Method.ROUND
        other = not separate and self.method is not Method.SUPPRESS
        at_least = self.base // 2 if separate else self.base - 1
        return (
            (to_a_base and self.base < 2, f"rounds to {self.base}: give a base of 2 or more."),
            (
                to_a_base and 0 < self.distance < at_least,
                f"rounds to {self.base} within {self.distance}: allow a distance of {at_least} or more.",
            ),
            (separate and self.suppress_from == 0, "rounds and marks zeros: set suppress_from to 1."),
            (
                other and (self.threshold > 0 or self.suppress_from == 0),
                f"marks small counts, which {self.method} does not support: leave suppress_from and threshold out.",
            ),
            (
                other and self.group_disclosure,
                f"suppresses group disclosure, which {self.method} does not support: leave group_disclosure out.",
            ),
            (cell_keys and self.base != 1, f"uses cell keys and has a base of {self.base}: leave it out."),
            (cell_keys and self.distance < 1, "uses cell keys: give the distance, 1 or more."),
            (
                cell_keys and not 0 < self.variance < max(self.distance, 1),
                f"has a variance of {self.variance}: give one above 0 and below its distance, {self.distance}.",
            ),
            (not cell_keys and self.variance > 0, f"has a variance, which {self.method} does not use: leave it out."),
        )

    def _amount_errors(self) -> tuple[tuple[bool, str], ...]:
        rule = self.dominance
        return (
            (
                rule is not None and not (rule.largest >= 1 and 0 < rule.percent < 100),
                "has an invalid dominance rule: give 1 or more contributors and a percentage below 100.",
            ),
            (not 0 <= self.p_percent < 100, f"has p at {self.p_percent}%: give 0 (no such rule) to 100."),
            (
                self.contributors < 0 or self.percent_base < 0,
                "has a negative minimum number of people: give 0 or more.",
            ),
        )
