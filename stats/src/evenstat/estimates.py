"""The values that measures return: an estimate with its interval, a suppressed figure, a finding."""

from dataclasses import dataclass
from enum import StrEnum

from evenstat.errors import InvalidEstimate


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval.

    `level` is the confidence level (usually 0.95), `method` names the method of calculation, and `n`
    is the number of people in the base.
    """

    value: float
    low: float
    high: float
    level: float
    method: str
    n: int

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:  # also refuses NaN
            raise InvalidEstimate(
                f"An estimate of {self.value} is outside its interval, {self.low} to {self.high}."
                " Check the order of the arguments: value, low, high."
            )


class Shorthand(StrEnum):
    """Why a figure is not shown: the shorthand of the Government Statistical Service."""

    CONFIDENTIAL = "c"
    NOT_AVAILABLE = "x"
    NOT_APPLICABLE = "z"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A figure that is not shown, with the reason. Its text is the shorthand used in tables: `[c]`."""

    reason: Shorthand

    def __str__(self) -> str:
        return f"[{self.reason.value}]"


CONFIDENTIAL = Suppressed(Shorthand.CONFIDENTIAL)
LOW = Suppressed(Shorthand.LOW)


class Finding(StrEnum):
    """The result of a comparison. There is no "no disparity": only an absence of evidence can be reported."""

    DISPARITY = "disparity"
    WATCH = "watch"
    NO_EVIDENCE = "no_evidence"
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"
    NOT_COLLECTED = "not_collected"


class Direction(StrEnum):
    """Whether the figure is below, above or equal to the benchmark."""

    BELOW = "below"
    ABOVE = "above"
    LEVEL = "level"
