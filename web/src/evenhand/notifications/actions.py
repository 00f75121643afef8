"""Write messages. No permission is checked here: the caller has checked the change that the message is about."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from evenhand.notifications.delivery import queue
from evenhand.notifications.models import Message

LONGEST_SUBJECT = 500


class CannotSend(ValueError):
    """The message cannot be sent: the text gives the reason."""


def send(to: str, subject: str, body: str, *, about: UUID | None = None) -> Message:
    """Store and queue the message in the transaction of the change, so that both are committed or neither."""
    _validate(to, subject)
    now = timezone.now()
    with transaction.atomic():
        message = Message.objects.create(
            to=to, subject=subject, body=body, about_id=about, created_at=now, due_at=now, why=""
        )
        queue(message)
    return message


def _validate(to: str, subject: str) -> None:
    try:
        validate_email(to)
    except ValidationError as error:
        raise CannotSend("The message does not have a valid e-mail address.") from error
    is_printable = all(character.isprintable() for character in subject)
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not is_printable:
        raise CannotSend(f"The subject must be one line of at most {LONGEST_SUBJECT} characters.")
