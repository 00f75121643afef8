"""What is held about a person, the clock of requests, objections, and the clock of retention."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.todo import waiting_for
from evenhand.ledger.actions import Subject, recording
from evenhand.ledger.models import Entry
from evenhand.notifications.models import Message
from evenhand.notifications.schedule import registered
from evenhand.privacy import actions, paper, queries, sweeping
from evenhand.privacy.answer import held_about
from evenhand.privacy.due import one_month_after
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.erasing import payloads, traces_of
from evenhand.privacy.models import Objection, ObjectionKey, Request
from evenhand.privacy.pseudonyms import pseudonym
from evenhand.privacy.words import called
from evenhand.records.classification import SECRET, classification_of
from person_everywhere import EMAIL, KINDS, NAME, OTHER_EMAIL, SECRETS, spread

TODAY = timezone.localdate()


@pytest.fixture
def zoe(calderdale: Authority) -> User:
    return spread(calderdale)


@pytest.fixture
def admin(calderdale: Authority, zoe: User) -> User:
    return User.objects.get(name="Colin Plum")


def ask(authority: Authority, by: User, person: User, kind: RequestKind = RequestKind.ACCESS) -> Request:
    return actions.receive(authority, by=by, person=person, kind=kind, received_on=TODAY)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=person.id), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


# What is held


def test_everything_about_the_person_is_in_the_answer(zoe: User) -> None:
    answer = held_about(zoe)
    titles = {section.title for section in answer.sections}
    made_by_others = {"evidence.snapshot", "releases.release", "ledger.entry", "ledger.payload"}
    for label in set(KINDS) - made_by_others:
        assert called(apps.get_model(label)) in titles, label
    assert "Record of changes" in titles
    text = paper.data(answer)
    assert text.count(EMAIL) > 3
    assert OTHER_EMAIL in text


def test_no_secret_is_in_the_answer_and_each_is_named(zoe: User) -> None:
    answer = held_about(zoe)
    text = paper.data(answer) + paper.page(answer)
    assert not [secret for secret in SECRETS if secret in text]
    (users,) = (section for section in answer.sections if section.title == "Account")
    assert users.withheld == ("password",)


def test_a_field_that_holds_a_secret_is_never_read(zoe: User) -> None:
    names = {
        str(model._meta.get_field(field).verbose_name)
        for model in apps.get_models()
        for field, level in classification_of(model).items()
        if level == SECRET
    }
    shown = {name for section in held_about(zoe).sections for row in section.rows for name in row}
    assert shown & names <= {"key", "data"}, "a name that another model uses for what is no secret"


def test_nobody_else_is_in_the_answer(zoe: User, calderdale: Authority) -> None:
    text = paper.data(held_about(zoe))
    for other in User.objects.exclude(id=zoe.id).exclude(is_operator=True):
        assert other.email not in text
        assert other.name not in text
    assert "[another address]" in text
    assert "another person" in text


def test_each_authority_answers_for_its_own_part(zoe: User, calderdale: Authority) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    Membership.objects.create(user=zoe, authority=leeds, role=Role.VIEWER)
    whole, part = paper.data(held_about(zoe)), paper.data(held_about(zoe, calderdale))
    assert "Leeds City Council" in whole
    assert "Leeds City Council" not in part
    assert "Calderdale Council" in part


def test_the_answer_is_read_and_downloaded_by_oneself(zoe: User) -> None:
    client = signed_in(zoe)
    page = client.get("/work/my-data/")
    assert NAME.replace("'", "&#x27;") in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    held = zipfile.ZipFile(BytesIO(client.get("/work/my-data/file/").content))
    assert set(held.namelist()) == {"what-is-held.html", "what-is-held.json"}
    assert json.loads(held.read("what-is-held.json"))["about"]["email"] == EMAIL


def test_the_command_writes_it_for_its_owner_alone(zoe: User, tmp_path: Path) -> None:
    for ending in (".json", ".html", ".zip"):
        file = tmp_path / f"zoe{ending}"
        call_command("privacy", "access", EMAIL.upper(), out=file, stdout=StringIO())
        assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match=r"ends in \.json, \.html, \.zip"):
        call_command("privacy", "access", EMAIL, out=tmp_path / "zoe.docx")
    with pytest.raises(CommandError, match="Nobody has the address"):
        call_command("privacy", "access", "nobody@x.example")


# Requests


def test_a_request_is_due_in_a_month_and_stands_on_the_home_of_who_answers(
    zoe: User, admin: User, calderdale: Authority
) -> None:
    asked = ask(calderdale, admin, zoe)
    assert asked.due_on == one_month_after(TODAY)
    (todo,) = (each for each in waiting_for(admin) if "/requests/" in each.link)
    assert todo.due == asked.due_on
    assert not [each for each in waiting_for(zoe) if "/requests/" in each.link]
    assert signed_in(admin).get(todo.link).status_code == 200


def test_an_overdue_request_says_so(zoe: User, admin: User, calderdale: Authority) -> None:
    asked = ask(calderdale, admin, zoe)
    Request.objects.filter(id=asked.id).update(received_on="2026-01-05", due_on="2026-02-05")
    client = signed_in(admin)
    assert "overdue" in client.get("/work/calderdale-council/requests/").content.decode()
    assert list(queries.overdue(calderdale, TODAY)) == [asked]


def test_people_ask_for_themselves_and_for_nobody_else(zoe: User, admin: User, calderdale: Authority) -> None:
    sent = signed_in(zoe).post("/work/my-data/ask/", {"authority": calderdale.id, "kind": "erasure", "note": "Please"})
    assert sent.status_code == 302
    assert Request.objects.filter(person=zoe, kind="erasure", note="Please").exists()
    leeds = Authority.objects.get(slug="leeds-city-council")
    refused = signed_in(zoe).post("/work/my-data/ask/", {"authority": leeds.id, "kind": "erasure"})
    assert refused.status_code == 200
    assert not Request.objects.filter(authority=leeds).exists()


def test_a_request_of_another_authority_does_not_exist(zoe: User, admin: User, calderdale: Authority) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    Membership.objects.create(user=admin, authority=leeds, role=Role.ADMINISTRATOR)
    asked = ask(calderdale, admin, zoe)
    for part in ("", "data/", "data/file/", "close/", "erase/"):
        assert signed_in(admin).get(f"/work/leeds-city-council/requests/{asked.id}/{part}").status_code == 404


def test_looking_at_somebodys_data_is_recorded(zoe: User, admin: User, calderdale: Authority) -> None:
    asked = ask(calderdale, admin, zoe)
    signed_in(admin).get(f"/work/calderdale-council/requests/{asked.id}/data/")
    assert Entry.objects.filter(action="privacy.look_up", subject_id=asked.id, actor_id=admin.id).count() == 1


def test_a_refusal_needs_its_reason_and_no_request_is_closed_twice(
    zoe: User, admin: User, calderdale: Authority
) -> None:
    asked = ask(calderdale, admin, zoe)
    with pytest.raises(actions.CannotAnswer, match="Say what the person was told"):
        actions.close(asked, by=admin, outcome=Outcome.REFUSED, answer=" ")
    actions.close(asked, by=admin, outcome=Outcome.DONE, answer="")
    with pytest.raises(actions.CannotAnswer, match="already"):
        actions.close(asked, by=admin, outcome=Outcome.DONE, answer="")


@pytest.mark.parametrize("days", [1, 400])
def test_nothing_is_received_tomorrow(zoe: User, admin: User, calderdale: Authority, days: int) -> None:
    later = TODAY + timedelta(days=days)
    with pytest.raises(actions.CannotAnswer, match="still to come"):
        actions.receive(calderdale, by=admin, person=zoe, kind=RequestKind.ACCESS, received_on=later)


def test_whoever_never_worked_there_is_not_written_down(zoe: User, admin: User, calderdale: Authority) -> None:
    stranger = User.objects.create_user("s@x.example", "A Stranger")
    with pytest.raises(actions.CannotAnswer, match="never did"):
        ask(calderdale, admin, stranger)


# Objection


def test_an_objection_is_kept_without_the_number(by: User, calderdale: Authority) -> None:
    actions.object_to_analysis(calderdale, by=by, number=" 00417 a")
    actions.object_to_analysis(calderdale, by=by, number="00417A")
    assert queries.objectors(calderdale) == {pseudonym(calderdale, "00417A")}
    held = json.dumps([*Objection.objects.values(), *Entry.objects.values("payload__text")], default=str)
    assert "00417" not in held


def test_the_same_number_is_another_code_at_another_authority(by: User, calderdale: Authority) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    assert pseudonym(calderdale, "417") != pseudonym(leeds, "417")
    assert ObjectionKey.objects.count() == 2
    assert queries.objectors(leeds) == frozenset()


def test_an_objection_ends_when_the_person_says_so(by: User, calderdale: Authority) -> None:
    actions.object_to_analysis(calderdale, by=by, number="417")
    actions.withdraw_objection(calderdale, by=by, number="417")
    assert queries.objectors(calderdale) == frozenset()
    with pytest.raises(actions.CannotAnswer, match="Nobody with this number"):
        actions.withdraw_objection(calderdale, by=by, number="417")


# The clock


def message(ended_days_ago: float | None) -> Message:
    now = timezone.now()
    ended = None if ended_days_ago is None else now - timedelta(days=ended_days_ago)
    return Message.objects.create(
        to="a@b.example", subject="S", body="", created_at=now, due_at=now, ended_at=ended, why=""
    )


def test_what_is_past_its_time_goes_and_what_is_not_stays(by: User) -> None:
    past, nearly, running = message(30.1), message(29.9), message(None)
    assert sweeping.counts(timezone.now())["notifications.message"] == 1
    assert actions.sweep(by=by)["notifications.message"] == 1
    assert set(Message.objects.all()) >= {nearly, running}
    assert not Message.objects.filter(id=past.id).exists()


def test_a_dry_run_removes_nothing(by: User) -> None:
    past = message(31)
    said = StringIO()
    call_command("privacy", "sweep", dry_run=True, stdout=said)
    assert "due: 1 of notifications.message" in said.getvalue()
    assert Message.objects.filter(id=past.id).exists()


def test_it_goes_on_after_each_batch(by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "BATCH", 3)
    for _ in range(10):
        message(31)
    assert actions.sweep(by=by)["notifications.message"] == 10


def test_a_row_that_another_holds_fast_stays_and_the_rest_goes(zoe: User, by: User, calderdale: Authority) -> None:
    long_ago = timezone.now() - timedelta(days=3_000)
    Request.objects.filter(person=zoe).update(closed_at=long_ago)
    Membership.objects.filter(user=zoe).update(ended_at=long_ago)
    removed = actions.sweep(by=by)
    assert removed["privacy.request"] == 1
    assert removed["authorities.membership"] == 1


def test_who_left_long_ago_is_erased_and_who_left_lately_is_not(zoe: User, by: User, admin: User) -> None:
    Membership.objects.filter(user=zoe).update(ended_at=timezone.now() - timedelta(days=100))
    User.objects.filter(id=zoe.id).update(left_at=timezone.now() - timedelta(days=sweeping.days_after_leaving() - 1))
    actions.sweep(by=by)
    zoe.refresh_from_db()
    assert zoe.name == NAME
    User.objects.filter(id=zoe.id).update(left_at=timezone.now() - timedelta(days=sweeping.days_after_leaving() + 1))
    assert actions.sweep(by=by)["authorities.user"] == 1
    zoe.refresh_from_db()
    assert zoe.name == "A person who has left"
    assert "authorities.user" not in actions.sweep(by=by), "nobody is erased each night again"


def test_the_record_says_how_many_and_not_what(by: User) -> None:
    message(31)
    actions.sweep(by=by)
    entry = Entry.objects.filter(action="privacy.sweep").latest("id")
    assert entry.payload.content["after"] == {"notifications.message": 1}


def test_the_worker_does_it_once_a_day() -> None:
    (round_,) = (each for each in registered() if each.name == "privacy.sweep")
    assert round_.seconds == 86_400


def test_an_administrator_reads_the_documents_of_their_authority(
    member: Callable[..., User], calderdale: Authority
) -> None:
    client = signed_in(member(calderdale, Role.ADMINISTRATOR))
    page = client.get("/work/calderdale-council/documents/record-of-processing/").content.decode()
    assert "Record of processing: Evenhand at Calderdale Council" in page
    text = client.get("/work/calderdale-council/documents/record-of-processing/document.md")
    assert text["Content-Disposition"] == 'attachment; filename="record-of-processing.md"'
    assert client.get("/work/calderdale-council/documents/nothing/").status_code == 404


def test_a_chosen_name_opens_nobody_elses_record_and_erases_nothing_of_it(db, by: User) -> None:
    """People choose their names: one may call themselves what stands in the record of another authority."""
    leeds, calderdale = (Authority.objects.get(slug=each) for each in ("leeds-city-council", "calderdale-council"))
    with recording("test.said", by=by, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.after = {"title": "Closing of Example House"}
    entry = Entry.objects.get(action="test.said")
    person = authorities.add_member(
        leeds, by=by, email="chooser@x.example", name="Closing of Example House", role=Role.VIEWER
    ).user
    record = next(each for each in held_about(person).sections if each.title == "Record of changes")
    assert "Closing" not in str([row["what it said"] for row in record.rows if row["what"] == "Test: said"])
    assert "Test: said" not in [row["what"] for row in record.rows]
    assert entry.id not in payloads(person, traces_of(person))
