"""Writing a message. Nobody's permission is asked here: whoever sends was allowed the change that it tells of."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from evenhand.notifications.delivery import queue
from evenhand.notifications.models import Message

LONGEST_SUBJECT = 500


class CannotSend(ValueError):
    """No such message can be sent: the text says why."""


def send(to: str, subject: str, body: str, *, about: UUID | None = None) -> Message:
    """Store the message in the transaction of the change, and queue it there too: both stand, or neither."""
    _check(to, subject)
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.create(
            to=to, subject=subject, body=body, about_id=about, created_at=now, due_at=now, why=""
        )
        queue(message)
    return message


def _check(to: str, subject: str) -> None:
    try:
        validate_email(to)
    except ValidationError as invalid:
        raise CannotSend("The message has no valid e-mail address to go to.") from invalid
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or any(not letter.isprintable() for letter in subject):
        raise CannotSend(f"A subject is one line of at most {LONGEST_SUBJECT} characters.")
