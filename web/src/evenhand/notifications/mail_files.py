"""Mail to files: one file for each message, named by the message's id and readable only by its owner."""

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
_MESSAGE_ID = re.compile(r"<([0-9a-f-]{36})@")


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder / f"{_name(message)}.eml", message.message().as_bytes())
        return len(email_messages)


def delete_old_files() -> None:
    oldest = time.time() - KEPT_DAYS * 86_400
    for file in _folder().glob("*.eml*"):
        if file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)


def _name(message: EmailMessage) -> str:
    """The id in the Message-ID header, so that sending a message again replaces its file."""
    match = _MESSAGE_ID.match(message.extra_headers.get("Message-ID", ""))
    return match[1] if match else str(new_id())


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(".eml-part")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
