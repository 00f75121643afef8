"""“Can I also publish this table?”: if yes, what would be hidden; if no, why, and the closest table that can be."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.ledger import access_log
from evenhand.releases.additional_tables import AdditionalTableCheck, RowOutcome
from evenhand.releases.enums import AnswerGroup
from evenhand.releases.groupings import MergedRow, merged_row
from evenhand.releases.models import ReleaseTable
from evenhand.releases.queries import additional_table_check
from evenhand.releases.tables import PublishedRow, PublishedTable, ShownFigures, WithheldFigures
from evenstat.disclosure import policy
from evenstat.disclosure.single_tables import Cell, CountTable
from evenstat.estimates import Shorthand
from support.staff_pages import cast_client, client_for, main_text

P = "/work/calderdale-council/publications/"
CHECKED = "/work/exampleton-city-council-invented/publications/workforce-2023-to-2026-hidden-below-5/"
PUBLISHED = f"{P}workforce-2019-to-2026/"
ADDITIONAL = f"{PUBLISHED}another-table/2026/religion/"


def outcome(additional_table: AdditionalTableCheck, *codes: str) -> RowOutcome:
    merged = merged_row(additional_table.characteristic, codes)
    return additional_table.check([merged]).outcomes["together"]


@pytest.fixture
def religion(by: User, db) -> AdditionalTableCheck:
    """The figures for 2026, in which 11 Hindus and 5 Sikhs are hidden."""
    table = ReleaseTable.objects.get(
        release__slug="workforce-2019-to-2026", snapshot__period="2026", characteristic="religion"
    )
    return additional_table_check(table, by=by)


def test_a_table_that_discloses_a_hidden_figure_is_not_possible_and_the_figure_is_named(
    religion: AdditionalTableCheck,
) -> None:
    merged = merged_row("religion", ["hindu", "muslim"])
    answer = religion.check([merged])
    assert not answer.possible
    assert set(answer.disclosed) == {("religion", "hindu"), ("religion", "sikh")}
    counts = {cell.code: cell.count for cell in religion.counts["religion"].cells}
    shown = {row.code: row.shown.count for row in religion.prior[2].rows if row.shown}
    assert "hindu" not in shown
    assert counts["hindu"] + counts["muslim"] - shown["muslim"] == counts["hindu"], (
        "subtracting one from the other gives the hidden count"
    )


def test_the_closest_grouping_can_be_published(religion: AdditionalTableCheck) -> None:
    closest = religion.closest_possible(merged_row("religion", ["hindu", "muslim"]))
    assert closest is not None
    assert set(closest.categories) == {"hindu", "muslim", "sikh"}
    assert religion.check([closest]).possible


def test_rows_that_follow_from_published_figures_can_be_published(religion: AdditionalTableCheck) -> None:
    assert outcome(religion, "no_religion", "christian") is RowOutcome.DERIVABLE  # both are shown
    assert outcome(religion, "hindu", "sikh") is RowOutcome.DERIVABLE  # the rest of those who answered
    assert outcome(religion, "hindu", "christian") is RowOutcome.SUPPRESSED


def test_a_new_row_that_discloses_nothing_is_shown() -> None:
    """Four rows are hidden and their subtotal is shown. The sum of two of them does not reveal the other two."""
    counts = CountTable("x", tuple(Cell(c, n) for c, n in zip("abcde", (200, 30, 12, 11, 7), strict=True)), ())
    hidden = AdditionalTableCheck(
        "religion", (published(counts, "bcde"),), {"religion": counts}, policy("council_lt10")
    )
    merged = merged_codes("bc")
    answer = hidden.check([merged])
    assert (answer.possible, answer.adds_information, answer.outcomes) == (True, True, {"together": RowOutcome.SHOWN})


def test_a_new_row_that_only_a_singleton_could_exploit_is_not_possible() -> None:
    """If the 24 of b and c were shown, d and e would add up to 5. The one person in e would know that d is 4."""
    counts = CountTable("x", tuple(Cell(c, n) for c, n in zip("abcde", (200, 12, 12, 4, 1), strict=True)), ())
    hidden = AdditionalTableCheck(
        "religion", (published(counts, "bcde"),), {"religion": counts}, policy("council_lt10")
    )
    answer = hidden.check([merged_codes("bc")])
    assert not answer.possible
    assert answer.only_by_singletons
    assert ("religion", "d") in answer.disclosed


def merged_codes(codes: str) -> MergedRow:
    return MergedRow("together", codes, tuple(codes))


def published(counts: CountTable, hidden: str) -> PublishedTable:
    confidential = WithheldFigures(Shorthand.CONFIDENTIAL)
    rows = tuple(
        PublishedRow(
            cell.code,
            cell.code,
            AnswerGroup.ANSWERED,
            confidential if cell.code in hidden else ShownFigures(cell.count),
        )
        for cell in counts.answered
    )
    total = counts.total
    return PublishedTable("religion", "Religion", "2031", "council_lt10", total, total, 0, "", (), rows)


@pytest.fixture
def analyst(calderdale: Authority, member: Callable[..., User]) -> Client:
    return client_for(member(calderdale, Role.ANALYST))


def test_the_page_says_no_with_the_reason_and_links_to_the_closest_grouping(analyst: Client) -> None:
    access_log.drain()
    page = analyst.get(f"{ADDITIONAL}?together=hindu&together=muslim")
    text = main_text(page)
    assert "No, this table can’t be published" in text
    assert "anyone could work out these hidden figures exactly: Religion: Hindu , Religion: Sikh" in text
    assert access_log.drain() == 1
    (closest,) = re.findall(r'href="(\?together=[^"]+)"', page.content.decode())
    assert "Yes, this table can be published" in main_text(analyst.get(ADDITIONAL + closest.replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Select the groups that you want to show as one row."),
        ("?together=hindu", "Select at least two groups."),
        ("?together=hindu&together=shoes", "Select groups from this table."),
        ("?grouping=three", "It does not show anything that can’t be worked out"),
        ("?grouping=none", "Select the groups that you want to show as one row."),
    ],
)
def test_the_page_answers_any_query(analyst: Client, query: str, text: str) -> None:
    assert text in main_text(analyst.get(ADDITIONAL + query))


@pytest.mark.parametrize("address", ["2026/shoes/", "1999/religion/"])
def test_there_is_no_page_for_a_table_that_does_not_exist(analyst: Client, address: str) -> None:
    assert analyst.get(f"{PUBLISHED}another-table/{address}").status_code == 404


def test_the_pages_exist_for_published_publications_only(db) -> None:
    for address in ("", "2026/religion/"):
        assert cast_client(Role.ANALYST).get(f"{CHECKED}another-table/{address}").status_code == 404


def test_an_analyst_gets_a_link_on_the_page_of_a_published_publication(
    calderdale: Authority, member: Callable[..., User]
) -> None:
    def has_link(role: Role) -> bool:
        return "another-table" in client_for(member(calderdale, role)).get(PUBLISHED).content.decode()

    assert has_link(Role.ANALYST)
    assert not has_link(Role.APPROVER)
