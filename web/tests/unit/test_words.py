"""The wording of figures on the pages, and the position of marks in the charts."""

import csv
import io
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from evenhand.public.charts import ChartMark, chart_of
from evenhand.releases import words
from evenhand.releases.comparisons import ComparisonReason, ComparisonSide, Population
from evenhand.releases.csv_file import csv_of
from evenhand.releases.enums import AnswerGroup
from evenhand.releases.tables import (
    PublishedRow,
    PublishedTable,
    ResidentsComparison,
    ShownFigures,
    ValueRange,
    WithheldFigures,
)
from evenstat.estimates import Direction, Finding, Shorthand, Suppressed
from evenstat.measures import ComparabilityAnswer, NonResponse, ReasonCode, representation


def row_of(count: int, n: int, residents: float, label: str = "Group") -> PublishedRow:
    result = representation(count, n, residents)
    share, index = result.share, result.index
    comparison = ResidentsComparison(
        ComparabilityAnswer.COMPARABLE,
        (),
        result.finding,
        result.direction,
        residents,
        ValueRange(index.value, index.low, index.high),
        result.gap_heads,
    )
    return PublishedRow(
        "g",
        label,
        AnswerGroup.ANSWERED,
        ShownFigures(count, ValueRange(share.value, share.low, share.high), comparison),
    )


FRONTEND = Path(__file__).resolve().parents[2] / "frontend" / "scss"
FEWER = ("fewer", "perhaps-fewer", "somewhat-fewer")
MORE = ("more", "perhaps-more", "somewhat-more")
SIDE = ComparisonSide(Population.STAFF, "", None, None, 2026, NonResponse.LEFT_OUT, None)
HIDDEN = PublishedRow("h", "Small group", AnswerGroup.ANSWERED, WithheldFigures(Shorthand.CONFIDENTIAL))
NOT_GIVEN = PublishedRow("x", "Blank group", AnswerGroup.ANSWERED, WithheldFigures(Shorthand.NOT_AVAILABLE))


def table(*rows: PublishedRow) -> PublishedTable:
    return PublishedTable("sex", "Sex", "2026", "council_lt10", 1000, 1000, 0, "Calderdale", (SIDE,), rows)


@pytest.mark.parametrize(
    ("row", "kind", "name"),
    [
        (row_of(50, 1000, 0.1), "fewer", "Fewer than expected"),
        (row_of(200, 1000, 0.1), "more", "More than expected"),
        (row_of(37, 500, 0.1), "perhaps-fewer", "Perhaps fewer than expected"),
        (row_of(63, 500, 0.1), "perhaps-more", "Perhaps more than expected"),
        (row_of(1, 10, 0.1), "too-few", "Too few to tell"),
        (row_of(95, 1000, 0.1), "no-evidence", "No evidence of a disparity"),
        (row_of(4300, 10_000, 0.5), "somewhat-fewer", "Somewhat fewer than expected"),
        (row_of(5700, 10_000, 0.5), "somewhat-more", "Somewhat more than expected"),
        (HIDDEN, "hidden", "Hidden to protect people"),
        (NOT_GIVEN, "not-given", "No figure in the source"),
    ],
)
def test_each_finding_has_a_kind_and_a_name(row: PublishedRow, kind: str, name: str) -> None:
    assert (words.finding_kind(row), words.finding_name(row)) == (kind, name)


def test_fewer_and_more_than_expected_never_have_the_same_mark_or_colour() -> None:
    """The style sheet gives each kind its own shape; this reads which colour and shape every kind has."""
    scss = (FRONTEND / "_findings.scss").read_text(encoding="utf-8")
    looks = {kind: _look(scss, kind) for kind in FEWER + MORE}
    for fewer in FEWER:
        for more in MORE:
            assert looks[fewer]["color"] != looks[more]["color"], (fewer, more)
            assert looks[fewer]["clip-path"] != looks[more]["clip-path"], (fewer, more)
    assert "--eh-disparity" not in str([looks[kind] for kind in MORE])
    assert "--eh-watch" not in str([looks[kind] for kind in MORE])


def _look(scss: str, kind: str) -> dict[str, str]:
    """The colour and the shape that the rules for this kind of finding set, or those of every finding."""
    look = {"color": "var(--eh-ink-soft)", "clip-path": "none"}
    for selectors, body in re.findall(r"(?s)((?:\.eh-finding--[\w-]+(?:::before)?,?\s*)+)\{(.*?)\n\}", scss):
        names = {name.strip().partition("::")[0] for name in selectors.split(",")}
        if f".eh-finding--{kind}" in names:
            look |= dict(re.findall(r"(?<![\w-])(color|clip-path): ([^;]+);", body))
    return look


def test_a_reason_in_the_words_of_an_earlier_version_is_still_shown() -> None:
    old = "No Census figures for this area are held here."
    reason = ComparisonReason.from_json(old)
    comparison = ResidentsComparison(ComparabilityAnswer.NOT_COMPARABLE, (reason,), Finding.NOT_COMPARABLE)
    row = PublishedRow("g", "Group", AnswerGroup.ANSWERED, ShownFigures(5, ValueRange(0.5, 0.4, 0.6), comparison))
    stored = json.loads(json.dumps(table(row).to_json()))
    (read,) = PublishedTable.from_json(stored).rows
    assert words.finding_sentence(read, "Calderdale") == f"Group: 50.0% of staff who answered. {old}"


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0.61, "6 for every 10 expected"),
        (0.97, "about 10 for every 10 expected"),
        (1.0, "about 10 for every 10 expected"),
        (1.31, "13 for every 10 expected"),
        (0.04, "fewer than 1 for every 10 expected"),
        (0.0, "none, although some were expected"),
        (0.25, "3 for every 10 expected"),
        (0.35, "4 for every 10 expected"),
    ],
)
def test_an_index_is_written_in_words(index: float, expected: str) -> None:
    assert words.for_every_ten(index) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (row_of(50, 1000, 0.1), "larger than chance alone would explain in a group this size"),
        (row_of(63, 500, 0.1), "but chance alone could explain the difference"),
        (row_of(1, 10, 0.1), "so small that chance alone could explain a larger difference"),
        (row_of(95, 1000, 0.1), ". Chance alone could explain the difference in a group this size"),
        (row_of(4300, 10_000, 0.5), "larger than chance alone would explain, but an index between 0.80 and 1.25"),
    ],
)
def test_each_finding_has_a_sentence(row: PublishedRow, expected: str) -> None:
    assert expected in words.finding_sentence(row, "Calderdale")


def test_no_finding_ever_claims_that_there_is_no_disparity() -> None:
    for finding in Finding:
        assert "no disparity" not in finding.value
    assert "No evidence of a disparity" in words.finding_name(row_of(95, 1000, 0.1))


def test_a_hidden_row_gives_no_figures() -> None:
    sentence = words.finding_sentence(HIDDEN, "Calderdale")
    assert sentence == "Small group: the group is small, or could reveal a small one."
    chart_row = chart_of(table(row_of(500, 1000, 0.5), HIDDEN)).rows[1]
    assert (chart_row.mark, chart_row.alt_text) == (None, "Small group: hidden to protect people")
    assert not re.search(r"\d", chart_row.alt_text)


@pytest.mark.parametrize(
    ("heads", "expected"), [(41.6, "42 fewer"), (-10.2, "10 more"), (0.3, "no difference"), (-1234, "1,234 more")]
)
def test_the_difference_in_headcount_is_written_in_words(heads: float, expected: str) -> None:
    comparison = ResidentsComparison(
        ComparabilityAnswer.COMPARABLE, (), Finding.WATCH, Direction.BELOW, 0.1, ValueRange(1, 1, 1), heads
    )
    assert words.gap_words(comparison) == expected


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.001, 0.9)), min_size=1, max_size=9))
def test_every_mark_is_on_the_chart_and_within_its_range(rows: list[tuple[int, float]]) -> None:
    chart = chart_of(table(*(row_of(count, 300, residents) for count, residents in rows)))
    assert chart.expected_at is not None
    assert 0 < chart.expected_at <= 50
    for chart_row in chart.rows:
        assert chart_row.mark is not None
        assert 0 <= chart_row.mark.low <= chart_row.mark.at <= chart_row.mark.high <= 100


def test_a_table_that_cannot_be_compared_is_drawn_as_shares() -> None:
    reason = ComparisonReason(ReasonCode.DECLARED, (("text", "Ages differ."),))
    not_comparable = ResidentsComparison(ComparabilityAnswer.NOT_COMPARABLE, (reason,), Finding.NOT_COMPARABLE)
    row = PublishedRow(
        "a", "15 to 24", AnswerGroup.ANSWERED, ShownFigures(100, ValueRange(0.1, 0.08, 0.12), not_comparable)
    )
    chart = chart_of(table(row))
    assert chart.expected_at is None
    assert chart.rows[0].alt_text == "15 to 24: share 10.0%, likely range 8.0% to 12.0%"
    assert words.finding_sentence(row, "Calderdale") == "15 to 24: 10.0% of staff who answered. Ages differ."


def test_a_row_without_a_share_gives_the_reason() -> None:
    bare = PublishedRow("a", "White", AnswerGroup.ANSWERED, ShownFigures(1200))
    assert (
        words.finding_sentence(bare, "X")
        == "White: 1,200 staff. We do not show a share, because it could reveal a small group."
    )
    assert words.share_sentence(bare) == words.finding_sentence(bare, "X")


def test_a_mark_beyond_the_chart_is_shown_as_cut_off() -> None:
    (chart_row,) = chart_of(table(row_of(100, 1000, 0.01))).rows
    assert chart_row.mark is not None
    assert (chart_row.mark.is_cut_off, chart_row.mark.high) == (True, 100)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "0.0%"),
        (0.0001, "under 0.1%"),
        (0.0006, "0.1%"),
        (0.9994, "99.9%"),
        (0.9996, "over 99.9%"),
        (1.0, "100.0%"),
    ],
)
def test_a_share_is_never_rounded_to_none_or_all(share: float, expected: str) -> None:
    assert words.percent(share) == expected


@pytest.mark.parametrize(("answered", "mark"), [(None, "[c]"), (0, "[z]")])
def test_the_page_and_the_file_use_the_same_mark_for_a_missing_share(answered: int | None, mark: str) -> None:
    bare = PublishedRow("a", "A", AnswerGroup.ANSWERED, ShownFigures(12))
    whole = PublishedTable("sex", "Sex", "2026", "council_lt10", 40, answered, None, "Calderdale", (SIDE,), (bare,))
    text = csv_of(SimpleNamespace(authority=SimpleNamespace(name="X")), [whole]).decode("utf-8-sig")
    (line,) = [row for row in csv.DictReader(io.StringIO(text, newline="")) if row["group"] == "answered"]
    assert set(list(line.values())[7:]) == {mark}
    page = render_to_string("components/table.html", {"table": whole})
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page, re.S)
    assert [cell.strip() for cell in cells[1:6]] == [mark] * 5


def test_a_hidden_total_is_marked_and_never_a_number() -> None:
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
        (PublishedRow("a", "A", AnswerGroup.ANSWERED, ShownFigures(12)),),
    )
    text = csv_of(SimpleNamespace(authority=SimpleNamespace(name="X")), [whole]).decode("utf-8-sig")
    totals = {line["category_code"]: line["count"] for line in csv.DictReader(io.StringIO(text, newline=""))}
    assert (totals["total"], totals["answered"], totals["not_known"]) == ("40", "[c]", "[c]")
    page = render_to_string("components/table.html", {"table": whole})
    assert re.search(r"Staff whose answer is known</th>\s*<td[^>]*>\[c\]</td>", page)
    checked = whole.as_protected()
    assert isinstance(checked.answered_total, Suppressed)
    assert isinstance(checked.not_known_total, Suppressed)


def test_a_chart_of_shares_uses_the_scale_of_its_ticks() -> None:
    chart = chart_of(
        table(PublishedRow("a", "15 to 24", AnswerGroup.ANSWERED, ShownFigures(300, ValueRange(0.3, 0.25, 0.38))))
    )
    assert chart.ticks == ((0.0, "0%"), (100.0, "40%"))
    assert chart.rows[0].mark == ChartMark(at=75.0, low=62.5, high=95.0, is_cut_off=False)


def test_a_chart_of_indexes_uses_the_scale_of_its_ticks() -> None:
    row = row_of(100, 1000, 0.1)
    chart = chart_of(table(row))
    assert chart.ticks == ((0.0, "0"), (50.0, "1"), (100.0, "2"))
    assert chart.expected_at == chart.rows[0].mark.at == 50.0


@pytest.mark.parametrize(("period", "expected"), [("2026", "2026"), ("2021-10", "October 2021")])
def test_a_period_is_written_in_words(period: str, expected: str) -> None:
    assert words.period_words(period) == expected
