"""The doctor on e-mail."""

from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from evenhand.notifications.queries import failed
from evenhand.operations.doctor import Line, broken, look, ok
from evenhand.operations.doctor_storage import writable

ABOUT = "mail"
PATIENCE_SECONDS = 5


def mail(deep: bool) -> Iterator[Line]:
    yield from _smtp() if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else _folder()
    if count := failed().count():
        yield look(ABOUT, f"{count} messages could not be sent and were given up.", "See that EVENHAND_MAIL is right.")


def _folder() -> Iterator[Line]:
    yield from writable(Path(settings.EMAIL_FILE_PATH), ABOUT)
    if settings.EVENHAND_PRODUCTION:
        yield look(ABOUT, "Messages go into files, and nobody gets them.", "Set EVENHAND_MAIL to your mail server.")


def _smtp() -> Iterator[Line]:
    """As far as a sign-in to the server: nothing is sent."""
    server = get_connection(timeout=PATIENCE_SECONDS)
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as fault:
        mend = "See that EVENHAND_MAIL is right, and that this machine may reach the server."
        yield broken(ABOUT, f"The mail server did not let us in ({type(fault).__name__}).", mend)
    else:
        yield ok(ABOUT, "The mail server answers and lets us in.")
