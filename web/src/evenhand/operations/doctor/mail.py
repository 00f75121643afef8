"""Doctor checks of e-mail."""

from collections.abc import Iterator
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection

from evenhand.notifications.queries import failed_messages
from evenhand.operations.doctor.results import DoctorResult, broken, ok, warn
from evenhand.operations.doctor.storage import check_writable

AREA = "mail"
TIMEOUT_SECONDS = 5


def check_mail(deep: bool) -> Iterator[DoctorResult]:
    yield from _check_smtp() if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else _check_folder()
    if count := failed_messages().count():
        yield warn(AREA, f"{count} messages could not be sent, and are no longer retried.", "Check EVENHAND_MAIL.")


def _check_folder() -> Iterator[DoctorResult]:
    yield from check_writable(Path(settings.EMAIL_FILE_PATH), AREA)
    if settings.EVENHAND_PRODUCTION:
        yield warn(AREA, "Messages are written to files and are not sent.", "Set EVENHAND_MAIL to your mail server.")


def _check_smtp() -> Iterator[DoctorResult]:
    """Connects and signs in to the server; no message is sent."""
    server = get_connection(timeout=TIMEOUT_SECONDS)
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        fix = "Check EVENHAND_MAIL, and that this machine is allowed to connect to the server."
        yield broken(AREA, f"Could not sign in to the mail server ({type(error).__name__}).", fix)
    else:
        yield ok(AREA, "Signing in to the mail server works.")
