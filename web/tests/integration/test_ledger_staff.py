"""The record of changes on the staff pages of an authority."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.ledger.actions import Subject, erase_payloads, recording
from evenhand.ledger.appending import DraftEntry, append
from evenhand.ledger.models import Entry
from evenhand.plans.models import Plan
from support.authorities import leeds_with_staff
from support.staff_pages import client_for

pytestmark = pytest.mark.both_databases

W = "/work/calderdale-council/record/"


@pytest.fixture
def officer(calderdale: Authority, member) -> User:
    return member(calderdale, Role.OFFICER)


@pytest.fixture
def staff_client(client: Client, officer: User) -> Client:
    client.force_login(officer, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def text_of(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, address
    page = response.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])))


def change_count(text: str) -> int:
    match = re.search(r"(\d+) changes?, newest first", text)
    return int(match[1]) if match else 0


def test_every_change_is_listed_newest_first(staff_client: Client, calderdale: Authority) -> None:
    text = text_of(staff_client, W)
    assert change_count(text) == Entry.objects.filter(chain=calderdale.id).count()
    assert text.rindex("Published figures") < text.rindex("Added the authority")
    assert "Command on the server" in text


def test_the_record_of_another_authority_is_not_found(staff_client: Client) -> None:
    leeds = leeds_with_staff()
    leeds_entry = Entry.objects.filter(chain=leeds.id)[0]
    for path in ("", f"{leeds_entry.id}/", f"about/{leeds_entry.subject_id}/"):
        assert staff_client.get(f"/work/leeds-city-council/record/{path}").status_code == 404
        if path:
            assert staff_client.get(f"{W}{path}").status_code == 404
    assert staff_client.get(f"{W}{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ({"what": "releases.publish"}, lambda entry: entry.action == "releases.publish"),
        ({"about": "release"}, lambda entry: "release" in entry.subject_kind),
        ({"about": "RELEASE"}, lambda entry: "release" in entry.subject_kind),
        ({"about": "publication"}, lambda entry: entry.subject_kind == "release"),
        ({"who": "server"}, lambda entry: User.objects.get(id=entry.actor_id).is_operator),
        ({"who": "nobody of this name"}, lambda entry: False),
        ({"who": "server", "what": "authorities.add"}, lambda entry: entry.action == "authorities.add"),
        ({"what": "no.such"}, lambda entry: True),
        ({"since": "not a day"}, lambda entry: True),
        ({"about": "x" * 500}, lambda entry: True),
    ],
)
def test_the_record_can_be_searched(
    staff_client: Client, calderdale: Authority, query: dict[str, str], matches
) -> None:
    expected = [entry for entry in Entry.objects.filter(chain=calderdale.id) if matches(entry)]
    text = text_of(staff_client, W, **query)
    assert change_count(text) == len(expected)
    assert ("No changes match your search" in text) == (not expected)


def test_the_record_can_be_searched_by_the_id_of_an_item(staff_client: Client, calderdale: Authority) -> None:
    entry = Entry.objects.filter(chain=calderdale.id, action="releases.publish")[0]
    expected = Entry.objects.filter(subject_id=entry.subject_id).count()
    assert change_count(text_of(staff_client, W, about=str(entry.subject_id))) == expected > 1
    text = text_of(staff_client, f"{W}about/{entry.subject_id}/")
    assert (change_count(text), "History" in text) == (expected, True)
    assert text.index("Published figures") < text.index("Started a publication")


@pytest.mark.parametrize(
    ("at", "shown", "day"),
    [
        (datetime(2031, 6, 30, 23, 30, tzinfo=UTC), "1 July 2031, 00:30:00", "2031-07-01"),
        (datetime(2031, 12, 31, 23, 30, tzinfo=UTC), "31 December 2031, 23:30:00", "2031-12-31"),
    ],
)
def test_dates_and_times_are_british(
    staff_client: Client, calderdale: Authority, by: User, at: datetime, shown: str, day: str
) -> None:
    details = '{"after":{},"before":{},"reason":""}'
    append([DraftEntry("test.change", by.id, Subject("thing", uuid4(), calderdale.id), details, at=at)])
    text = text_of(staff_client, W, since=day, until=day)
    assert (change_count(text), shown in text) == (1, True)
    assert change_count(text_of(staff_client, W, since="2031-01-01", until="2031-01-02")) == 0


def test_an_entry_shows_who_changed_what_when_and_why(staff_client: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    entry = Entry.objects.filter(chain=calderdale.id).order_by("-position")[0]
    text = text_of(staff_client, f"/work/calderdale/record/{entry.id}/")
    for phrase in ("Changed the authority’s web address", "Command on the server", "shorter"):
        assert phrase in text
    assert "Web address calderdale-council calderdale" in text


def test_people_in_the_details_are_shown_by_name(
    staff_client: Client, calderdale: Authority, officer: User, by: User
) -> None:
    with recording("test.change", by=by, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.before = {"kept": True, "from": None, "at": datetime(2031, 6, 30, 23, 30, tzinfo=UTC)}
        change.after = {"user": officer.id, "kept": False, "list": ["<b>", 1]}
    entry = Entry.objects.filter(action="test.change")[0]
    text = text_of(staff_client, f"{W}{entry.id}/")
    assert officer.name in text
    assert str(officer.id) not in text
    assert "Kept yes no" in text
    assert "From –" in text
    assert "At 1 July 2031, 00:30:00" in text
    assert "<b>, 1" in text
    assert "<b>" not in staff_client.get(f"{W}{entry.id}/").content.decode()


def test_the_page_says_when_details_were_erased(staff_client: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="a secret of somebody")
    entry = Entry.objects.filter(chain=calderdale.id).order_by("-position")[0]
    erase_payloads([entry.id], by=by, reason="asked for")
    assert "Details were erased" in text_of(staff_client, "/work/calderdale/record/")
    text = text_of(staff_client, f"/work/calderdale/record/{entry.id}/")
    assert "The details of this change were erased" in text
    assert "a secret" not in text
    assert "Erased the details of entries" in text_of(staff_client, "/work/calderdale/record/")


def test_a_person_who_no_longer_exists_is_not_named(staff_client: Client, calderdale: Authority) -> None:
    deleted = User(name="Gone")
    with recording("test.change", by=deleted, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.after = {}
    assert "Unknown person" in text_of(staff_client, W, what="test.change")


def test_pagination_keeps_the_search(staff_client: Client, calderdale: Authority, by: User) -> None:
    for number in range(60):
        with recording("test.change", by=by, on=Subject("a & b", uuid4(), calderdale.id)) as change:
            change.after = {"number": number}
    page = staff_client.get(W, {"about": "a & b"}).content.decode()
    (older,) = re.findall(r'rel="next"\s+href="([^"]+)"', page)
    text = text_of(staff_client, W + unescape(older))
    assert (change_count(text), "Page 2 of 2" in text) == (60, True)
    assert text.count("Test: change") >= 10


@pytest.mark.parametrize("page", ["", "entry", "about"])
def test_a_page_of_the_record_uses_few_queries(
    staff_client: Client, calderdale: Authority, django_assert_max_num_queries, page: str
) -> None:
    entry = Entry.objects.filter(chain=calderdale.id)[0]
    address = {"": W, "entry": f"{W}{entry.id}/", "about": f"{W}about/{entry.subject_id}/"}[page]
    staff_client.get(address)
    with django_assert_max_num_queries(20):
        assert staff_client.get(address).status_code == 200


def test_an_entry_names_what_it_was_about(staff_client: Client, calderdale: Authority, by: User) -> None:
    unit = authorities.add_unit(calderdale, by=by, name="Adults and health")
    assert "Added a unit: Adults and health" in text_of(staff_client, W)
    entry = Entry.objects.get(action="authorities.add_unit", subject_id=unit.id)
    text = text_of(staff_client, f"{W}{entry.id}/")
    assert str(unit.id) not in text
    assert "History of Adults and health" in text_of(staff_client, f"{W}about/{unit.id}/")


def test_a_draft_is_not_named_to_somebody_who_may_not_see_drafts(calderdale: Authority, member) -> None:
    draft = Plan.objects.filter(published_at=None).select_related("authority")[0]
    address = f"/work/{draft.authority.slug}/record/about/{draft.id}/"
    texts = {
        role: text_of(client_for(member(draft.authority, role)), address) for role in (Role.OFFICER, Role.SCRUTINY)
    }
    assert draft.title in texts[Role.OFFICER]
    assert "Uploaded a plan" in texts[Role.SCRUTINY]
    assert draft.title not in texts[Role.SCRUTINY]
