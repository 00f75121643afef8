"""What approvers and analysts see: which figures are hidden, why and how many, and the other options."""

import re

import pytest
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import person
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.queries import snapshots, table_for_check
from evenhand.ledger import access_log
from evenhand.ledger.models import Entry
from evenhand.modules import registry
from evenhand.releases import actions, alternatives
from evenhand.releases.groupings import GROUPINGS, Grouping, groupings_of, recoded
from evenhand.releases.models import Release, ReleaseTable
from evenstat.disclosure import policy
from evenstat.disclosure.single_tables import Cell, CountTable, loss, protect
from evenstat.standards import standard
from support.staff_pages import cast_client, main_text

P = "/work/exampleton-city-council-invented/publications/"
CHECKED, PUBLISHED = f"{P}workforce-2023-to-2026-hidden-below-5/", f"{P}workforce-2023-to-2026/"
COUNTS = (
    b"published,organisation,employees,ethnicity_white,ethnicity_mixed,ethnicity_asian,ethnicity_black,ethnicity_other\n"
    b"2031,Exampleton City Council (invented),300,240,30,20,8,2\n"
)
REASONS = ("small count", "could reveal “", "already hidden in a published table")


@pytest.fixture
def fresh(council: Authority) -> Release:
    """A checked publication under the policy for counts below 5: 2 is a small count, and 8 protects it."""
    analyst = person("analyst@exampleton-city-council-invented.example")
    import_workforce(COUNTS, by=analyst, name="counts.csv")
    year = snapshots(council, years=[2031])
    release = actions.draft(council, by=analyst, slug="fresh", title="Fresh", policy_id="council_lt5", snapshots=year)
    actions.protect(release, by=analyst)
    return actions.check(release, by=analyst)


def test_the_approval_page_shows_no_unprotected_figure_and_logs_no_access(db, fresh: Release) -> None:
    access_log.drain()
    page = cast_client(Role.APPROVER).get(f"{P}fresh/approve/")
    assert "small count" in main_text(page)
    assert "Rows hidden" in main_text(page)
    assert "People in hidden rows" not in page.content.decode()
    assert f'href="{P}fresh/hidden/#alternatives"' in page.content.decode()
    assert access_log.drain() == 0


def test_a_page_without_the_numbers_of_people_logs_no_access(db, fresh: Release) -> None:
    Release.objects.filter(id=fresh.id).update(comparison=None)  # protected by an earlier version
    access_log.drain()
    text = main_text(cast_client(Role.APPROVER).get(f"{P}fresh/hidden/"))
    assert "small count" in text
    assert "We have recorded" not in text
    assert access_log.drain() == 0


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER])
def test_reasons_are_shown_only_to_approvers_and_analysts_and_access_is_logged(db, fresh: Release, role: Role) -> None:
    access_log.drain()
    text = main_text(cast_client(role).get(f"{P}fresh/hidden/"))
    may_see_reasons = role in (Role.ANALYST, Role.APPROVER)
    assert "Other ethnic group" in text
    assert "2 of 5 rows are hidden, with 10 of 300 people in them" in text
    assert ("small count" in text) == may_see_reasons
    assert ("could reveal “Other ethnic group”" in text) == may_see_reasons
    assert ("coarser" in text or "Other options" in text) == may_see_reasons
    assert ("People in hidden rows" in text) == may_see_reasons
    assert access_log.drain() == (1 if may_see_reasons else 0)
    if may_see_reasons:
        entry = Entry.objects.filter(
            action=registry.access_action(), actor_id=person(f"{role}@exampleton-city-council-invented.example").id
        )
        (access,) = entry.latest("id").payload.content["after"]["looked_at"]
        assert (access["kind"], access["id"]) == ("release", str(fresh.id))


def test_the_approval_page_shows_hidden_figures_reasons_numbers_and_other_options(fresh: Release) -> None:
    text = main_text(cast_client(Role.APPROVER).get(f"{P}fresh/approve/"))
    for expected in (
        "What will be hidden, and why",
        "small count",
        "2 of 5 rows are hidden, with 10 of 300 people in them",
        "Certificate of protection",
        "What other options would show and hide",
        "White, and all other groups together",
        "Counts below 10 hidden",
        "Counts below 5 hidden (this publication)",
        "Your decision",
    ):
        assert expected in text, expected
    assert not re.search(r"Black[^.]{0,80}\b8\b", text.partition("Certificate")[0])


def test_there_is_nothing_to_see_before_a_publication_is_protected(council: Authority) -> None:
    text = main_text(cast_client(Role.ANALYST).get(f"{P}workforce-2026-alone/hidden/"))
    assert "You can see what will be hidden once the publication has been protected." in text


def test_there_is_nothing_to_see_after_a_publication_is_returned_to_draft(fresh: Release) -> None:
    actions.reopen(fresh, by=person("analyst@exampleton-city-council-invented.example"), reason="again")
    text = main_text(cast_client(Role.ANALYST).get(f"{P}fresh/hidden/"))
    assert "You can see what will be hidden once the publication has been protected." in text


def test_figures_hidden_in_a_published_table_are_labelled(db) -> None:
    text = main_text(cast_client(Role.ANALYST).get(f"{CHECKED}hidden/"))
    assert "already hidden in a published table" in text


def test_a_publication_of_the_first_version_says_that_reasons_were_not_recorded(fresh: Release) -> None:
    fresh.tables.update(reasons=None)
    text = main_text(cast_client(Role.ANALYST).get(f"{P}fresh/hidden/"))
    assert "reason not recorded, because an earlier version protected it" in text


def test_a_table_that_no_option_would_hide_takes_one_line(db) -> None:
    text = main_text(cast_client(Role.ANALYST).get(f"{CHECKED}hidden/"))
    compared = text.partition("Other options")[2]
    assert "Sex : no option would hide any rows." in compared
    assert "Ethnicity : no option" not in compared


def test_another_option_links_to_a_draft_form_with_initial_values(fresh: Release) -> None:
    officer = cast_client(Role.ANALYST)
    page = officer.get(f"{P}fresh/hidden/").content.decode()
    (link,) = re.findall(r'href="([^"]*new-publication/\?policy=council_lt10[^"]*)"', page)
    draft = officer.get(link.replace("&amp;", "&")).content.decode()
    assert re.search(r'value="council_lt10"[^>]* checked', draft)
    assert re.findall(r'name="years" value="(\d+)"[^>]* checked', draft) == ["2031"]
    assert officer.get(f"{link.partition('?')[0]}?policy=none&year=x&year=99999").status_code == 200


def test_the_comparison_counts_what_each_alternative_hides(db) -> None:
    """Compares each table with the engine run directly on counts merged by hand."""
    release = Release.objects.get(slug="workforce-2023-to-2026")
    stored = alternatives.from_json(release.comparison)
    assert {alternative.policy for alternative in stored} >= {"council_lt5", "council_lt10"}
    for alternative in stored:
        people = hidden = shown = refused = 0
        for table in release.tables.filter(characteristic=alternative.characteristic):
            counts = merged_by_hand(table, alternative.grouping)
            suppression = loss(counts, protect(counts, policy(alternative.policy)))
            hidden += suppression.cells_suppressed
            people += suppression.people_suppressed
            shown += len(counts.cells) - suppression.cells_suppressed
        assert (alternative.shown, alternative.hidden, alternative.people, alternative.refused) == (
            shown,
            hidden,
            people,
            refused,
        ), alternative


def merged_by_hand(table: ReleaseTable, grouping: str) -> CountTable:
    counts = table_for_check(table.snapshot, table.characteristic).counts
    (chosen,) = [option for option in groupings_of(table.characteristic) if option.id == grouping] or [None]
    if chosen is None:
        return counts
    groups: list[tuple[Cell, ...]] = []
    for cells in (counts.answered, counts.not_known):
        remaining = {cell.code: cell.count for cell in cells}
        for merged in chosen.merged:
            merged_counts = [remaining.pop(code) for code in merged.categories if code in remaining]
            if merged_counts:
                remaining[merged.code] = sum(merged_counts)
        groups.append(tuple(Cell(code, count) for code, count in remaining.items()))
    return CountTable(counts.name, *groups)


def test_the_publication_itself_is_one_of_the_alternatives(db) -> None:
    release = Release.objects.get(slug="workforce-2023-to-2026")
    hidden = sum(len(table.published.suppressed_rows) for table in release.tables.all())
    ungrouped = [
        alternative for alternative in alternatives.from_json(release.comparison) if alternative.grouping == ""
    ]
    assert sum(alternative.hidden for alternative in ungrouped if alternative.policy == "council_lt10") == hidden > 0


@pytest.mark.parametrize("grouping", GROUPINGS, ids=lambda grouping: f"{grouping.characteristic}-{grouping.id}")
def test_a_grouping_names_each_category_of_its_standard_at_most_once(grouping: Grouping) -> None:
    characteristic = standard(grouping.characteristic)
    groups = [{category.code for category in group} for group in (characteristic.categories, characteristic.not_known)]
    named = [code for merged in grouping.merged for code in merged.categories]
    assert len(named) == len(set(named))
    for merged in grouping.merged:
        assert any(set(merged.categories) <= group for group in groups), "answers and non-answers are never merged"
        assert merged.code not in groups[0] | groups[1]


def test_age_bands_are_only_merged_with_adjacent_bands() -> None:
    order = [category.code for category in standard("age").categories]
    for merged in groupings_of("age")[0].merged[:-1]:
        places = [order.index(code) for code in merged.categories]
        assert places == list(range(places[0], places[0] + len(places)))


def test_recoding_keeps_the_totals(db) -> None:
    for table in ReleaseTable.objects.filter(release__slug="workforce-2023-to-2026"):
        counts = table_for_check(table.snapshot, table.characteristic).counts
        for grouping in groupings_of(table.characteristic):
            coarser = recoded(counts, grouping.merged)
            assert (coarser.total, coarser.answered_total) == (counts.total, counts.answered_total)


def test_the_public_pages_show_no_reasons(client: Client, db) -> None:
    for address in ("", "certificate.json", "figures.csv"):
        response = client.get(
            f"/authorities/exampleton-city-council-invented/publications/workforce-2023-to-2026/{address}"
        )
        content = response.content.decode().replace("Rule for hiding small counts", "")
        assert not any(reason in content for reason in REASONS)
