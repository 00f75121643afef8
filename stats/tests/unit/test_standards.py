"""The categories of each standard: existing files rely on these codes."""

import pytest

from evenstat.errors import UnknownCategory, UnknownStandard
from evenstat.standards import STANDARDS, standard

CODES = {
    "sex": "female male other",
    "ethnicity": "white mixed asian black other",
    "religion": "no_religion christian buddhist hindu jewish muslim sikh other",
    "sexual_orientation": "straight gay_lesbian bisexual other",
    "age": "0-14 15-24 25-34 35-44 45-54 55-64 65-69 70+",
    "disability": "disabled not_disabled",
}


def test_category_codes():
    assert {item.id: " ".join(category.code for category in item.categories) for item in STANDARDS} == CODES
    for item in STANDARDS:
        codes = [category.code for category in item.not_known]
        assert codes == ["prefer_not_to_say", "not_known", "not_shown_at_source"]


def test_every_standard_is_fully_described():
    for item in STANDARDS:
        assert all([item.name, item.edition, item.protected_characteristic, item.note])
        assert "https://" in item.source
    assert standard("ethnicity").edition == "2021-5"
    assert {item.id for item in STANDARDS if item.depends_on_age} == {"age", "disability"}


def test_category_labels():
    assert standard("sex").label("other") == "Recorded in another way"
    assert standard("ethnicity").label("black") == "Black, Black British, Caribbean or African"
    assert standard("age").label("not_shown_at_source") == "Not shown in the source"


def test_an_unknown_name_is_refused_with_the_valid_names():
    with pytest.raises(UnknownCategory, match="use one of female, male, other, prefer"):
        standard("sex").label("femal")
    with pytest.raises(UnknownStandard, match="use one of sex, ethnicity"):
        standard("gender_identity")
