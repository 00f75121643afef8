"""When a workforce can be compared with a benchmark, changing one property at a time."""

from dataclasses import replace

import pytest

from evenstat.measures import (
    ComparabilityAnswer,
    ComparabilityReason,
    ComparisonBasis,
    NonResponse,
    ReasonCode,
    comparability,
)
from evenstat.standards import STANDARDS, standard

STAFF = ComparisonBasis("employees", 16, None, 2023, NonResponse.LEFT_OUT, "2021", "legal sex")
RESIDENTS = ComparisonBasis("residents", 16, None, 2021, NonResponse.LEFT_OUT, "2021", "legal sex")
YES, CAUTION, NO = ComparabilityAnswer.COMPARABLE, ComparabilityAnswer.WITH_CAUTION, ComparabilityAnswer.NOT_COMPARABLE

# standard, change to staff, change to residents, declared reason, answer, text in each reason
TABLE = [
    ("religion", {}, {}, "", YES, ()),
    ("religion", {}, {}, "Other has a different meaning.", NO, ("Other has a different meaning",)),
    ("age", {}, {}, "", NO, ("retired people",)),
    ("disability", {}, {}, "", NO, ("Disability rises with age",)),
    ("disability", {}, {"age_to": 64}, "", YES, ()),
    ("disability", {}, {"population": "Employees in England"}, "", YES, ()),
    ("religion", {}, {"categories": "2011"}, "", NO, ("different categories",)),
    ("sex", {}, {}, "", YES, ()),
    ("sex", {"sex_basis": ""}, {}, "", CAUTION, ("source does not state on which basis",)),
    ("sex", {}, {"sex_basis": ""}, "", CAUTION, ("legal sex for the workforce, not stated",)),
    ("religion", {"sex_basis": ""}, {}, "", YES, ()),
    ("religion", {"year": 2024}, {}, "", YES, ()),
    ("religion", {"year": 2025}, {}, "", CAUTION, ("for 2025 and the residents' figures are for 2021",)),
    ("religion", {"year": 2017}, {}, "", CAUTION, ("for 2017 and the residents' figures are for 2021",)),
    (
        "religion",
        {},
        {"non_response": NonResponse.ESTIMATED},
        "",
        CAUTION,
        ("base for staff, estimated by the Census for",),
    ),
    ("sex", {"year": 2026, "sex_basis": ""}, {}, "", CAUTION, ("which basis", "2026")),
    ("age", {"year": 2026}, {"categories": "2011"}, "Declared.", NO, ("Declared.", "retired", "different categories")),
]


@pytest.mark.parametrize(("standard_id", "staff", "residents", "declared", "answer", "reasons"), TABLE)
def test_answer_and_reasons(standard_id, staff, residents, declared, answer, reasons):
    result = comparability(
        standard(standard_id), replace(STAFF, **staff), replace(RESIDENTS, **residents), declared=declared
    )
    assert result.answer is answer
    assert len(result.reasons) == len(reasons)
    assert all(text in str(reason) for text, reason in zip(reasons, result.reasons, strict=True))


def test_reasons_are_full_sentences():
    for item in STANDARDS:
        for reason in comparability(item, replace(STAFF, year=2030, sex_basis=""), RESIDENTS).reasons:
            assert str(reason)[0].isupper()
            assert str(reason).endswith(".")


def test_a_reason_is_a_code_with_the_values_of_the_two_sources():
    (reason,) = comparability(standard("religion"), replace(STAFF, year=2026), RESIDENTS).reasons
    assert reason == ComparabilityReason(ReasonCode.YEARS_APART, (("workforce", 2026), ("benchmark", 2021)))
    sentence = "The staff figures are for 2026 and the residents' figures are for 2021."
    assert str(reason) == f"{sentence} The population may have changed since then."
    assert reason.sentence(lambda text: text.replace("staff", "STAFF")).startswith("The STAFF figures are for 2026")


def test_every_code_has_a_sentence():
    both = (("workforce", NonResponse.LEFT_OUT.value), ("benchmark", NonResponse.ESTIMATED.value))
    values = {ReasonCode.DECLARED: (("text", "Declared."),)}
    sentences = {ComparabilityReason(code, values.get(code, both)).sentence() for code in ReasonCode}
    assert len(sentences) == len(ReasonCode)


def test_any_standard_that_depends_on_age_is_not_comparable():
    caring = replace(standard("disability"), id="caring")
    assert str(comparability(caring, STAFF, RESIDENTS).reasons[0]).startswith("This depends on age")


def test_there_is_no_gender_identity_standard():
    assert not [item for item in STANDARDS if "gender" in item.id]
