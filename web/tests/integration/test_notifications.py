"""Messages: stood up with the change, sent once, tried again, given up; and work that comes round."""

import os
import smtplib
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evenhand.notifications import delivery, mail_files, queue, rounds, schedule
from evenhand.notifications.actions import CannotSend, send
from evenhand.notifications.enums import State
from evenhand.notifications.models import Heartbeat, Message, Round
from evenhand.notifications.queries import failed, failing_rounds, last_heartbeat, living, waiting
from evenhand.records.identity import new_id

pytestmark = pytest.mark.django_db
TO, SUBJECT, BODY = "officer@calderdale.example", "A plan is yours", "Look at /work/."


def again(message: Message) -> Message:
    return Message.objects.get(id=message.id)


def late(rows: object, **moments: object) -> None:
    """As if time had passed."""
    rows.update(**moments)


class Unreachable:
    """A mail system that answers with a fault."""

    def __init__(self, fault: Exception) -> None:
        self.fault, self.tries = fault, 0

    def __call__(self, *_: object) -> None:
        self.tries += 1
        raise self.fault


@pytest.fixture
def refused(monkeypatch: pytest.MonkeyPatch) -> Unreachable:
    system = Unreachable(ConnectionRefusedError("nobody listens"))
    monkeypatch.setattr(EmailMessage, "send", system)
    return system


def test_a_message_is_sent_after_the_change_and_its_text_is_gone() -> None:
    thing = new_id()
    message = send(TO, SUBJECT, BODY, about=thing)
    assert (message.about_id, list(waiting()), mail.outbox) == (thing, [message], [])
    queue.run_all()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == ([TO], SUBJECT, BODY)
    kept = again(message)
    assert (kept.state, kept.body, kept.attempts, kept.why) == (State.SENT, "", 1, "")
    assert kept.ended_at is not None


def test_a_change_that_is_undone_sends_nothing() -> None:
    with transaction.atomic():
        send(TO, SUBJECT, BODY)
        transaction.set_rollback(True)
    assert queue.run_all() == 0
    assert (Message.objects.count(), mail.outbox) == (0, [])


def test_what_was_sent_is_not_sent_again() -> None:
    message = send(TO, SUBJECT, BODY)
    delivery.queue(message)
    assert queue.run_all() == 2
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("nobody", SUBJECT),
        ("a@b.example\nBcc: c@d.example", SUBJECT),
        ("a@b.example, c@d.example", SUBJECT),
        (TO, "Hello\nBcc: c@d.example"),
        (TO, "Hello\r"),
        (TO, "Hello\x85there"),
        (TO, "  "),
        (TO, "x" * 501),
    ],
)
def test_what_could_carry_another_header_is_refused(to: str, subject: str) -> None:
    with pytest.raises(CannotSend):
        send(to, subject, BODY)
    assert not Message.objects.exists()


def test_a_fault_is_tried_again_later_and_given_up_in_the_end(refused: Unreachable) -> None:
    message = send(TO, SUBJECT, BODY)
    pauses = []
    while again(message).state == State.WAITING:
        assert queue.run_all() == 1
        assert queue.run_all() == 0  # not before its time
        pauses.append(again(message).due_at - timezone.now())
        late(DBTaskResult.objects.filter(status="READY"), run_after=timezone.now())
    minutes = [round(each.total_seconds() / 60) for each in pauses[:-1]]
    assert minutes == list(delivery.MINUTES_BETWEEN_TRIES)
    assert refused.tries == len(minutes) + 1
    kept = again(message)
    assert (kept.state, kept.attempts, kept.why) == (State.FAILED, 8, "ConnectionRefusedError: nobody listens")
    assert list(failed()) == [message]


def test_an_address_that_does_not_exist_is_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = smtplib.SMTPRecipientsRefused({TO: (550, b"no such user")})
    monkeypatch.setattr(EmailMessage, "send", Unreachable(unknown))
    message = send(TO, SUBJECT, BODY)
    queue.run_all()
    assert again(message).state == State.FAILED


def test_what_was_given_up_can_be_begun_again() -> None:
    message = send(TO, SUBJECT, BODY)
    DBTaskResult.objects.all().delete()
    late(Message.objects, state=State.FAILED, attempts=8, ended_at=timezone.now(), why="no mail system")
    call_command("worker", "--again", "--once", verbosity=0, skip_checks=True)
    assert (mail.outbox[0].body, again(message).state, again(message).attempts) == (BODY, State.SENT, 1)


def test_a_message_whose_task_is_lost_is_queued_again() -> None:
    message = send(TO, SUBJECT, BODY)
    DBTaskResult.objects.all().delete()
    delivery.queue_overdue()
    assert queue.run_all() == 0  # it is not late yet
    late(Message.objects, due_at=timezone.now() - timedelta(hours=1))
    delivery.queue_overdue()
    delivery.queue_overdue()
    assert queue.run_all() == 1
    assert again(message).state == State.SENT


@pytest.fixture
def to_files(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "evenhand.notifications.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def test_to_files_each_message_has_one_for_its_owner_alone(to_files: Path) -> None:
    message = send(TO, SUBJECT, BODY)
    queue.run_all()
    late(Message.objects, state=State.WAITING, body=BODY)  # as after a crash between sending and saying so
    delivery.queue(message)
    queue.run_all()
    (file,) = to_files.iterdir()
    assert file.name == f"{message.id}.eml"
    assert (file.stat().st_mode & 0o777, to_files.stat().st_mode & 0o777) == (0o600, 0o700)
    assert f"To: {TO}" in file.read_text()


def test_files_are_kept_for_thirty_days(to_files: Path) -> None:
    for _ in range(2):
        send(TO, SUBJECT, BODY)
    queue.run_all()
    old, new = to_files.iterdir()
    days = 86_400
    os.utime(old, (time.time() - 31 * days,) * 2)
    os.utime(new, (time.time() - 29 * days,) * 2)
    mail_files.remove_old()
    assert list(to_files.iterdir()) == [new]


class Work:
    """Something that comes round."""

    def __init__(self) -> None:
        self.done, self.fault = 0, False

    def __call__(self) -> None:
        self.done += 1
        if self.fault:
            raise LookupError("Somebody's name")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(schedule, "_registered", {})
    made = Work()
    schedule.every("test.work", 3600, made)
    return made


def test_work_comes_round_when_it_is_due(work: Work) -> None:
    rounds.run_due(new_id())
    rounds.run_due(new_id())  # after a restart, say
    assert work.done == 1
    late(Round.objects, due_at=timezone.now())
    rounds.run_due(new_id())
    assert work.done == 2


def test_work_in_the_hands_of_a_living_worker_is_left_to_it(work: Work) -> None:
    now = timezone.now()
    other = Heartbeat.objects.create(version="1", started_at=now, beat_at=now)
    Round.objects.create(name="test.work", due_at=now, taken_by=other.id)
    rounds.run_due(new_id())
    assert work.done == 0
    late(Heartbeat.objects, beat_at=now - timedelta(hours=1))
    rounds.run_due(new_id())
    assert work.done == 1


def test_work_that_fails_is_tried_again_soon_and_names_nobody(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    work.fault = True
    rounds.run_due(new_id())
    (failing,) = failing_rounds()
    assert (failing.faults, failing.why, failing.done_at) == (1, "LookupError", None)
    assert failing.due_at <= timezone.now() + timedelta(seconds=60)
    assert "test.work" in caplog.text
    assert "Somebody" not in caplog.text
    work.fault = False
    late(Round.objects, due_at=timezone.now())
    rounds.run_due(new_id())
    assert not failing_rounds().exists()


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    send(TO, SUBJECT, BODY)
    for taken in range(queue.TAKEN_AT_MOST):
        task = queue._take(new_id())  # by a worker that dies at once
        assert task is not None
        assert len(task.worker_ids) == taken + 1
        queue.take_up_again()
    task = DBTaskResult.objects.get()
    assert (task.status, task.exception_class_path) == ("FAILED", "evenhand.notifications.queue.WorkerLost")


def test_the_heartbeat_is_that_of_the_latest_worker() -> None:
    assert last_heartbeat() is None
    send(TO, SUBJECT, BODY)
    queue.run_all()
    assert last_heartbeat() is not None
    assert not living().exists()  # it said that it stopped


def test_the_rooms_register_what_they_have_done() -> None:
    names = {each.name for each in schedule.registered()}
    assert {"ledger.looks", "ledger.checkpoints", "notifications.overdue", "notifications.files"} <= names
    assert "privacy.sweep" in names
