"""What the pages say of a figure, and where the charts draw it."""

import csv
import io
import re
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from evenhand.public.charts import Mark, chart_of
from evenhand.releases import words
from evenhand.releases.csv_file import csv_of
from evenhand.releases.enums import Group
from evenhand.releases.tables import Comparison, PublishedTable, Range, Row, Shown, Side, UnknownFormat, Withheld
from evenstat.estimates import Direction, Finding, Hidden, Shorthand
from evenstat.measures import Answer, representation


def row_of(count: int, n: int, residents: float, label: str = "Group") -> Row:
    found = representation(count, n, residents)
    share, index = found.share, found.index
    comparison = Comparison(
        Answer.COMPARABLE,
        (),
        found.finding,
        found.direction,
        residents,
        Range(index.value, index.low, index.high),
        found.gap_heads,
    )
    return Row("g", label, Group.ANSWERED, Shown(count, Range(share.value, share.low, share.high), comparison))


SIDE = Side("Staff", "all who are employed", "2026", "left out of every share")
HIDDEN = Row("h", "Small group", Group.ANSWERED, Withheld(Shorthand.CONFIDENTIAL))
NOT_GIVEN = Row("x", "Blank group", Group.ANSWERED, Withheld(Shorthand.NOT_AVAILABLE))


def table(*rows: Row) -> PublishedTable:
    return PublishedTable("sex", "Sex", "2026", "council_lt10", 1000, 1000, 0, "Calderdale", (SIDE,), rows)


@pytest.mark.parametrize(
    ("row", "kind", "name"),
    [
        (row_of(50, 1000, 0.1), "disparity", "Fewer than expected"),
        (row_of(200, 1000, 0.1), "disparity", "More than expected"),
        (row_of(37, 500, 0.1), "watch", "Perhaps fewer than expected"),
        (row_of(63, 500, 0.1), "watch", "Perhaps more than expected"),
        (row_of(1, 10, 0.1), "too-few", "Too few to tell"),
        (row_of(95, 1000, 0.1), "no-evidence", "No evidence of a disparity"),
        (row_of(4300, 10_000, 0.5), "no-evidence", "Somewhat fewer than expected"),
        (HIDDEN, "hidden", "Hidden to protect people"),
        (NOT_GIVEN, "not-given", "No figure in the source"),
    ],
)
def test_each_finding_has_its_words(row: Row, kind: str, name: str) -> None:
    assert (words.finding_kind(row), words.finding_name(row)) == (kind, name)


@pytest.mark.parametrize(
    ("index", "says"),
    [
        (0.61, "6 for every 10 expected"),
        (1.0, "close to as many as expected"),
        (1.31, "13 for every 10 expected"),
        (0.04, "fewer than 1 for every 10 expected"),
        (0.0, "none, where some were expected"),
        (0.25, "3 for every 10 expected"),
        (0.35, "4 for every 10 expected"),
    ],
)
def test_an_index_in_words(index: float, says: str) -> None:
    assert words.for_every_ten(index) == says


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (row_of(50, 1000, 0.1), "more of a difference than chance makes"),
        (row_of(63, 500, 0.1), "chance could make such a difference"),
        (row_of(1, 10, 0.1), "Chance alone could move a group this small further than that"),
        (row_of(95, 1000, 0.1), "within what chance makes of a group this size"),
        (row_of(4300, 10_000, 0.5), "more than chance, but inside the band"),
    ],
)
def test_each_finding_has_its_sentence(row: Row, says: str) -> None:
    assert says in words.finding_sentence(row, "Calderdale")


def test_no_finding_ever_claims_that_there_is_no_disparity() -> None:
    for finding in Finding:
        assert "no disparity" not in finding.value
    assert "No evidence of a disparity" in words.finding_name(row_of(95, 1000, 0.1))


def test_a_hidden_row_says_nothing_but_that_it_is_hidden() -> None:
    said = words.finding_sentence(HIDDEN, "Calderdale")
    assert said == "Small group: the group is small, or would give a small one away."
    strip = chart_of(table(row_of(500, 1000, 0.5), HIDDEN)).strips[1]
    assert (strip.mark, strip.says) == (None, "Small group: hidden to protect people")
    assert not re.search(r"\d", strip.says)


@pytest.mark.parametrize(
    ("heads", "says"), [(41.6, "42 fewer"), (-10.2, "10 more"), (0.3, "level"), (-1234, "1,234 more")]
)
def test_the_gap_in_heads(heads: float, says: str) -> None:
    comparison = Comparison(Answer.COMPARABLE, (), Finding.WATCH, Direction.BELOW, 0.1, Range(1, 1, 1), heads)
    assert words.gap_words(comparison) == says


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.001, 0.9)), min_size=1, max_size=9))
def test_every_mark_stands_on_the_chart_and_in_its_range(rows: list[tuple[int, float]]) -> None:
    chart = chart_of(table(*(row_of(count, 300, residents) for count, residents in rows)))
    assert chart.expected_at is not None
    assert 0 < chart.expected_at <= 50
    for strip in chart.strips:
        assert strip.mark is not None
        assert 0 <= strip.mark.low <= strip.mark.at <= strip.mark.high <= 100


def test_a_table_that_can_not_be_compared_is_drawn_as_shares() -> None:
    nothing = Comparison(Answer.NOT_COMPARABLE, ("Ages differ.",), Finding.NOT_COMPARABLE)
    row = Row("a", "15 to 24", Group.ANSWERED, Shown(100, Range(0.1, 0.08, 0.12), nothing))
    chart = chart_of(table(row))
    assert chart.expected_at is None
    assert chart.strips[0].says == "15 to 24: share 10.0%, likely range 8.0% to 12.0%"
    assert words.finding_sentence(row, "Calderdale") == "15 to 24: 10.0% of staff who answered. Ages differ."


def test_a_row_without_a_share_says_why() -> None:
    bare = Row("a", "White", Group.ANSWERED, Shown(1200))
    assert words.finding_sentence(bare, "X") == "White: 1,200 staff. A share would give a small group away."
    assert words.share_sentence(bare) == words.finding_sentence(bare, "X")


def test_what_lies_beyond_the_chart_is_marked() -> None:
    (strip,) = chart_of(table(row_of(100, 1000, 0.01))).strips
    assert strip.mark is not None
    assert (strip.mark.beyond, strip.mark.high) == (True, 100)


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (0.0, "0.0%"),
        (0.0001, "under 0.1%"),
        (0.0006, "0.1%"),
        (0.9994, "99.9%"),
        (0.9996, "over 99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, says: str) -> None:
    assert words.percent(share) == says


@pytest.mark.parametrize(("answered", "mark"), [(None, "[c]"), (0, "[z]")])
def test_the_page_and_the_file_give_the_same_mark_where_there_is_no_share(answered: int | None, mark: str) -> None:
    bare = Row("a", "A", Group.ANSWERED, Shown(12))
    whole = PublishedTable("sex", "Sex", "2026", "council_lt10", 40, answered, None, "Calderdale", (SIDE,), (bare,))
    text = csv_of(SimpleNamespace(authority=SimpleNamespace(name="X")), [whole]).decode("utf-8-sig")
    (line,) = [each for each in csv.DictReader(io.StringIO(text, newline="")) if each["group"] == "answered"]
    assert set(list(line.values())[7:]) == {mark}
    page = render_to_string("components/table.html", {"table": whole})
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
    assert [cell.strip() for cell in cells[1:6]] == [mark] * 5


def test_a_total_that_is_hidden_is_marked_and_never_a_number() -> None:
    whole = PublishedTable(
        "sex",
        "Sex",
        "2026",
        "council_lt10",
        40,
        None,
        None,
        "Calderdale",
        (SIDE,),
        (Row("a", "A", Group.ANSWERED, Shown(12)),),
    )
    text = csv_of(SimpleNamespace(authority=SimpleNamespace(name="X")), [whole]).decode("utf-8-sig")
    totals = {line["category_code"]: line["count"] for line in csv.DictReader(io.StringIO(text, newline=""))}
    assert (totals["total"], totals["answered"], totals["not_known"]) == ("40", "[c]", "[c]")
    page = render_to_string("components/table.html", {"table": whole})
    assert re.search(r"Staff whose answer is known</th>\s*<td[^>]*>\[c\]</td>", page)
    checked = whole.as_protected()
    assert isinstance(checked.answered_total, Hidden)
    assert isinstance(checked.not_known_total, Hidden)


def test_a_chart_of_shares_is_drawn_to_the_scale_that_it_names() -> None:
    chart = chart_of(table(Row("a", "15 to 24", Group.ANSWERED, Shown(300, Range(0.3, 0.25, 0.38)))))
    assert chart.ticks == ((0.0, "0%"), (100.0, "40%"))
    assert chart.strips[0].mark == Mark(at=75.0, low=62.5, high=95.0, beyond=False)


def test_a_chart_of_indexes_is_drawn_to_the_scale_that_it_names() -> None:
    row = row_of(100, 1000, 0.1)
    chart = chart_of(table(row))
    assert chart.ticks == ((0.0, "0"), (50.0, "1"), (100.0, "2"))
    assert chart.expected_at == chart.strips[0].mark.at == 50.0


def test_a_table_comes_back_from_its_stored_form_as_it_was() -> None:
    whole = table(row_of(50, 1000, 0.1), HIDDEN, NOT_GIVEN)
    assert PublishedTable.from_json(whole.to_json()) == whole
    with pytest.raises(UnknownFormat, match="not 2"):
        PublishedTable.from_json({**whole.to_json(), "format": 2})


@pytest.mark.parametrize(("period", "says"), [("2026", "2026"), ("2021-10", "October 2021")])
def test_a_period_in_words(period: str, says: str) -> None:
    assert words.period_words(period) == says
