"""Whether a workforce and its benchmark can be compared, with reasons as codes and as sentences for residents."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from evenstat.standards import Standard

MAX_YEARS_APART = 3  # a larger difference is reported as a reason for caution


class NonResponse(StrEnum):
    """How a source treats people who did not answer. The values are stored, so they must not change."""

    LEFT_OUT = "left_out"
    ESTIMATED = "estimated"


class ReasonCode(StrEnum):
    """Why two sources can't be compared, or only with caution. The values are stored, so they must not change."""

    DECLARED = "declared"
    RETIRED_COUNTED = "retired_counted"
    DISABILITY_RISES_WITH_AGE = "disability_rises_with_age"
    DEPENDS_ON_AGE = "depends_on_age"
    CATEGORIES_DIFFER = "categories_differ"
    SEX_BASIS_NOT_STATED = "sex_basis_not_stated"
    SEX_BASES_DIFFER = "sex_bases_differ"
    YEARS_APART = "years_apart"
    NON_RESPONSE_DIFFERS = "non_response_differs"


_SENTENCES = {
    ReasonCode.DECLARED: "%(text)s",
    ReasonCode.RETIRED_COUNTED: "The residents counted include retired people, who are not in a workforce.",
    ReasonCode.DISABILITY_RISES_WITH_AGE: (
        "Disability rises with age, and the residents counted include retired people, who are not in a workforce."
    ),
    ReasonCode.DEPENDS_ON_AGE: (
        "This depends on age, and the residents counted include retired people, who are not in a workforce."
    ),
    ReasonCode.CATEGORIES_DIFFER: "The two sources use different categories, which cannot be matched.",
    ReasonCode.SEX_BASIS_NOT_STATED: "This is sex as recorded. The source does not state on which basis.",
    ReasonCode.SEX_BASES_DIFFER: (
        "Sex is recorded on different bases: %(workforce)s for the workforce, %(benchmark)s for the benchmark."
    ),
    ReasonCode.YEARS_APART: (
        "The staff figures are for %(workforce)s and the residents' figures are for %(benchmark)s."
        " The population may have changed since then."
    ),
    ReasonCode.NON_RESPONSE_DIFFERS: (
        "People who did not answer are treated differently in the two sources:"
        " %(workforce)s for staff, %(benchmark)s for residents."
    ),
}
_NON_RESPONSE_PHRASES = {
    NonResponse.LEFT_OUT: "left out of the base",
    NonResponse.ESTIMATED: "estimated by the Census",
}
_NOT_STATED = "not stated"
_AGE_REASONS = {"age": ReasonCode.RETIRED_COUNTED, "disability": ReasonCode.DISABILITY_RISES_WITH_AGE}

Value = str | int


@dataclass(frozen=True, slots=True)
class ComparabilityReason:
    """A reason as a code and the values in its sentence. `str()` gives the sentence in English.

    The values are those of the sources: years, members of NonResponse, or text that somebody wrote.
    """

    code: ReasonCode
    values: tuple[tuple[str, Value], ...] = ()

    def __str__(self) -> str:
        return self.sentence()

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The reason as a sentence that residents can read. `translate` is called with each English text."""
        values = dict(self.values)
        if self.code is ReasonCode.NON_RESPONSE_DIFFERS:
            values = {name: translate(_NON_RESPONSE_PHRASES[NonResponse(str(value))]) for name, value in self.values}
        elif self.code is ReasonCode.SEX_BASES_DIFFER:
            values = {name: value or translate(_NOT_STATED) for name, value in self.values}
        return translate(_SENTENCES[self.code]) % values


@dataclass(frozen=True, slots=True)
class ComparisonBasis:
    """The population and definitions of a workforce or of a benchmark.

    `age_to` is None where there is no upper age limit. `categories` is the edition of the categories,
    as in `Standard.edition`. `non_response` is how people who did not answer were treated.
    `sex_basis` is the basis on which sex was recorded; empty if the source does not state it.
    """

    population: str
    age_from: int | None
    age_to: int | None
    year: int
    non_response: NonResponse
    categories: str
    sex_basis: str = ""


class ComparabilityAnswer(StrEnum):
    """Whether a workforce and a benchmark can be compared."""

    COMPARABLE = "comparable"
    WITH_CAUTION = "with_caution"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Comparability:
    """The answer, with its reasons. There are no reasons if the two are comparable."""

    answer: ComparabilityAnswer
    reasons: tuple[ComparabilityReason, ...]


def comparability(
    standard: Standard, workforce: ComparisonBasis, benchmark: ComparisonBasis, *, declared: str = ""
) -> Comparability:
    """Whether a workforce can be compared with a benchmark: comparable, with caution or not comparable.

    Population: the workforce and the benchmark population, each as described by its ComparisonBasis.

    Method: the answer is "not comparable" if a reason was declared, if the standard depends on age and
        the benchmark has no upper age limit (unless it also counts employees), or if the editions of the
        categories differ. Only these reasons are then given. Otherwise the answer is "with caution" if
        the basis on which sex was recorded is not stated or differs, if the years are more than 3 apart,
        or if non-response is treated differently. Otherwise the answer is "comparable".

    Args:
        standard: the categories in use.
        workforce, benchmark: the population and definitions of each.
        declared: a reason not to compare the two, given as a sentence by someone who knows the sources.

    Returns:
        A Comparability: the answer and its reasons, each a code that can be written as a sentence.

    Raises:
        Nothing: missing information leads to the answer "with caution".

    Limits: only the two ComparisonBasis values are considered. An upper age limit above retirement age,
        people who work in one area and live in another, and differences in question wording are not
        assessed: declare them. There is no standard for gender identity, because its Census 2021
        estimates are no longer accredited official statistics.

    Source: Equality Act 2010, sections 4 to 12 (the characteristics); Census 2021 in England and Wales,
        https://www.ons.gov.uk/census

    >>> from evenstat.standards import standard
    >>> staff = ComparisonBasis("employees", 16, None, 2026, NonResponse.LEFT_OUT, "2021")
    >>> residents = ComparisonBasis("residents", 16, None, 2021, NonResponse.ESTIMATED, "2021")
    >>> print(*comparability(standard("disability"), staff, residents).reasons)
    Disability rises with age, and the residents counted include retired people, who are not in a workforce.
    """
    objections = _objections(standard, workforce, benchmark, declared)
    if objections:
        return Comparability(ComparabilityAnswer.NOT_COMPARABLE, objections)
    cautions = _cautions(standard, workforce, benchmark)
    return Comparability(ComparabilityAnswer.WITH_CAUTION if cautions else ComparabilityAnswer.COMPARABLE, cautions)


def _objections(
    standard: Standard, workforce: ComparisonBasis, benchmark: ComparisonBasis, declared: str
) -> tuple[ComparabilityReason, ...]:
    reasons = [ComparabilityReason(ReasonCode.DECLARED, (("text", declared.strip()),))] if declared.strip() else []
    counts_employees = "employee" in benchmark.population.casefold()
    if standard.depends_on_age and benchmark.age_to is None and not counts_employees:
        reasons.append(ComparabilityReason(_AGE_REASONS.get(standard.id, ReasonCode.DEPENDS_ON_AGE)))
    if workforce.categories != benchmark.categories:
        reasons.append(ComparabilityReason(ReasonCode.CATEGORIES_DIFFER))
    return tuple(reasons)


def _cautions(
    standard: Standard, workforce: ComparisonBasis, benchmark: ComparisonBasis
) -> tuple[ComparabilityReason, ...]:
    reasons = []
    if standard.id == "sex" and not workforce.sex_basis:
        reasons.append(ComparabilityReason(ReasonCode.SEX_BASIS_NOT_STATED))
    elif standard.id == "sex" and workforce.sex_basis != benchmark.sex_basis:
        reasons.append(_difference(ReasonCode.SEX_BASES_DIFFER, workforce.sex_basis, benchmark.sex_basis))
    if abs(workforce.year - benchmark.year) > MAX_YEARS_APART:
        reasons.append(_difference(ReasonCode.YEARS_APART, workforce.year, benchmark.year))
    if workforce.non_response != benchmark.non_response:
        reasons.append(
            _difference(ReasonCode.NON_RESPONSE_DIFFERS, workforce.non_response.value, benchmark.non_response.value)
        )
    return tuple(reasons)


def _difference(code: ReasonCode, workforce: Value, benchmark: Value) -> ComparabilityReason:
    return ComparabilityReason(code, (("workforce", workforce), ("benchmark", benchmark)))
