"""What whoever decides sees: what is hidden, why, at what loss, other ways, and whether another table can go out."""

import re

import pytest
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import person
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.queries import snapshots, table_for_check
from evenhand.ledger import looks
from evenhand.ledger.models import Entry
from evenhand.releases import actions, comparing
from evenhand.releases.groupings import GROUPINGS, Grouping, groupings_of, recoded
from evenhand.releases.models import Release, ReleaseTable
from evenstat.disclosure import policy
from evenstat.disclosure.one_way import Cell, CountTable, loss, protect
from evenstat.standards import STANDARDS, standard
from staff_pages import of_the_cast, words

P = "/work/calderdale-council/publications/"
CHECKED, OUT = f"{P}workforce-2019-to-2026-hidden-below-5/", f"{P}workforce-2019-to-2026/"
COUNTS = (
    b"published,organisation,employees,ethnicity_white,ethnicity_mixed,ethnicity_asian,ethnicity_black,ethnicity_other\n"
    b"2031,Calderdale Council,300,240,30,20,8,2\n"
)
REASONS = ("small count", "would give", "is out hidden already")


@pytest.fixture
def fresh(calderdale: Authority) -> Release:
    """Checked, under five: 2 are hidden as small, 8 for their sake."""
    analyst = person("analyst@calderdale-council.example")
    import_workforce(COUNTS, by=analyst, name="counts.csv")
    held = snapshots(calderdale, years=[2031])
    begun = actions.draft(calderdale, by=analyst, slug="fresh", title="Fresh", policy_id="council_lt5", snapshots=held)
    actions.protect(begun, by=analyst)
    return actions.check(begun, by=analyst)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER])
def test_why_is_for_those_who_decide_or_see_the_counts_and_is_recorded(db, fresh: Release, role: Role) -> None:
    looks.drain()
    said = words(of_the_cast(role).get(f"{P}fresh/hidden/"))
    knows = role in (Role.ANALYST, Role.APPROVER)
    assert "Other ethnic group" in said
    assert "2 of 5 rows are hidden, with 10 of 300 people in them" in said
    assert ("small count" in said) == knows
    assert ("because it would give “Other ethnic group” away" in said) == knows
    assert ("Coarser" in said or "Other ways" in said) == knows
    assert looks.drain() == (1 if knows else 0)
    if knows:
        entry = Entry.objects.filter(action=looks.ACTION, actor_id=person(f"{role}@calderdale-council.example").id)
        (seen,) = entry.latest("id").payload.content["after"]["looked_at"]
        assert (seen["kind"], seen["id"]) == ("release", str(fresh.id))


def test_the_approval_page_says_what_why_at_what_loss_and_what_else_could_be_done(fresh: Release) -> None:
    said = words(of_the_cast(Role.APPROVER).get(f"{P}fresh/approve/"))
    for expected in (
        "What will be hidden, and why",
        "small count",
        "2 of 5 rows are hidden, with 10 of 300 people in them",
        "Certificate of protection",
        "What other ways would show and hide",
        "White, and all other groups together",
        "Counts below 10 hidden",
        "Counts below 5 hidden (this publication)",
        "Your decision",
    ):
        assert expected in said, expected
    assert not re.search(r"Black[^.]{0,80}\b8\b", said.partition("Certificate")[0])


def test_no_page_says_why_before_it_is_protected(calderdale: Authority) -> None:
    said = words(of_the_cast(Role.ANALYST).get(f"{P}workforce-2026-alone/hidden/"))
    assert "What will be hidden is not known until it is protected." in said


def test_nor_once_it_is_taken_back(fresh: Release) -> None:
    actions.reopen(fresh, by=person("analyst@calderdale-council.example"), reason="again")
    said = words(of_the_cast(Role.ANALYST).get(f"{P}fresh/hidden/"))
    assert "What will be hidden is not known until it is protected." in said


def test_what_is_out_hidden_is_called_so(db) -> None:
    said = words(of_the_cast(Role.ANALYST).get(f"{CHECKED}hidden/"))
    assert "is out hidden already" in said


def test_a_published_page_of_the_first_version_says_that_reasons_were_not_kept(fresh: Release) -> None:
    fresh.tables.update(reasons=None)
    said = words(of_the_cast(Role.ANALYST).get(f"{P}fresh/hidden/"))
    assert "not kept: it was protected by an earlier version" in said


def test_a_table_that_every_way_shows_whole_takes_one_line(db) -> None:
    said = words(of_the_cast(Role.ANALYST).get(f"{CHECKED}hidden/"))
    compared = said.partition("Other ways")[2]
    assert "Sex : nothing is hidden, whichever way is chosen." in compared
    assert "Ethnicity : nothing" not in compared


def test_choosing_another_way_leads_to_a_draft_that_is_filled_in(fresh: Release) -> None:
    officer = of_the_cast(Role.ANALYST)
    page = officer.get(f"{P}fresh/hidden/").content.decode()
    (link,) = re.findall(r'href="([^"]*new-publication/\?policy=council_lt10[^"]*)"', page)
    draft = officer.get(link.replace("&amp;", "&")).content.decode()
    assert re.search(r'value="council_lt10"[^>]* checked', draft)
    assert re.findall(r'name="years" value="(\d+)"[^>]* checked', draft) == ["2031"]
    assert officer.get(f"{link.partition('?')[0]}?policy=none&year=x&year=99999").status_code == 200


def test_the_comparison_counts_what_each_way_hides(db) -> None:
    """Table by table, against the engine called by itself on counts merged by hand."""
    release = Release.objects.get(slug="workforce-2019-to-2026")
    ways = comparing.from_json(release.comparison)
    assert {each.policy for each in ways} >= {"council_lt5", "council_lt10"}
    for way in ways:
        people = hidden = shown = refused = 0
        for table in release.tables.filter(characteristic=way.characteristic):
            counts = merged_by_hand(table, way.grouping)
            lost = loss(counts, protect(counts, policy(way.policy)))
            hidden += lost.cells_hidden
            people += lost.people_hidden
            shown += len(counts.cells) - lost.cells_hidden
        assert (way.shown, way.hidden, way.people, way.refused) == (shown, hidden, people, refused), way


def merged_by_hand(table: ReleaseTable, grouping: str) -> CountTable:
    counts = table_for_check(table.snapshot, table.characteristic).counts
    (found,) = [each for each in groupings_of(table.characteristic) if each.id == grouping] or [None]
    if found is None:
        return counts
    groups: list[tuple[Cell, ...]] = []
    for cells in (counts.answered, counts.not_known):
        left = {cell.code: cell.count for cell in cells}
        for merged in found.merged:
            inside = [left.pop(code) for code in merged.categories if code in left]
            if inside:
                left[merged.code] = sum(inside)
        groups.append(tuple(Cell(code, count) for code, count in left.items()))
    return CountTable(counts.name, *groups)


def test_what_this_publication_hides_is_one_of_the_ways(db) -> None:
    release = Release.objects.get(slug="workforce-2019-to-2026")
    hidden = sum(len(table.published.hidden_rows) for table in release.tables.all())
    as_it_is = [each for each in comparing.from_json(release.comparison) if each.grouping == ""]
    assert sum(each.hidden for each in as_it_is if each.policy == "council_lt10") == hidden > 0


@pytest.mark.parametrize("grouping", GROUPINGS, ids=lambda each: f"{each.characteristic}-{each.id}")
def test_a_grouping_names_categories_of_its_standard_once_each(grouping: Grouping) -> None:
    known = standard(grouping.characteristic)
    groups = [{each.code for each in part} for part in (known.categories, known.not_known)]
    named = [code for merged in grouping.merged for code in merged.categories]
    assert len(named) == len(set(named))
    for merged in grouping.merged:
        assert any(set(merged.categories) <= group for group in groups), "answers stay apart from no answer"
        assert merged.code not in groups[0] | groups[1]


def test_ages_are_merged_with_their_neighbours_alone() -> None:
    order = [each.code for each in next(each for each in STANDARDS if each.id == "age").categories]
    for merged in groupings_of("age")[0].merged[:-1]:
        places = [order.index(code) for code in merged.categories]
        assert places == list(range(places[0], places[0] + len(places)))


def test_recoding_loses_nobody(db) -> None:
    for table in ReleaseTable.objects.filter(release__slug="workforce-2019-to-2026"):
        counts = table_for_check(table.snapshot, table.characteristic).counts
        for grouping in groupings_of(table.characteristic):
            coarser = recoded(counts, grouping.merged)
            assert (coarser.total, coarser.answered_total) == (counts.total, counts.answered_total)


def test_the_public_sees_no_reason(client: Client, db) -> None:
    for address in ("", "certificate.json", "figures.csv"):
        said = client.get(f"/authorities/calderdale-council/publications/workforce-2019-to-2026/{address}")
        assert not any(reason in said.content.decode() for reason in REASONS)
