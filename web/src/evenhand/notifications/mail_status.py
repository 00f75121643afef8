"""Whether e-mail leaves this server, in words for the people who expect it to arrive."""

from django.conf import settings
from django.utils.translation import gettext

FILES = "evenhand.notifications.mail_files.EmailBackend"


def is_sent() -> bool:
    return bool(settings.EMAIL_BACKEND != FILES)


def not_sent_note() -> str:
    """Where the message is, if this site writes messages to files; empty if they are sent."""
    if is_sent():
        return ""
    if settings.EVENHAND_PRODUCTION:  # the folder is the business of the people who run the server
        return gettext(
            "This site does not send email. The message is saved as a file on its server: ask the people who run it to "
            "forward it."
        )
    return gettext("This site does not send email. The message is saved as a file in %(folder)s.") % {
        "folder": settings.EMAIL_FILE_PATH
    }
