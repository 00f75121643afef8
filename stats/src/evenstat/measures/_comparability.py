"""Whether a workforce and its benchmark can be compared, with reasons that residents can read."""

from dataclasses import dataclass
from enum import StrEnum

from evenstat.standards import Standard

MAX_YEARS_APART = 3  # a larger difference is reported as a reason for caution

_AGE_REASONS = {
    "age": "The residents counted include retired people, who are not in a workforce.",
    "disability": (
        "Disability rises with age, and the residents counted include retired people, who are not in a workforce."
    ),
}
_OTHER_AGE_REASON = "This depends on age, and the residents counted include retired people, who are not in a workforce."


@dataclass(frozen=True, slots=True)
class ComparisonBasis:
    """The population and definitions of a workforce or of a benchmark.

    `age_to` is None where there is no upper age limit. `categories` is the edition of the categories,
    as in `Standard.edition`. `non_response` describes how people who did not answer were treated.
    `sex_basis` is the basis on which sex was recorded; empty if the source does not state it.
    """

    population: str
    age_from: int | None
    age_to: int | None
    year: int
    non_response: str
    categories: str
    sex_basis: str = ""


class ComparabilityAnswer(StrEnum):
    """Whether a workforce and a benchmark can be compared."""

    COMPARABLE = "comparable"
    WITH_CAUTION = "with_caution"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Comparability:
    """The answer, with its reasons as sentences. There are no reasons if the two are comparable."""

    answer: ComparabilityAnswer
    reasons: tuple[str, ...]


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
        A Comparability: the answer and its reasons, as sentences that residents can read.

    Raises:
        Nothing: missing information leads to the answer "with caution".

    Limits: only the two ComparisonBasis values are considered. An upper age limit above retirement age,
        people who work in one area and live in another, and differences in question wording are not
        assessed: declare them. There is no standard for gender identity, because its Census 2021
        estimates are no longer accredited official statistics.

    Source: Equality Act 2010, sections 4 to 12 (the characteristics); Census 2021 in England and Wales,
        https://www.ons.gov.uk/census

    >>> from evenstat.standards import standard
    >>> staff = ComparisonBasis("employees", 16, None, 2026, "left out of the base", "2021")
    >>> residents = ComparisonBasis("residents", 16, None, 2021, "imputed by the Census", "2021")
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
) -> tuple[str, ...]:
    reasons = [declared.strip()] if declared.strip() else []
    counts_employees = "employee" in benchmark.population.casefold()
    if standard.depends_on_age and benchmark.age_to is None and not counts_employees:
        reasons.append(_AGE_REASONS.get(standard.id, _OTHER_AGE_REASON))
    if workforce.categories != benchmark.categories:
        reasons.append("The two sources use different categories, which cannot be matched.")
    return tuple(reasons)


def _cautions(standard: Standard, workforce: ComparisonBasis, benchmark: ComparisonBasis) -> tuple[str, ...]:
    reasons = []
    if standard.id == "sex" and not workforce.sex_basis:
        reasons.append("This is sex as recorded. The source does not state on which basis.")
    elif standard.id == "sex" and workforce.sex_basis != benchmark.sex_basis:
        reasons.append(
            f"Sex is recorded on different bases: {workforce.sex_basis} for the workforce,"
            f" {benchmark.sex_basis or 'not stated'} for the benchmark."
        )
    if abs(workforce.year - benchmark.year) > MAX_YEARS_APART:
        reasons.append(
            f"The staff figures are for {workforce.year} and the residents' figures are for {benchmark.year}."
            " The population may have changed since then."
        )
    if workforce.non_response != benchmark.non_response:
        reasons.append(
            "People who did not answer are treated differently in the two sources:"
            f" {workforce.non_response} for staff, {benchmark.non_response} for residents."
        )
    return tuple(reasons)
