"""Sending a message: at least once, tried again after a fault, given up after the last try.

Between sending and saying so a worker may die; the message then goes out again, under the same Message-ID, by which
a mail system knows it. Mail that goes to files has one file for each message, however often it is sent.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task

from evenhand.notifications.enums import State
from evenhand.notifications.models import Message

logger = logging.getLogger(__name__)
MINUTES_BETWEEN_TRIES = (1, 5, 15, 60, 180, 360, 720)  # then it is given up, after about a day
OVERDUE = timedelta(minutes=15)


@task()
def deliver(message_id: str) -> None:
    message = Message.objects.filter(id=message_id, state=State.WAITING).first()
    if message is None:
        return  # sent already, or erased
    try:
        _email(message).send()
    except Exception as fault:  # whatever a mail system does, the message is tried again
        _put_off(message, fault)
    else:
        _end(message, State.SENT, why="")


def queue(message: Message, *, at: datetime | None = None) -> None:
    """In the caller's transaction, so that a message that stands is queued, and none that was undone is sent."""
    deliver.using(run_after=at).enqueue(str(message.id))


def queue_overdue() -> None:
    """Queue again what should long have been tried, whatever became of its task."""
    for message in Message.objects.filter(state=State.WAITING, due_at__lt=timezone.now() - OVERDUE):
        with transaction.atomic():
            again = Message.objects.filter(id=message.id, due_at=message.due_at, state=State.WAITING)
            if again.update(due_at=timezone.now()):
                queue(message)


def queue_failed() -> int:
    """Begin again with what was given up: the settings may be mended by now."""
    number = 0
    for message in Message.objects.filter(state=State.FAILED):
        with transaction.atomic():
            given_up = Message.objects.filter(id=message.id, state=State.FAILED)
            if given_up.update(state=State.WAITING, attempts=0, ended_at=None, due_at=timezone.now()):
                queue(message)
                number += 1
    return number


def _email(message: Message) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        message.subject, message.body, to=[message.to], headers={"Message-ID": f"<{message.id}@{domain}>"}
    )


def _put_off(message: Message, fault: Exception) -> None:
    why = f"{type(fault).__name__}: {fault}"
    if message.attempts >= len(MINUTES_BETWEEN_TRIES) or _final(fault):
        _end(message, State.FAILED, why=why)
        logger.error("message %s could not be sent and is given up: %s", message.id, type(fault).__name__)
        return
    at = timezone.now() + timedelta(minutes=MINUTES_BETWEEN_TRIES[message.attempts])
    with transaction.atomic():
        _waiting(message).update(attempts=F("attempts") + 1, why=why, due_at=at)
        queue(message, at=at)


def _final(fault: Exception) -> bool:
    """Whether the mail system says that no such address exists, now or later."""
    refused = fault.recipients.values() if isinstance(fault, SMTPRecipientsRefused) else ()
    return any(code >= 500 for code, _said in refused)


def _end(message: Message, state: State, *, why: str) -> None:
    text = {"body": ""} if state is State.SENT else {}
    _waiting(message).update(state=state, ended_at=timezone.now(), attempts=F("attempts") + 1, why=why, **text)


def _waiting(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(id=message.id, state=State.WAITING)
