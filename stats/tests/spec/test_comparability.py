"""When a workforce may stand beside a benchmark: one row changed at a time."""

from dataclasses import replace

import pytest

from evenstat.measures import Answer, Basis, comparability
from evenstat.standards import STANDARDS, standard

STAFF = Basis("employees", 16, None, 2023, "left out of the base", "2021", "legal sex")
RESIDENTS = Basis("residents", 16, None, 2021, "left out of the base", "2021", "legal sex")
YES, CAUTION, NO = Answer.COMPARABLE, Answer.WITH_CAUTION, Answer.NOT_COMPARABLE

# standard, change to staff, change to residents, declared, answer, a word of each reason
TABLE = [
    ("religion", {}, {}, "", YES, ()),
    ("religion", {}, {}, "Other means another thing here.", NO, ("Other means",)),
    ("age", {}, {}, "", NO, ("retired people",)),
    ("disability", {}, {}, "", NO, ("Disability rises with age",)),
    ("disability", {}, {"age_to": 64}, "", YES, ()),
    ("disability", {}, {"population": "Employees in England"}, "", YES, ()),
    ("religion", {}, {"categories": "2011"}, "", NO, ("different groups",)),
    ("sex", {}, {}, "", YES, ()),
    ("sex", {"sex_basis": ""}, {}, "", CAUTION, ("the source does not say on which basis",)),
    ("sex", {}, {"sex_basis": ""}, "", CAUTION, ("legal sex for the workforce, not stated",)),
    ("religion", {"sex_basis": ""}, {}, "", YES, ()),
    ("religion", {"year": 2024}, {}, "", YES, ()),
    ("religion", {"year": 2025}, {}, "", CAUTION, ("of 2025 and the residents' of 2021",)),
    ("religion", {"year": 2017}, {}, "", CAUTION, ("of 2017 and the residents' of 2021",)),
    ("religion", {}, {"non_response": "imputed by the Census"}, "", CAUTION, ("imputed by the Census",)),
    ("sex", {"year": 2026, "sex_basis": ""}, {}, "", CAUTION, ("which basis", "2026")),
    ("age", {"year": 2026}, {"categories": "2011"}, "Declared.", NO, ("Declared.", "retired", "different groups")),
]


@pytest.mark.parametrize(("standard_id", "staff", "residents", "declared", "answer", "words"), TABLE)
def test_answer(standard_id, staff, residents, declared, answer, words):
    result = comparability(
        standard(standard_id), replace(STAFF, **staff), replace(RESIDENTS, **residents), declared=declared
    )
    assert result.answer is answer
    assert len(result.reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, result.reasons, strict=True))


def test_reasons_are_sentences_for_residents():
    for item in STANDARDS:
        for reason in comparability(item, replace(STAFF, year=2030, sex_basis=""), RESIDENTS).reasons:
            assert reason[0].isupper()
            assert reason.endswith(".")


def test_a_new_standard_that_depends_on_age_is_refused_too():
    caring = replace(standard("disability"), id="caring")
    assert comparability(caring, STAFF, RESIDENTS).reasons[0].startswith("This depends on age")


def test_there_is_no_gender_identity_standard():
    assert not [item for item in STANDARDS if "gender" in item.id]
