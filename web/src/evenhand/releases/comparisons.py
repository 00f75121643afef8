"""Why a row is compared with residents only with caution, or not at all, and who is counted on each side.

Both are stored as codes with values, and written as sentences only when they are shown. A published table can't be
rewritten, so a code keeps its meaning; its sentence may be worded better, or in another language.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.utils.translation import gettext as _

from evenstat.measures import ComparabilityReason, NonResponse, ReasonCode


class UnknownReason(ValueError):
    """The code of a reason is not one that this version knows: a later version stored it."""


class OwnReasonCode(StrEnum):
    """Reasons beside those of `evenstat.measures.ReasonCode`. The values are stored, so they must not change."""

    IN_WORDS = "in_words"  # the sentence of a table that was stored in English
    NO_RESIDENTS = "no_residents"
    NO_CENSUS = "no_census"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True)
class ComparisonReason:
    """A reason as a code and the values in its sentence. `str()` gives the sentence."""

    code: ReasonCode | OwnReasonCode
    values: tuple[tuple[str, str | int], ...] = ()

    @property
    def text(self) -> str:
        """The words of a reason that is stored in words."""
        return str(dict(self.values)["text"])

    def __str__(self) -> str:
        if isinstance(self.code, ReasonCode):
            return ComparabilityReason(self.code, self.values).sentence(_)
        if self.code is OwnReasonCode.IN_WORDS:
            return self.text
        sentences = {
            OwnReasonCode.NO_RESIDENTS: _("We do not hold a figure for residents in this group."),
            OwnReasonCode.NO_CENSUS: _("We do not hold any Census figures for this area."),
            OwnReasonCode.INCOMPLETE: _(
                "The source gives no figure for some groups; "
                "if any staff belong to them, the other shares are too high."
            ),
        }
        return sentences[self.code]

    @classmethod
    def of(cls, reason: ComparabilityReason) -> Self:
        return cls(reason.code, tuple(sorted(reason.values)))

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code.value, "values": dict(self.values)}

    @classmethod
    def from_json(cls, content: str | dict[str, Any]) -> Self:
        if isinstance(content, str):
            return cls(OwnReasonCode.IN_WORDS, (("text", content),))
        values = tuple(sorted(content["values"].items()))
        for codes in (ReasonCode, OwnReasonCode):
            if content["code"] in set(codes):
                return cls(codes(content["code"]), values)
        raise UnknownReason(f"This version does not know the reason “{content['code']}”. A later version stored it.")


class Population(StrEnum):
    STAFF = "staff"
    RESIDENTS = "residents"


@dataclass(frozen=True)
class SideInWords:
    """Which people one side of a comparison counts, in words."""

    who: str
    ages: str
    year: str
    non_response: str


@dataclass(frozen=True)
class ComparisonSide:
    """Which people one side of a comparison counts. `age_from` and `age_to` are None where there is no limit.

    `not_answered_share` is the share of people who did not answer, or None if the source does not give it.
    """

    population: Population
    area: str
    age_from: int | None
    age_to: int | None
    year: int
    non_response: NonResponse
    not_answered_share: float | None

    @property
    def in_words(self) -> SideInWords:
        return SideInWords(self._who(), self._ages(), str(self.year), self._non_response())

    @classmethod
    def from_json(cls, **content: Any) -> Self:
        population, non_response = Population(content["population"]), NonResponse(content["non_response"])
        return cls(**{**content, "population": population, "non_response": non_response})

    def _who(self) -> str:
        if self.population is Population.STAFF:
            return _("Staff")
        return _("Residents of %(area)s") % {"area": self.area}

    def _ages(self) -> str:
        if self.age_from is None:
            return _("employees of any age")
        if self.age_to is None:
            return _("%(age)d and over") % {"age": self.age_from}
        return _("%(low)d to %(high)d") % {"low": self.age_from, "high": self.age_to}

    def _non_response(self) -> str:
        if self.not_answered_share:
            return _("left out of every share (%(share)s of residents)") % {"share": f"{self.not_answered_share:.1%}"}
        if self.non_response is NonResponse.ESTIMATED:
            return _("estimated by the Census")
        return _("left out of every share")
