"""The page on what councils disclose agrees with the figures, which were also counted by hand."""

import pytest
from analyses import what_councils_disclose


@pytest.mark.long  # it audits every table
def test_the_page_is_up_to_date():
    assert what_councils_disclose.PAGE.read_text(encoding="utf-8") == what_councils_disclose.page()


def test_shortfalls_and_disclosed_counts_by_hand():
    incomplete = {
        (table.council, table.year, table.characteristic): table
        for table in what_councils_disclose.published_tables()
        if table.shortfall
    }
    calderdale = {(year, characteristic): table.shortfall for (_, year, characteristic), table in incomplete.items()}
    assert calderdale == {
        ("2022", "religion"): 1,
        ("2021", "religion"): 5,
        ("2020", "religion"): 5,
        ("2021", "sexuality"): 3,
        ("2020", "sexuality"): 3,
        ("2019", "sexuality"): 1,
    }
    disclosed = {key[1:]: what_councils_disclose.disclosed_counts(table) for key, table in incomplete.items()}
    assert disclosed == {
        ("2022", "religion"): {"jewish": 1},
        ("2021", "religion"): {},
        ("2020", "religion"): {},
        ("2021", "sexuality"): {"usedifferentterm": 3},
        ("2020", "sexuality"): {"usedifferentterm": 3},
        ("2019", "sexuality"): {"usedifferentterm": 1},
    }
