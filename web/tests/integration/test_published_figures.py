"""Compares the figures published by the demonstration with figures calculated by hand from the two source files."""

import csv
import io
import itertools
import re
from collections import defaultdict

import pytest
from django.test import Client

from evenhand.authorities.models import Authority, User
from evenhand.evidence.majority_groups import majority_group
from evenhand.evidence.queries import snapshots
from evenhand.public.charts import chart_of
from evenhand.public.queries import shortfalls
from evenhand.releases import actions as releases
from evenhand.releases.models import Release, ReleaseTable
from evenhand.releases.queries import published_tables
from evenstat.standards import STANDARDS, standard
from support.figures_by_hand import GROUPS, counts, figures_of, representation, rows

PUBLICATION = "/authorities/calderdale-council/publications/workforce-2019-to-2026/"
COMPARED = ("sex", "ethnicity", "religion", "sexual_orientation")
# The groups that are the majority, the largest or better placed in the population, as decided in ADR 31.
MAJORITIES = {
    ("sex", "male"),
    ("ethnicity", "white"),
    ("religion", "christian"),
    ("sexual_orientation", "straight"),
    ("disability", "not_disabled"),
}
PERIODS = [(row["organisation"], row["published"]) for row in rows()]


def csv_lines(client: Client, address: str = PUBLICATION) -> list[dict[str, str]]:
    content = client.get(f"{address}figures.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


@pytest.mark.parametrize(("organisation", "period"), PERIODS)
@pytest.mark.parametrize("characteristic", COMPARED)
def test_every_shown_figure_equals_the_one_calculated_by_hand(
    db, organisation: str, period: str, characteristic: str
) -> None:
    by_hand = representation(organisation, period, characteristic)
    authority = Authority.objects.get(name=organisation)
    table = published_tables(authority, characteristic).get(snapshot__period=period).published
    shown = {row.code: row.shown for row in table.answered_rows if row.shown}
    assert shown, "the test would be meaningless without any figure"
    for code, figures in shown.items():
        expected = by_hand[code]
        assert figures.count == expected.count
        assert (figures.share.value, figures.share.low, figures.share.high) == pytest.approx(
            (expected.share, expected.low, expected.high), abs=1e-9
        )
        if (characteristic, code) == ("religion", "other"):
            assert figures.comparison.finding == "not_comparable"
            assert figures.comparison.index is None
            continue
        compared = figures.comparison
        assert (compared.index.value, compared.index.low, compared.index.high) == pytest.approx(
            (expected.index, expected.index_low, expected.index_high), abs=1e-9
        )
        assert (compared.gap_heads, compared.benchmark_share) == pytest.approx((expected.gap, expected.residents))
        assert compared.finding == expected.finding
    assert set(by_hand) - set(shown) == {row.code for row in table.suppressed_rows} & set(by_hand)


def test_the_page_for_2026_shows_the_figures_calculated_by_hand(client: Client, db) -> None:
    for characteristic in COMPARED:
        slug = f"representation-{characteristic.replace('_', '-')}"
        page = client.get(f"/authorities/calderdale-council/measures/{slug}/").content.decode()
        text = _page_text(page)
        assert "In 2026 it had 2,779 staff." in text
        for code, expected in representation("Calderdale Council", "2026", characteristic).items():
            table = published_tables(Authority.objects.get(slug="calderdale-council"), characteristic)[0].published
            row = next(row for row in table.answered_rows if row.code == code)
            if row.shown is None:
                continue
            (line,) = re.findall(rf'<th role="rowheader" scope="row">{re.escape(row.label)}</th>(.*?)</tr>', page, re.S)
            cells = _page_text(line).split()
            assert cells[0] == f"{expected.count:,}"
            assert cells[1] == f"{expected.share * 100:.1f}%"
            assert cells[2:5] == [f"{expected.low * 100:.1f}%", "to", f"{expected.high * 100:.1f}%"]
            if (characteristic, code) != ("religion", "other"):
                assert cells[5:7] == [f"{expected.residents * 100:.1f}%", f"{expected.index:.2f}"]


def test_counts_of_1_to_9_are_hidden_in_every_year(client: Client, db) -> None:
    published = {(line["period"], line["characteristic"], line["category_code"]): line for line in csv_lines(client)}
    hidden = 0
    for organisation, period in PERIODS:
        if organisation != "Calderdale Council":
            continue
        cells = counts(organisation, period)
        for characteristic, groups in GROUPS.items():
            for column, code in groups.items():
                if 1 <= cells.get(column, 0) <= 9:
                    hidden += 1
                    line = published[period, characteristic, code]
                    figures = list(line.values())[6:]
                    assert set(figures) == {"[c]"}, line
    assert hidden == 19  # the 20 cells below 10 in the file, less one for people who did not answer
    for line in published.values():
        assert line["count"] in ("[c]", "[x]") or not 1 <= int(line["count"]) <= 9


def test_the_four_small_cells_of_2026_are_hidden_on_the_page_and_in_the_charts(client: Client, db) -> None:
    small_cells = {
        "ethnicity": ["Other ethnic group", "Not known"],
        "religion": ["Sikh"],
        "sexual-orientation": ["Other sexual orientation"],
    }
    for slug, labels in small_cells.items():
        page = client.get(f"/authorities/calderdale-council/measures/representation-{slug}/").content.decode()
        for label in labels:
            (row,) = re.findall(rf'<th role="rowheader" scope="row">{label}</th>(.*?)</tr>', page, re.S)
            assert "[c]" in row
            assert not re.search(r"\d", re.sub(r"<[^>]+>", "", row)), row
        for label in set(labels) - {"Not known"}:  # people who did not answer are not in the chart
            (alternative_text,) = re.findall(rf'aria-label="({label}[^"]*)"', page)
            assert alternative_text == f"{label}: hidden to protect people"
            (strip,) = re.findall(rf'eh-chart__label"[^>]*>{label}</span>(.*?)</svg>', page, re.S)
            assert "eh-chart__dot" not in strip
            assert "eh-chart__range" not in strip


def test_every_figure_in_the_csv_file_equals_the_one_calculated_by_hand(client: Client, db) -> None:
    content = client.get(f"{PUBLICATION}figures.csv").content
    assert content.startswith(b"\xef\xbb\xbf")  # without it a spreadsheet garbles non-ASCII characters
    compared = 0
    for line in csv_lines(client):
        if line["group"] != "answered" or line["characteristic"] not in COMPARED or line["count"] in ("[c]", "[x]"):
            continue
        if line["category_code"] == "not_shown_at_source" or line["comparability"] == "not_comparable":
            continue
        compared += 1
        by_hand = representation("Calderdale Council", line["period"], line["characteristic"])
        expected = by_hand[line["category_code"]]
        assert list(line.values())[6:16] == [
            str(expected.count),
            *(f"{share * 100:.2f}" for share in (expected.share, expected.low, expected.high)),
            f"{expected.residents * 100:.12f}",
            *(f"{index:.3f}" for index in (expected.index, expected.index_low, expected.index_high)),
            f"{expected.gap:.1f}",
            expected.finding,
        ], line
    assert compared > 100


@pytest.mark.parametrize(
    ("address", "expected"),
    [(PUBLICATION, 103), ("/authorities/leeds-city-council/publications/workforce-2021/", 18)],
)
def test_every_figure_in_the_csv_file_can_be_calculated_again_from_the_file(
    client: Client, db, address: str, expected: int
) -> None:
    lines = csv_lines(client, address)
    totals = {
        (line["period"], line["characteristic"], line["category_code"]): line["count"]
        for line in lines
        if line["group"] == "total"
    }
    compared = 0
    for line in lines:
        if line["group"] != "answered" or not line["count"].isdigit() or line["share_percent"].startswith("["):
            continue
        answered = int(totals[line["period"], line["characteristic"], "answered"])
        residents_share = line["residents_share_percent"]
        residents = 0.5 if residents_share.startswith("[") else float(residents_share) / 100
        again = figures_of(int(line["count"]), answered, residents)
        assert [line["share_percent"], line["share_low_percent"], line["share_high_percent"]] == [
            f"{share * 100:.2f}" for share in (again.share, again.low, again.high)
        ], line
        if residents_share.startswith("["):
            continue
        compared += 1
        assert [line["index"], line["index_low"], line["index_high"], line["gap_heads"], line["finding"]] == [
            *(f"{index:.3f}" for index in (again.index, again.index_low, again.index_high)),
            f"{again.gap:.1f}",
            again.finding,
        ], line
    assert compared == expected


def test_the_home_page_lists_the_largest_shortfalls_first(client: Client, db) -> None:
    expected = []
    for organisation, period in (("Calderdale Council", "2026"), ("Leeds City Council", "2021-10")):
        for characteristic in COMPARED:
            table = published_tables(Authority.objects.get(name=organisation), characteristic)[0].published
            hidden = {row.code for row in table.suppressed_rows}
            assert table.period == period
            for code, figures in representation(organisation, period, characteristic).items():
                declared = (organisation, characteristic, code) == ("Calderdale Council", "religion", "other")
                if figures.finding == "disparity" and figures.index < 1 and code not in hidden and not declared:
                    expected.append((figures.index, organisation, characteristic, code))
    listed = [(item.authority.name, item.table.characteristic, item.row.code) for item in shortfalls()]
    assert listed == [tuple(item[1:]) for item in sorted(expected)]
    left_behind = [item for item in listed if item[1:] not in MAJORITIES]
    page = client.get("/").content.decode()
    assert f'<p class="eh-card__figure">{len(left_behind)}</p>' in page
    section = page.partition('id="left-behind"')[2].partition("</section>")[0]
    assert section.count("#group-") == len(left_behind) == len(listed) - 1


def test_a_shortfall_of_men_is_shown_in_a_place_of_its_own(client: Client, db) -> None:
    """1,890 women and 889 men work for Calderdale: men are fewer than expected, and not left behind."""
    page = client.get("/").content.decode()
    left_behind = page.partition('<section id="left-behind">')[2].partition("</section>")[0]
    others = page.partition('<section id="other-shortfalls">')[2].partition("</section>")[0]
    assert "Calderdale Council: Male" not in left_behind
    assert _page_text(others).endswith(
        "Calderdale Council: Male 7 for every 10 expected. In the United Kingdom, men are paid more per hour than "
        "women on average. (2026)"
    )
    assert "eh-finding" not in others


def test_every_majority_group_is_a_category_with_a_reason_and_a_source() -> None:
    groups = [
        group
        for known in STANDARDS
        for category in known.categories
        if (group := majority_group(known.id, category.code))
    ]
    assert {(group.characteristic, group.category) for group in groups} == MAJORITIES
    assert len({group.characteristic for group in groups}) == len(groups)  # one in each characteristic
    for group in groups:
        assert group.reason.endswith(".")
        assert group.source.startswith("Office for National Statistics")
    assert majority_group("sex", "female") is None


@pytest.mark.parametrize("slug", ["ethnicity", "religion", "sexual-orientation", "age"])
def test_every_chart_has_alternative_text(client: Client, db, slug: str) -> None:
    page = client.get(f"/authorities/calderdale-council/measures/representation-{slug}/").content.decode()
    table = published_tables(Authority.objects.get(slug="calderdale-council"), slug.replace("-", "_"))[0].published
    alternative_texts = re.findall(r'<svg class="eh-chart__strip"[^>]* role="img" aria-label="([^"]+)"', page)
    assert alternative_texts == [row.alt_text for row in chart_of(table).rows]


def test_the_rows_are_in_the_order_of_the_standard(client: Client, db) -> None:
    page = client.get("/authorities/calderdale-council/measures/representation-religion/2026/").content.decode()
    labels = re.findall(r'<th role="rowheader" scope="row">([^<]+)</th>', page.partition("eh-stack-table")[2])
    known = standard("religion")
    order = [category.label for category in (*known.categories, *known.not_known)]
    shown = [label for label in labels if label in order]
    assert "Jewish" in shown  # the source gives no figure for it, but it still has a row
    assert shown == sorted(shown, key=order.index)


def _page_text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).strip()


def whole_number_tables(hidden: int, total: int) -> list[tuple[int, ...]]:
    """Every way to distribute the total over the hidden cells with at least one person in each."""
    if hidden == 1:
        return [(total,)] if total >= 1 else []
    return [(first, *rest) for first in range(1, total) for rest in whole_number_tables(hidden - 1, total - first)]


@pytest.mark.parametrize("authority", ["calderdale-council", "leeds-city-council"])
def test_enumerating_consistent_tables_reveals_no_hidden_cell(client: Client, db, authority: str) -> None:
    """An attacker who has only the CSV file and knows that a hidden cell is at least 1."""
    release = Release.objects.get(authority__slug=authority, state="published")
    tables: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for line in csv_lines(client, f"/authorities/{authority}/publications/{release.slug}/"):
        tables[line["period"], line["characteristic"]].append(line)
    hidden_cells = 0
    for table in tables.values():
        totals = {line["category_code"]: line["count"] for line in table if line["group"] == "total"}
        for group in ("answered", "not_known"):
            counted = [line["count"] for line in table if line["group"] == group]
            shown = sum(int(count) for count in counted if count not in ("[c]", "[x]"))
            hidden = counted.count("[c]")
            if not hidden:
                assert int(totals[group]) == shown
                continue
            hidden_cells += hidden
            left = int(totals[group]) - shown
            fits = _possible_tables(hidden, left)
            for cell in range(hidden):
                assert len({table[cell] for table in fits}) > 1, f"only one possible value: {table[0]['period']}"
    if authority == "calderdale-council":
        assert hidden_cells > 0


def _possible_tables(hidden: int, left: int) -> list[tuple[int, ...]]:
    # Three cells that share thousands of people have millions of tables. The first thousand show that they vary.
    if hidden < 3:
        return whole_number_tables(hidden, left)
    return list(itertools.islice(_generate_tables(hidden, left), 1000)) + list(
        itertools.islice((tuple(reversed(table)) for table in _generate_tables(hidden, left)), 1000)
    )


def _generate_tables(hidden: int, total: int):
    if hidden == 1:
        yield (total,)
        return
    for first in range(1, total - hidden + 2):
        for rest in _generate_tables(hidden - 1, total - first):
            yield (first, *rest)


def test_the_draft_under_five_keeps_published_suppressions_and_hides_remainders_with_another_cell(
    calderdale: Authority, by: User
) -> None:
    published = Release.objects.get(authority=calderdale, slug="workforce-2019-to-2026")
    draft = releases.draft(
        calderdale,
        by=by,
        slug="hidden-below-5",
        title="Hidden below 5",
        policy_id="council_lt5",
        snapshots=list(snapshots(calderdale)),
    )
    releases.protect(draft, by=by)
    releases.check(draft, by=by)
    draft.refresh_from_db()
    assert draft.state == "checked"
    hidden, hidden_in_published = defaultdict(set), defaultdict(set)
    for release, by_period in ((draft, hidden), (published, hidden_in_published)):
        for stored in release.tables.all():
            table = stored.published
            by_period[table.period] |= {(table.characteristic, row.code) for row in table.suppressed_rows}
    assert hidden_in_published["2026"]
    for period, published_rows in hidden_in_published.items():
        assert published_rows <= hidden[period], period
    for period, characteristic in (
        ("2019", "sexual_orientation"),
        ("2020", "sexual_orientation"),
        ("2021", "sexual_orientation"),
        ("2022", "religion"),
    ):
        cells = {code for name, code in hidden[period] if name == characteristic}
        assert "not_shown_at_source" in cells
        assert len(cells) >= 2


def test_a_draft_has_no_public_page(client: Client, db) -> None:
    draft = Release.objects.get(policy="council_lt5")
    for ending in ("", "figures.csv"):
        assert client.get(f"/authorities/{draft.authority.slug}/publications/{draft.slug}/{ending}").status_code == 404


def test_blanks_in_the_source_are_not_shown_as_zero(client: Client, db) -> None:
    jewish = [line for line in csv_lines(client) if line["category_code"] == "jewish"]
    assert {line["count"] for line in jewish} == {"[x]"}


def test_no_stored_content_of_a_publication_contains_a_hidden_count(db) -> None:
    """Published figures are stored in their protected form: a hidden row has only its mark."""
    for stored in ReleaseTable.objects.exclude(content=None):
        for row in stored.content["rows"]:
            if "mark" in row["figures"]:
                assert set(row["figures"]) == {"mark"}


def test_people_who_did_not_answer_have_no_index(client: Client, db) -> None:
    for line in csv_lines(client):
        if line["group"] in ("not_known", "total") and line["count"] not in ("[c]", "[x]"):
            assert line["index"] == "[z]"


@pytest.mark.parametrize("slug", ["representation-age", "representation-disability"])
def test_age_and_disability_are_not_compared_and_the_page_says_why(client: Client, db, slug: str) -> None:
    page = client.get(f"/authorities/calderdale-council/measures/{slug}/").content.decode()
    assert "retired people, who are not in a workforce" in page
    table = published_tables(Authority.objects.get(slug="calderdale-council"), slug.removeprefix("representation-"))[0]
    for row in table.published.answered_rows:
        if row.shown:
            assert any("retired people" in str(reason) for reason in row.shown.comparison.reasons), row.label
    assert "eh-chart__benchmark" not in page


def test_a_comparison_says_who_is_counted_on_each_side(client: Client, db) -> None:
    page = client.get("/authorities/calderdale-council/measures/representation-religion/").content.decode()
    table = _page_text(page.partition("Who is counted on each side of the comparison")[2].partition("</table>")[0])
    assert "Staff employees of any age 2026 left out of every share" in table
    assert "Residents of Calderdale 16 and over 2021 left out of every share (5.2% of residents)" in table
