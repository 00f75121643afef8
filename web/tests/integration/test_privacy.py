"""Subject access reports, requests and their deadlines, objections, and retention periods."""

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
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.record_words import describe_action
from evenhand.authorities.staff_tasks import tasks_for
from evenhand.ledger.actions import Subject, recording
from evenhand.ledger.models import Entry
from evenhand.notifications.models import Message
from evenhand.notifications.schedule import scheduled_tasks
from evenhand.privacy import actions, deadlines, queries, report_files, retention
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.erasing import entries_to_erase, identifiers_of
from evenhand.privacy.labels import label_of
from evenhand.privacy.models import Objection, ObjectionKey, Request
from evenhand.privacy.pseudonyms import pseudonym
from evenhand.privacy.subject_access import personal_data_of
from evenhand.records.classification import SECRET, classification_of
from support.authorities import leeds_with_staff
from support.person import EMAIL, NAME, OTHER_EMAIL, SECRETS
from support.person_everywhere import MODELS, create_everywhere

pytestmark = pytest.mark.both_databases

TODAY = timezone.localdate()


@pytest.fixture
def zoe(calderdale: Authority) -> User:
    return create_everywhere(calderdale)


@pytest.fixture
def admin(calderdale: Authority, zoe: User) -> User:
    return User.objects.get(name="Colin Plum")


def record_request(authority: Authority, by: User, person: User, kind: RequestKind = RequestKind.ACCESS) -> Request:
    return actions.receive(authority, by=by, person=person, kind=kind, received_on=TODAY)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(User.objects.get(id=person.id), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


# Subject access reports


def test_the_report_covers_every_model_about_people(zoe: User) -> None:
    report = personal_data_of(zoe)
    titles = {category.title for category in report.categories}
    not_created_here = {"evidence.snapshot", "releases.release", "ledger.entry", "ledger.payload"}
    for label in set(MODELS) - not_created_here:
        assert label_of(apps.get_model(label)) in titles, label
    assert "Record of changes" in titles
    text = report_files.to_json(report)
    assert text.count(EMAIL) > 3
    assert OTHER_EMAIL in text


def test_secrets_are_named_in_the_report_and_not_shown(zoe: User) -> None:
    report = personal_data_of(zoe)
    text = report_files.to_json(report) + report_files.to_html(report)
    assert not [secret for secret in SECRETS if secret in text]
    (users,) = (category for category in report.categories if category.title == "Account")
    assert users.withheld == ("password",)


def test_a_secret_field_is_never_read(zoe: User) -> None:
    names = {
        str(model._meta.get_field(field).verbose_name)
        for model in apps.get_models()
        for field, level in classification_of(model).items()
        if level == SECRET
    }
    shown = {name for category in personal_data_of(zoe).categories for row in category.rows for name in row}
    assert shown & names <= {"key", "data"}, "another model may use these names for a field that is not secret"


def test_other_people_are_redacted_from_the_report(zoe: User, calderdale: Authority) -> None:
    text = report_files.to_json(personal_data_of(zoe))
    for other in User.objects.exclude(id=zoe.id).exclude(is_operator=True):
        assert other.email not in text
        assert other.name not in text
    assert "[another address]" in text
    assert "another person" in text


def test_each_authority_reports_only_the_data_it_controls(zoe: User, calderdale: Authority) -> None:
    leeds = leeds_with_staff()
    Membership.objects.create(user=zoe, authority=leeds, role=Role.VIEWER)
    whole = report_files.to_json(personal_data_of(zoe))
    part = report_files.to_json(personal_data_of(zoe, calderdale))
    assert "Leeds City Council" in whole
    assert "Leeds City Council" not in part
    assert "Calderdale Council" in part


def test_people_can_read_and_download_their_own_report(zoe: User) -> None:
    client = signed_in(zoe)
    page = client.get("/work/my-data/")
    assert NAME.replace("'", "&#x27;") in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    archive = zipfile.ZipFile(BytesIO(client.get("/work/my-data/file/").content))
    assert set(archive.namelist()) == {"what-is-held.html", "what-is-held.json"}
    assert json.loads(archive.read("what-is-held.json"))["about"]["email"] == EMAIL


def test_the_command_writes_files_that_only_their_owner_can_read(zoe: User, tmp_path: Path) -> None:
    for suffix in (".json", ".html", ".zip"):
        file = tmp_path / f"zoe{suffix}"
        call_command("privacy", "access", EMAIL.upper(), out=file, stdout=StringIO())
        assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match=r"ends in \.json, \.html, \.zip"):
        call_command("privacy", "access", EMAIL, out=tmp_path / "zoe.docx")
    with pytest.raises(CommandError, match="There is no user with the email address"):
        call_command("privacy", "access", "nobody@x.example")


# Requests


def test_a_request_is_due_in_a_month_and_is_a_task_for_the_people_who_answer_it(
    zoe: User, admin: User, calderdale: Authority
) -> None:
    request = record_request(calderdale, admin, zoe)
    assert request.due_on == deadlines.first_due_date(request.authority, TODAY).due
    (task,) = (task for task in tasks_for(admin) if "/requests/" in task.link)
    assert task.due == request.due_on
    assert not [task for task in tasks_for(zoe) if "/requests/" in task.link]
    assert signed_in(admin).get(task.link).status_code == 200


def test_an_overdue_request_is_marked(zoe: User, admin: User, calderdale: Authority) -> None:
    request = record_request(calderdale, admin, zoe)
    Request.objects.filter(id=request.id).update(received_on="2026-01-05", due_on="2026-02-05")
    client = signed_in(admin)
    assert "overdue" in client.get("/work/calderdale-council/requests/").content.decode()
    assert list(queries.overdue(calderdale, TODAY)) == [request]


def test_people_can_make_requests_only_to_their_own_authorities(zoe: User, admin: User, calderdale: Authority) -> None:
    values = {"authority": calderdale.id, "kind": "erasure", "note": "Please"}
    assert signed_in(zoe).post("/work/my-data/ask/", values).status_code == 302
    assert Request.objects.filter(person=zoe, kind="erasure", note="Please").exists()
    leeds = leeds_with_staff()
    refused = signed_in(zoe).post("/work/my-data/ask/", {"authority": leeds.id, "kind": "erasure"})
    assert refused.status_code == 200
    assert not Request.objects.filter(authority=leeds).exists()


def test_a_request_to_another_authority_is_not_found(zoe: User, admin: User, calderdale: Authority) -> None:
    leeds = leeds_with_staff()
    Membership.objects.create(user=admin, authority=leeds, role=Role.ADMINISTRATOR)
    request = record_request(calderdale, admin, zoe)
    for part in ("", "data/", "data/file/", "close/", "erase/"):
        assert signed_in(admin).get(f"/work/leeds-city-council/requests/{request.id}/{part}").status_code == 404


def test_viewing_a_persons_data_is_recorded(zoe: User, admin: User, calderdale: Authority) -> None:
    request = record_request(calderdale, admin, zoe)
    signed_in(admin).get(f"/work/calderdale-council/requests/{request.id}/data/")
    assert Entry.objects.filter(action="privacy.look_up", subject_id=request.id, actor_id=admin.id).count() == 1


def test_a_refusal_needs_a_reason_and_a_request_can_be_closed_only_once(
    zoe: User, admin: User, calderdale: Authority
) -> None:
    request = record_request(calderdale, admin, zoe)
    with pytest.raises(NotPossible, match="Enter the reason you gave the person"):
        actions.close(request, by=admin, outcome=Outcome.REFUSED, answer=" ")
    actions.close(request, by=admin, outcome=Outcome.DONE, answer="")
    with pytest.raises(NotPossible, match="already"):
        actions.close(request, by=admin, outcome=Outcome.DONE, answer="")


@pytest.mark.parametrize("days", [1, 400])
def test_a_request_cannot_be_received_in_the_future(zoe: User, admin: User, calderdale: Authority, days: int) -> None:
    later = TODAY + timedelta(days=days)
    with pytest.raises(NotPossible, match="must be today or in the past"):
        actions.receive(calderdale, by=admin, person=zoe, kind=RequestKind.ACCESS, received_on=later)


def test_a_request_from_someone_who_never_worked_there_is_refused(
    zoe: User, admin: User, calderdale: Authority
) -> None:
    stranger = User.objects.create_user("s@x.example", "A Stranger")
    with pytest.raises(NotPossible, match="has never worked for"):
        record_request(calderdale, admin, stranger)


# Objections


def test_an_objection_is_stored_without_the_staff_number(by: User, calderdale: Authority) -> None:
    actions.object_to_analysis(calderdale, by=by, number=" 00417 a")
    actions.object_to_analysis(calderdale, by=by, number="00417A")
    assert queries.objectors(calderdale) == {pseudonym(calderdale, "00417A")}
    stored = json.dumps([*Objection.objects.values(), *Entry.objects.values("payload__text")], default=str)
    assert "00417" not in stored


def test_the_same_number_has_a_different_pseudonym_at_each_authority(by: User, calderdale: Authority) -> None:
    leeds = leeds_with_staff()
    assert pseudonym(calderdale, "417") != pseudonym(leeds, "417")
    assert ObjectionKey.objects.count() == 2
    assert queries.objectors(leeds) == frozenset()


def test_an_objection_can_be_withdrawn(by: User, calderdale: Authority) -> None:
    actions.object_to_analysis(calderdale, by=by, number="417")
    actions.withdraw_objection(calderdale, by=by, number="417")
    assert queries.objectors(calderdale) == frozenset()
    with pytest.raises(NotPossible, match="There is no current objection for this staff number"):
        actions.withdraw_objection(calderdale, by=by, number="417")


# Retention


def create_message(ended_days_ago: float | None) -> Message:
    now = timezone.now()
    ended = None if ended_days_ago is None else now - timedelta(days=ended_days_ago)
    return Message.objects.create(
        to="a@b.example", subject="S", body="", created_at=now, due_at=now, ended_at=ended, why=""
    )


def test_only_rows_past_their_retention_period_are_deleted(by: User) -> None:
    expired, recent, unsent = create_message(30.1), create_message(29.9), create_message(None)
    assert retention.expired_counts(timezone.now())["notifications.message"] == 1
    assert actions.sweep(by=by)["notifications.message"] == 1
    assert set(Message.objects.all()) >= {recent, unsent}
    assert not Message.objects.filter(id=expired.id).exists()


def test_a_dry_run_deletes_nothing(by: User) -> None:
    expired = create_message(31)
    output = StringIO()
    call_command("privacy", "sweep", dry_run=True, stdout=output)
    assert "due: 1 of notifications.message" in output.getvalue()
    assert Message.objects.filter(id=expired.id).exists()


def test_deletion_continues_after_each_batch(by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    for _message in range(10):
        create_message(31)
    assert actions.sweep(by=by)["notifications.message"] == 10


def test_rows_that_others_refer_to_are_kept_and_the_rest_deleted(zoe: User, by: User, calderdale: Authority) -> None:
    long_ago = timezone.now() - timedelta(days=3_000)
    Request.objects.filter(person=zoe).update(closed_at=long_ago)
    Membership.objects.filter(user=zoe).update(ended_at=long_ago)
    removed = actions.sweep(by=by)
    assert removed["privacy.request"] == 1
    assert removed["authorities.membership"] == 1


def test_people_are_erased_once_the_retention_period_after_leaving_has_ended(zoe: User, by: User, admin: User) -> None:
    Membership.objects.filter(user=zoe).update(ended_at=timezone.now() - timedelta(days=100))
    User.objects.filter(id=zoe.id).update(left_at=timezone.now() - timedelta(days=retention.days_after_leaving() - 1))
    actions.sweep(by=by)
    zoe.refresh_from_db()
    assert zoe.name == NAME
    User.objects.filter(id=zoe.id).update(left_at=timezone.now() - timedelta(days=retention.days_after_leaving() + 1))
    assert actions.sweep(by=by)["authorities.user"] == 1
    zoe.refresh_from_db()
    assert zoe.name == "A person who has left"
    assert "authorities.user" not in actions.sweep(by=by), "nobody is erased again every night"


def test_the_record_gives_only_the_number_of_deleted_rows(by: User) -> None:
    create_message(31)
    actions.sweep(by=by)
    entry = Entry.objects.filter(action="privacy.sweep").latest("id")
    assert entry.payload.content["after"] == {"notifications.message": 1}


def test_the_worker_deletes_expired_data_once_a_day() -> None:
    (task,) = (task for task in scheduled_tasks() if task.name == "privacy.sweep")
    assert task.seconds == 86_400


def test_an_administrator_can_read_the_documents_of_their_authority(
    member: Callable[..., User], calderdale: Authority
) -> None:
    client = signed_in(member(calderdale, Role.ADMINISTRATOR))
    page = client.get("/work/calderdale-council/documents/record-of-processing/").content.decode()
    assert "Record of processing: Evenhand at Calderdale Council" in page
    text = client.get("/work/calderdale-council/documents/record-of-processing/document.md")
    assert text["Content-Disposition"] == 'attachment; filename="record-of-processing.md"'
    assert client.get("/work/calderdale-council/documents/nothing/").status_code == 404


def test_a_chosen_name_gives_no_access_to_another_authoritys_record(db, by: User) -> None:
    """People choose their own names, so a name may match text in the record of another authority."""
    leeds, calderdale = leeds_with_staff(), Authority.objects.get(slug="calderdale-council")
    with recording("test.said", by=by, on=Subject("thing", uuid4(), calderdale.id)) as change:
        change.after = {"title": "Closing of Example House"}
    entry = Entry.objects.get(action="test.said")
    person = authorities.add_member(
        leeds, by=by, email="chooser@x.example", name="Closing of Example House", role=Role.VIEWER
    ).user
    categories = personal_data_of(person).categories
    record = next(category for category in categories if category.title == "Record of changes")
    action = describe_action("test.said")
    assert "Closing" not in str([row["what it said"] for row in record.rows if row["what"] == action])
    assert action not in [row["what"] for row in record.rows]
    assert entry.id not in entries_to_erase(person, identifiers_of(person))
