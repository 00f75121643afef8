"""Deliver messages: at least once, retried after an error, and given up after the last attempt.

If a worker dies after sending a message but before recording it, the message is sent again with the same Message-ID, by
which mail systems recognise duplicates. Mail to files has one file for each message, however often it is sent.
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

from evenhand.notifications.enums import MessageState
from evenhand.notifications.models import Message

logger = logging.getLogger(__name__)
MINUTES_BETWEEN_ATTEMPTS = (1, 5, 15, 60, 180, 360, 720)  # then it is given up, after about a day
OVERDUE = timedelta(minutes=15)


@task()
def deliver(message_id: str) -> None:
    message = Message.objects.filter(id=message_id, state=MessageState.WAITING).first()
    if message is None:
        return  # already sent, or erased
    try:
        _email(message).send()
    except Exception as error:  # whatever the mail system does, the message is retried
        _retry_or_fail(message, error)
    else:
        _finish(message, MessageState.SENT, reason="")


def queue(message: Message, *, at: datetime | None = None) -> None:
    """Queue in the caller's transaction, so that a message is sent if and only if the change is committed."""
    deliver.using(run_after=at).enqueue(str(message.id))


def queue_overdue() -> None:
    """Queue messages again that are long overdue, whatever happened to their tasks."""
    for message in Message.objects.filter(state=MessageState.WAITING, due_at__lt=timezone.now() - OVERDUE):
        with transaction.atomic():
            unchanged = Message.objects.filter(id=message.id, due_at=message.due_at, state=MessageState.WAITING)
            if unchanged.update(due_at=timezone.now()):
                queue(message)


def queue_failed() -> int:
    """Queue failed messages again, for example after the mail settings were corrected. Returns the number queued."""
    count = 0
    for message in Message.objects.filter(state=MessageState.FAILED):
        with transaction.atomic():
            failed = Message.objects.filter(id=message.id, state=MessageState.FAILED)
            if failed.update(state=MessageState.WAITING, attempts=0, ended_at=None, due_at=timezone.now()):
                queue(message)
                count += 1
    return count


def _email(message: Message) -> EmailMessage:
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    return EmailMessage(
        message.subject, message.body, to=[message.to], headers={"Message-ID": f"<{message.id}@{domain}>"}
    )


def _retry_or_fail(message: Message, error: Exception) -> None:
    reason = f"{type(error).__name__}: {error}"
    if message.attempts >= len(MINUTES_BETWEEN_ATTEMPTS) or _is_permanent(error):
        _finish(message, MessageState.FAILED, reason=reason)
        logger.error("message %s could not be sent and is given up: %s", message.id, type(error).__name__)
        return
    at = timezone.now() + timedelta(minutes=MINUTES_BETWEEN_ATTEMPTS[message.attempts])
    with transaction.atomic():
        _waiting(message).update(attempts=F("attempts") + 1, why=reason, due_at=at)
        queue(message, at=at)


def _is_permanent(error: Exception) -> bool:
    """Whether the mail system reports that the address does not exist."""
    refused = error.recipients.values() if isinstance(error, SMTPRecipientsRefused) else ()
    return any(code >= 500 for code, _reply in refused)


def _finish(message: Message, state: MessageState, *, reason: str) -> None:
    body = {"body": ""} if state is MessageState.SENT else {}
    _waiting(message).update(state=state, ended_at=timezone.now(), attempts=F("attempts") + 1, why=reason, **body)


def _waiting(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(id=message.id, state=MessageState.WAITING)
