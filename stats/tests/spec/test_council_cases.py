"""Suppression in real council workforce tables. Source of the counts: Calderdale Council's published figures."""

import pytest

from evenstat.disclosure import policy
from evenstat.disclosure.single_tables import Cell, CountTable, TableLoss, audit, loss, protect
from evenstat.estimates import CONFIDENTIAL

ETHNICITY_2026 = (
    {"white": 2369, "mixed": 66, "asian": 245, "black": 57, "other": 8},
    {"prefer_not_to_say": 29, "not_known": 5},
)
RELIGION_2022 = (
    {
        "no_religion": 796,
        "christian": 924,
        "buddhist": 11,
        "hindu": 9,
        "jewish": 0,
        "muslim": 144,
        "sikh": 7,
        "other": 193,
    },
    {"prefer_not_to_say": 114, "not_known": 428, "not_shown_at_source": 1},
)
ORIENTATION_2021 = (
    {"straight": 1974, "gay_lesbian": 59, "bisexual": 28, "other": 0},
    {"prefer_not_to_say": 140, "not_known": 490, "not_shown_at_source": 3},
)
UNKNOWN = ("prefer_not_to_say", "not_known", "not_shown_at_source")

# counts, policy, rows suppressed, people suppressed, reason
CASES = [
    (
        ETHNICITY_2026,
        "council_lt10",
        ("black", "other", *UNKNOWN[:2]),
        99,
        "8 and 5, each with one secondary suppression",
    ),
    (ETHNICITY_2026, "council_lt5", (), 0, "no count from 1 to 4"),
    (
        RELIGION_2022,
        "council_lt10",
        ("hindu", "sikh", *UNKNOWN),
        559,
        "9 with 7; the 1 needs two secondary suppressions",
    ),
    (RELIGION_2022, "council_lt5", UNKNOWN, 543, "the person in a row of 1 must not be able to work out the other row"),
    (ORIENTATION_2021, "council_lt10", UNKNOWN[::2], 143, "3 with the smallest other row"),
    (ORIENTATION_2021, "council_lt5", UNKNOWN[::2], 143, "the same"),
]


def count_table(counts):
    answered, not_known = counts
    return CountTable(
        "case",
        tuple(Cell(code, n) for code, n in answered.items()),
        tuple(Cell(code, n) for code, n in not_known.items()),
    )


@pytest.mark.parametrize(("counts", "policy_id", "suppressed", "people", "reason"), CASES)
def test_suppressed_rows(counts, policy_id, suppressed, people, reason):
    table = count_table(counts)
    published = protect(table, policy(policy_id))
    assert published.suppressed_codes == suppressed, reason
    assert published.base == table.answered_total
    assert loss(table, published) == TableLoss(len(suppressed), people)
    assert audit(published, policy(policy_id)).passed


def test_a_small_number_of_not_known_suppresses_the_base():
    """5 did not answer: publishing the base would disclose the 5, so the base is suppressed too."""
    published = protect(count_table(({"female": 1890, "male": 884}, {"not_known": 5})), policy("council_lt10"))
    assert (published.base, published.not_known_total, published.total) == (CONFIDENTIAL, CONFIDENTIAL, 2779)
    assert published.suppressed_codes == ("female", "male", "not_known")


def test_one_not_known_among_many_answers():
    """The 377 is suppressed too, and the smallest answer, so that neither subtotal can be worked out."""
    counts = (
        {"white": 1850, "asian": 1781, "mixed": 249, "other": 11},
        {"not_known": 377, "not_shown_at_source": 1},
    )
    published = protect(count_table(counts), policy("council_lt10"))
    assert published.suppressed_codes == ("other", "not_known", "not_shown_at_source")
    assert published.base == CONFIDENTIAL
