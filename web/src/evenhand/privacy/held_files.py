"""Mail that was written to files: held beside the tables, and looked for by what a message says once it is read."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings

from evenhand.authorities.models import User
from evenhand.privacy.registry import hold
from evenhand.privacy.traces import Traces


def register() -> None:
    hold("messages in files", find=messages_naming, erase=remove_messages_naming)


def messages_naming(_person: User, traces: Traces) -> Iterator[str]:
    for file in _files(traces):
        yield f"{file.name}, {file.stat().st_size} bytes"


def remove_messages_naming(_person: User, traces: Traces) -> None:
    for file in _files(traces):
        file.unlink(missing_ok=True)


def _files(traces: Traces) -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return [file for file in sorted(folder.glob("*")) if file.is_file() and traces.are_in(_text(file))]


def _text(file: Path) -> str:
    """Headers and text as a reader sees them, not as the post writes them."""
    content = file.read_bytes()
    message = message_from_bytes(content, policy=policy.default)
    headers = "\n".join(f"{name}: {value}" for name, value in message.items())
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([headers, *map(str, parts), content.decode(errors="replace")])
