"""Whether a workforce and its benchmark may be compared, in words for residents."""

from dataclasses import dataclass
from enum import StrEnum

from evenstat.standards import Standard

YEARS_APART = 3  # beyond this a benchmark is old enough for the page to say so

_BECAUSE_OF_AGE = {
    "age": "The residents counted include retired people, who are not in a workforce.",
    "disability": (
        "Disability rises with age, and the residents counted include retired people, who are not in a workforce."
    ),
}
_BECAUSE_OF_AGE_OTHERWISE = (
    "This depends on age, and the residents counted include retired people, who are not in a workforce."
)


@dataclass(frozen=True, slots=True)
class Basis:
    """What one side of a comparison counts.

    `age_to` None means no upper limit. `categories` is the edition of the categories, as in
    `Standard.edition`. `non_response` says what was done with people who did not answer.
    `sex_basis` is on what basis sex was recorded; empty means that the source does not say.
    """

    population: str
    age_from: int | None
    age_to: int | None
    year: int
    non_response: str
    categories: str
    sex_basis: str = ""


class Answer(StrEnum):
    """May the two be compared?"""

    COMPARABLE = "comparable"
    WITH_CAUTION = "with_caution"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Comparability:
    """The answer, with its reasons as sentences; none when comparable."""

    answer: Answer
    reasons: tuple[str, ...]


def comparability(standard: Standard, workforce: Basis, benchmark: Basis, *, declared: str = "") -> Comparability:
    """Whether two figures may stand beside each other; the answer is a word with its reasons.

    Population: the workforce on one side, the benchmark population on the other, each as its Basis says.

    Method: any reason against makes the answer "not comparable" and only such reasons are given: a
        declared one; a standard that depends on age beside a benchmark with no upper age, unless the
        benchmark counts employees too; differing editions of the categories. Otherwise any of these
        makes it "with caution": sex on a basis not stated, or on two bases; years more than 3 apart;
        non-response treated in two ways. Otherwise the answer is "comparable".

    Args:
        standard: the categories in use.
        workforce, benchmark: what each side counts.
        declared: a reason against that someone who knows the source has given, as a sentence.

    Returns:
        A Comparability: the answer and its reasons, sentences that residents can read.

    Raises:
        nothing: what is unknown leads to caution and never to a refusal.

    Limits: it knows only what the two Basis values say. An upper age above the age of retirement, places
        of work that differ from places of living, and the wording of questions are not judged here:
        declare them. There is no standard for gender identity: its Census 2021 estimates are no longer
        accredited official statistics, so no index is made from them.

    Source: Equality Act 2010, sections 4 to 12 (the characteristics); Census 2021 in England and Wales,
        https://www.ons.gov.uk/census

    >>> from evenstat.standards import standard
    >>> staff = Basis("employees", 16, None, 2026, "left out of the base", "2021")
    >>> residents = Basis("residents", 16, None, 2021, "imputed by the Census", "2021")
    >>> print(*comparability(standard("disability"), staff, residents).reasons)
    Disability rises with age, and the residents counted include retired people, who are not in a workforce.
    """
    against = _against(standard, workforce, benchmark, declared)
    if against:
        return Comparability(Answer.NOT_COMPARABLE, against)
    cautions = _cautions(standard, workforce, benchmark)
    return Comparability(Answer.WITH_CAUTION if cautions else Answer.COMPARABLE, cautions)


def _against(standard: Standard, workforce: Basis, benchmark: Basis, declared: str) -> tuple[str, ...]:
    reasons = [declared.strip()] if declared.strip() else []
    counts_employees = "employee" in benchmark.population.casefold()
    if standard.depends_on_age and benchmark.age_to is None and not counts_employees:
        reasons.append(_BECAUSE_OF_AGE.get(standard.id, _BECAUSE_OF_AGE_OTHERWISE))
    if workforce.categories != benchmark.categories:
        reasons.append("The two sides sort people into different groups, which can't be matched.")
    return tuple(reasons)


def _cautions(standard: Standard, workforce: Basis, benchmark: Basis) -> tuple[str, ...]:
    reasons = []
    if standard.id == "sex" and not workforce.sex_basis:
        reasons.append("This is sex as recorded; the source does not say on which basis.")
    elif standard.id == "sex" and workforce.sex_basis != benchmark.sex_basis:
        reasons.append(
            f"Sex is recorded on different bases: {workforce.sex_basis} for the workforce,"
            f" {benchmark.sex_basis or 'not stated'} for the benchmark."
        )
    if abs(workforce.year - benchmark.year) > YEARS_APART:
        reasons.append(
            f"The staff figures are of {workforce.year} and the residents' of {benchmark.year};"
            " the population may have changed since."
        )
    if workforce.non_response != benchmark.non_response:
        reasons.append(
            "People who did not answer are treated differently on the two sides:"
            f" {workforce.non_response} for staff, {benchmark.non_response} for residents."
        )
    return tuple(reasons)
