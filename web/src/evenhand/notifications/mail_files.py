"""Mail that goes to files: one for each message, readable by its owner alone, named by the message's id."""

import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from evenhand.records.identity import new_id

KEPT_DAYS = 30
_NAME = re.compile(r"<([0-9a-f-]{36})@")


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for each in email_messages:
            _write(folder / f"{_name(each)}.eml", each.message().as_bytes())
        return len(email_messages)


def remove_old() -> None:
    oldest = time.time() - KEPT_DAYS * 86_400
    for file in _folder().glob("*.eml*"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _name(message: EmailMessage) -> str:
    """The id that the message carries, so that sending it again replaces its file."""
    given = _NAME.match(message.extra_headers.get("Message-ID", ""))
    return given[1] if given else str(new_id())


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(".eml-part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
