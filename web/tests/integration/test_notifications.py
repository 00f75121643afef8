"""Messages are stored with the change, sent, retried and given up; and periodic tasks are run."""

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

from evenhand.modules import Module, ScheduledTask, registry
from evenhand.notifications import delivery, mail_files, periodic, queue, schedule
from evenhand.notifications.actions import CannotSend, send
from evenhand.notifications.enums import MessageState
from evenhand.notifications.models import Heartbeat, Message, Round
from evenhand.notifications.queries import (
    failed_messages,
    failing_periodic_tasks,
    last_heartbeat,
    live_workers,
    waiting_messages,
)
from evenhand.records.identity import new_id

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TO, SUBJECT, BODY = "officer@calderdale.example", "A plan was assigned to you", "See /work/."


def reloaded(message: Message) -> Message:
    return Message.objects.get(id=message.id)


def change_stored(rows: object, **values: object) -> None:
    """Change rows directly, for example as if time had passed."""
    rows.update(**values)


class FailingMailSystem:
    """A mail system that raises an error."""

    def __init__(self, error: Exception) -> None:
        self.error, self.attempts = error, 0

    def __call__(self, *_: object) -> None:
        self.attempts += 1
        raise self.error


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> FailingMailSystem:
    system = FailingMailSystem(ConnectionRefusedError("connection refused"))
    monkeypatch.setattr(EmailMessage, "send", system)
    return system


def test_a_message_is_sent_after_the_change_and_its_text_is_deleted() -> None:
    subject_id = new_id()
    message = send(TO, SUBJECT, BODY, about=subject_id)
    assert (message.about_id, list(waiting_messages()), mail.outbox) == (subject_id, [message], [])
    queue.run_all()
    (email,) = mail.outbox
    assert (email.to, email.subject, email.body) == ([TO], SUBJECT, BODY)
    stored = reloaded(message)
    assert (stored.state, stored.body, stored.attempts, stored.why) == (MessageState.SENT, "", 1, "")
    assert stored.ended_at is not None


def test_a_change_that_is_rolled_back_sends_nothing() -> None:
    with transaction.atomic():
        send(TO, SUBJECT, BODY)
        transaction.set_rollback(True)
    assert queue.run_all() == 0
    assert (Message.objects.count(), mail.outbox) == (0, [])


def test_a_sent_message_is_not_sent_again() -> None:
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
def test_header_injection_is_refused(to: str, subject: str) -> None:
    with pytest.raises(CannotSend):
        send(to, subject, BODY)
    assert not Message.objects.exists()


def test_a_failed_attempt_is_retried_later_and_finally_given_up(refusing: FailingMailSystem) -> None:
    message = send(TO, SUBJECT, BODY)
    pauses = []
    while reloaded(message).state == MessageState.WAITING:
        assert queue.run_all() == 1
        assert queue.run_all() == 0  # not before it is due
        pauses.append(reloaded(message).due_at - timezone.now())
        change_stored(DBTaskResult.objects.filter(status="READY"), run_after=timezone.now())
    minutes = [round(pause.total_seconds() / 60) for pause in pauses[:-1]]
    assert minutes == list(delivery.MINUTES_BETWEEN_ATTEMPTS)
    assert refusing.attempts == len(minutes) + 1
    stored = reloaded(message)
    assert (stored.state, stored.attempts, stored.why) == (
        MessageState.FAILED,
        8,
        "ConnectionRefusedError: connection refused",
    )
    assert list(failed_messages()) == [message]


def test_an_address_that_does_not_exist_is_given_up_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = smtplib.SMTPRecipientsRefused({TO: (550, b"no such user")})
    monkeypatch.setattr(EmailMessage, "send", FailingMailSystem(unknown))
    message = send(TO, SUBJECT, BODY)
    queue.run_all()
    assert reloaded(message).state == MessageState.FAILED


def test_a_failed_message_can_be_sent_again_on_request() -> None:
    message = send(TO, SUBJECT, BODY)
    DBTaskResult.objects.all().delete()
    change_stored(Message.objects, state=MessageState.FAILED, attempts=8, ended_at=timezone.now(), why="no mail system")
    call_command("worker", "--again", "--once", verbosity=0, skip_checks=True)
    assert (mail.outbox[0].body, reloaded(message).state, reloaded(message).attempts) == (BODY, MessageState.SENT, 1)


def test_a_message_without_a_task_is_queued_again() -> None:
    message = send(TO, SUBJECT, BODY)
    DBTaskResult.objects.all().delete()
    delivery.queue_overdue()
    assert queue.run_all() == 0  # it is not overdue yet
    change_stored(Message.objects, due_at=timezone.now() - timedelta(hours=1))
    delivery.queue_overdue()
    delivery.queue_overdue()
    assert queue.run_all() == 1
    assert reloaded(message).state == MessageState.SENT


@pytest.fixture
def mail_folder(settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "evenhand.notifications.mail_files.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


def test_each_message_has_one_file_readable_only_by_its_owner(mail_folder: Path) -> None:
    message = send(TO, SUBJECT, BODY)
    queue.run_all()
    change_stored(
        Message.objects, state=MessageState.WAITING, body=BODY
    )  # as after a crash between sending and recording it
    delivery.queue(message)
    queue.run_all()
    (file,) = mail_folder.iterdir()
    assert file.name == f"{message.id}.eml"
    assert (file.stat().st_mode & 0o777, mail_folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert f"To: {TO}" in file.read_text()


def test_files_are_kept_for_thirty_days(mail_folder: Path) -> None:
    for _ in range(2):
        send(TO, SUBJECT, BODY)
    queue.run_all()
    old, new = mail_folder.iterdir()
    days = 86_400
    os.utime(old, (time.time() - 31 * days,) * 2)
    os.utime(new, (time.time() - 29 * days,) * 2)
    mail_files.delete_old_files()
    assert list(mail_folder.iterdir()) == [new]


class CountingTask:
    """A periodic task that counts its runs."""

    def __init__(self) -> None:
        self.runs, self.fails = 0, False

    def __call__(self) -> None:
        self.runs += 1
        if self.fails:
            raise LookupError("Somebody's name")


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> CountingTask:
    counting = CountingTask()
    module = Module(scheduled=(ScheduledTask("test.work", 3600, counting),))
    monkeypatch.setattr(registry, "_modules", {"test": module})
    return counting


def test_a_periodic_task_runs_when_it_is_due(task: CountingTask) -> None:
    periodic.run_due(new_id())
    periodic.run_due(new_id())  # for example after a restart
    assert task.runs == 1
    change_stored(Round.objects, due_at=timezone.now())
    periodic.run_due(new_id())
    assert task.runs == 2


def test_a_periodic_task_taken_by_a_live_worker_is_not_run_by_another(task: CountingTask) -> None:
    now = timezone.now()
    other = Heartbeat.objects.create(version="1", started_at=now, beat_at=now)
    Round.objects.create(name="test.work", due_at=now, taken_by=other.id)
    periodic.run_due(new_id())
    assert task.runs == 0
    change_stored(Heartbeat.objects, beat_at=now - timedelta(hours=1))
    periodic.run_due(new_id())
    assert task.runs == 1


def test_a_failed_periodic_task_is_retried_soon_and_its_error_message_is_not_logged(
    task: CountingTask, caplog: pytest.LogCaptureFixture
) -> None:
    task.fails = True
    periodic.run_due(new_id())
    (failing,) = failing_periodic_tasks()
    assert (failing.faults, failing.why, failing.done_at) == (1, "LookupError", None)
    assert failing.due_at <= timezone.now() + timedelta(seconds=60)
    assert "test.work" in caplog.text
    assert "Somebody" not in caplog.text
    task.fails = False
    change_stored(Round.objects, due_at=timezone.now())
    periodic.run_due(new_id())
    assert not failing_periodic_tasks().exists()


def test_a_task_whose_workers_all_die_is_given_up() -> None:
    send(TO, SUBJECT, BODY)
    for attempt in range(queue.MAX_ATTEMPTS):
        taken = queue._take(new_id())  # by a worker that dies at once
        assert taken is not None
        assert len(taken.worker_ids) == attempt + 1
        queue.requeue_abandoned()
    task = DBTaskResult.objects.get()
    assert (task.status, task.exception_class_path) == ("FAILED", "evenhand.notifications.queue.WorkerLost")


def test_a_worker_leaves_a_heartbeat() -> None:
    assert last_heartbeat() is None
    send(TO, SUBJECT, BODY)
    queue.run_all()
    assert last_heartbeat() is not None
    assert not live_workers().exists()  # it recorded that it stopped


def test_apps_register_their_periodic_tasks() -> None:
    names = {task.name for task in schedule.scheduled_tasks()}
    assert {"ledger.looks", "ledger.checkpoints", "notifications.overdue", "notifications.files"} <= names
    assert "privacy.sweep" in names
