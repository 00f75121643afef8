"""Emails that the mail backend saves as files. The decoded text of each is searched for a person's identifiers."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings

from evenhand.authorities.models import User
from evenhand.privacy.identifiers import Identifiers


def find_messages(_person: User, identifiers: Identifiers) -> Iterator[str]:
    for file in _matching_files(identifiers):
        yield f"{file.name}, {file.stat().st_size} bytes"


def delete_messages(_person: User, identifiers: Identifiers) -> None:
    for file in _matching_files(identifiers):
        file.unlink(missing_ok=True)


def _matching_files(identifiers: Identifiers) -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return [file for file in sorted(folder.glob("*")) if file.is_file() and identifiers.appear_in(_decoded(file))]


def _decoded(file: Path) -> str:
    """The headers and body with transfer encodings decoded, followed by the raw message."""
    content = file.read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([headers, *map(str, parts), content.decode(errors="replace")])
