"""The record of changes as those who work at an authority read it."""

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
from evenhand.ledger.appending import Draft, append
from evenhand.ledger.models import Entry

W = "/work/calderdale-council/record/"


@pytest.fixture
def officer(calderdale: Authority, member) -> User:
    return member(calderdale, Role.OFFICER)


@pytest.fixture
def desk(client: Client, officer: User) -> Client:
    client.force_login(officer, backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    page = answer.content.decode()
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") :])))


def changes(text: str) -> int:
    found = re.search(r"(\d+) changes?, the newest first", text)
    return int(found[1]) if found else 0


def test_everything_that_was_done_is_there_the_newest_first(desk: Client, calderdale: Authority) -> None:
    text = text_of(desk, W)
    assert changes(text) == Entry.objects.filter(chain=calderdale.id).count()
    assert text.index("Published figures") < text.index("Added the authority")
    assert "Command on the server" in text


def test_the_record_of_another_authority_is_not_there(desk: Client) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    theirs = Entry.objects.filter(chain=leeds.id)[0]
    for rest in ("", f"{theirs.id}/", f"about/{theirs.subject_id}/"):
        assert desk.get(f"/work/leeds-city-council/record/{rest}").status_code == 404
        if rest:
            assert desk.get(f"{W}{rest}").status_code == 404
    assert desk.get(f"{W}{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"what": "releases.publish"}, lambda each: each.action == "releases.publish"),
        ({"about": "release"}, lambda each: "release" in each.subject_kind),
        ({"about": "RELEASE"}, lambda each: "release" in each.subject_kind),
        ({"about": "publication"}, lambda each: each.subject_kind == "release"),
        ({"who": "server"}, lambda each: User.objects.get(id=each.actor_id).is_operator),
        ({"who": "nobody of this name"}, lambda each: False),
        ({"who": "server", "what": "authorities.add"}, lambda each: each.action == "authorities.add"),
        ({"what": "no.such"}, lambda each: True),
        ({"since": "not a day"}, lambda each: True),
        ({"about": "x" * 500}, lambda each: True),
    ],
)
def test_it_can_be_searched(desk: Client, calderdale: Authority, query: dict[str, str], finds) -> None:
    wanted = [each for each in Entry.objects.filter(chain=calderdale.id) if finds(each)]
    text = text_of(desk, W, **query)
    assert changes(text) == len(wanted)
    assert ("No change matches that" in text) == (not wanted)


def test_by_the_id_of_a_thing(desk: Client, calderdale: Authority) -> None:
    entry = Entry.objects.filter(chain=calderdale.id, action="releases.publish")[0]
    wanted = Entry.objects.filter(subject_id=entry.subject_id).count()
    assert changes(text_of(desk, W, about=str(entry.subject_id))) == wanted > 1
    text = text_of(desk, f"{W}about/{entry.subject_id}/")
    assert (changes(text), "What happened to this" in text) == (wanted, True)
    assert text.index("Published figures") < text.index("Began a publication")


@pytest.mark.parametrize(
    ("at", "shown", "day"),
    [
        (datetime(2031, 6, 30, 23, 30, tzinfo=UTC), "1 July 2031, 00:30:00", "2031-07-01"),
        (datetime(2031, 12, 31, 23, 30, tzinfo=UTC), "31 December 2031, 23:30:00", "2031-12-31"),
    ],
)
def test_a_day_is_a_day_in_britain(
    desk: Client, calderdale: Authority, by: User, at: datetime, shown: str, day: str
) -> None:
    said = '{"after":{},"before":{},"reason":""}'
    append([Draft("test.change", by.id, Subject("thing", uuid4(), calderdale.id), said, at=at)])
    text = text_of(desk, W, since=day, until=day)
    assert (changes(text), shown in text) == (1, True)
    assert changes(text_of(desk, W, since="2031-01-01", until="2031-01-02")) == 0


def test_an_entry_says_who_what_when_why_and_what_changed(desk: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    entry = Entry.objects.filter(chain=calderdale.id).order_by("-position")[0]
    text = text_of(desk, f"/work/calderdale/record/{entry.id}/")
    for each in ("Gave the authority another address", "Command on the server", "shorter"):
        assert each in text
    assert "Slug calderdale-council calderdale" in text


def test_a_person_among_the_details_is_shown_by_name(
    desk: Client, calderdale: Authority, officer: User, by: User
) -> None:
    with recording("test.change", by=by, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.before = {"kept": True, "from": None, "at": datetime(2031, 6, 30, 23, 30, tzinfo=UTC)}
        change.after = {"user": officer.id, "kept": False, "list": ["<b>", 1]}
    entry = Entry.objects.filter(action="test.change")[0]
    text = text_of(desk, f"{W}{entry.id}/")
    assert officer.name in text
    assert str(officer.id) not in text
    assert "Kept yes no" in text
    assert "From –" in text
    assert "At 1 July 2031, 00:30:00" in text
    assert '"<b>"' in text
    assert "<b>" not in desk.get(f"{W}{entry.id}/").content.decode()


def test_details_that_were_erased_are_said_to_be(desk: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="a secret of somebody")
    entry = Entry.objects.filter(chain=calderdale.id).order_by("-position")[0]
    erase_payloads([entry.id], by=by, reason="asked for")
    assert "Details were erased" in text_of(desk, "/work/calderdale/record/")
    text = text_of(desk, f"/work/calderdale/record/{entry.id}/")
    assert "What this change said was erased" in text
    assert "a secret" not in text
    assert "Erased the details of entries" in text_of(desk, "/work/calderdale/record/")


def test_whoever_is_not_known_any_more_is_not_named(desk: Client, calderdale: Authority) -> None:
    gone = User(name="Gone")
    with recording("test.change", by=gone, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.after = {}
    assert "Somebody who is not known any more" in text_of(desk, W, what="test.change")


def test_pages_keep_what_was_searched_for(desk: Client, calderdale: Authority, by: User) -> None:
    for number in range(60):
        with recording("test.change", by=by, on=Subject("a & b", uuid4(), calderdale.id)) as change:
            change.after = {"number": number}
    page = desk.get(W, {"about": "a & b"}).content.decode()
    (older,) = re.findall(r'rel="next" href="([^"]+)"', page)
    text = text_of(desk, W + unescape(older))
    assert (changes(text), "Page 2 of 2" in text) == (60, True)
    assert text.count("Test: change") >= 10


@pytest.mark.parametrize("rest", ["", "entry", "about"])
def test_a_page_of_the_record_takes_few_queries(
    desk: Client, calderdale: Authority, django_assert_max_num_queries, rest: str
) -> None:
    entry = Entry.objects.filter(chain=calderdale.id)[0]
    address = {"": W, "entry": f"{W}{entry.id}/", "about": f"{W}about/{entry.subject_id}/"}[rest]
    desk.get(address)
    with django_assert_max_num_queries(16):
        assert desk.get(address).status_code == 200
