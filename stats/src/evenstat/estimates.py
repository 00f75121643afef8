"""The values that measures answer with: an estimate with its range, a hidden figure, a finding."""

from dataclasses import dataclass
from enum import StrEnum

from evenstat.errors import InvalidEstimate


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with the range that goes with it.

    `level` is the confidence level of the range (0.95 is usual), `method` names how the range was
    worked out, and `n` is the number of people that it rests on.
    """

    value: float
    low: float
    high: float
    level: float
    method: str
    n: int

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:  # also refuses NaN, which is never a figure here
            raise InvalidEstimate(
                f"An estimate of {self.value} does not lie in its range, {self.low} to {self.high}."
                " Check the order of the arguments: value, low, high."
            )


class Shorthand(StrEnum):
    """Why a figure is not shown, in the shorthand of the UK statistical service."""

    CONFIDENTIAL = "c"
    NOT_AVAILABLE = "x"
    NOT_APPLICABLE = "z"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A figure that is not shown, and why. Printed as in a table: `[c]`."""

    reason: Shorthand

    def __str__(self) -> str:
        return f"[{self.reason.value}]"


CONFIDENTIAL = Hidden(Shorthand.CONFIDENTIAL)
LOW = Hidden(Shorthand.LOW)


class Finding(StrEnum):
    """What a comparison says. There is no "no disparity": absence of evidence is all that is claimed."""

    DISPARITY = "disparity"
    WATCH = "watch"
    NO_EVIDENCE = "no_evidence"
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"
    NOT_COLLECTED = "not_collected"


class Direction(StrEnum):
    """On which side of the benchmark the figure lies."""

    BELOW = "below"
    ABOVE = "above"
    LEVEL = "level"
