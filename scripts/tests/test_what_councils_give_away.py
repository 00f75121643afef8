"""The page on what councils give away says what the figures say, and these were counted by hand."""

from scripts import what_councils_give_away as page


def test_the_page_is_up_to_date():
    assert page.PAGE.read_text(encoding="utf-8") == page.page()


def test_what_falls_short_by_hand():
    short = {(each.council, each.year, each.characteristic): each for each in page.published_tables() if each.short}
    calderdale = {(year, kind): each.short for (_, year, kind), each in short.items()}
    assert calderdale == {
        ("2022", "religion"): 1,
        ("2021", "religion"): 5,
        ("2020", "religion"): 5,
        ("2021", "sexuality"): 3,
        ("2020", "sexuality"): 3,
        ("2019", "sexuality"): 1,
    }
    told = {key[1:]: page.given_away(each) for key, each in short.items()}
    assert told == {
        ("2022", "religion"): {"jewish": 1},
        ("2021", "religion"): {},
        ("2020", "religion"): {},
        ("2021", "sexuality"): {"usedifferentterm": 3},
        ("2020", "sexuality"): {"usedifferentterm": 3},
        ("2019", "sexuality"): {"usedifferentterm": 1},
    }
