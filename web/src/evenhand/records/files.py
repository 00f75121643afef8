"""Kept files, named by their content, under two roots that never meet: private and public."""

import hashlib
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class Root(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


class CannotRead(ValueError):
    """The file can't be taken in: the message says why, and what to do."""


def read(path: Path) -> bytes:
    """The whole of a file that somebody named, if it is a file and not too large."""
    if not path.exists():
        raise CannotRead(f"{path} can't be read: there is no such file.")
    if not path.is_file():
        raise CannotRead(f"{path} can't be read: it is not a file. Name the file itself.")
    if path.stat().st_size > settings.EVENHAND_LARGEST_FILE_BYTES:
        megabytes = settings.EVENHAND_LARGEST_FILE_BYTES // 1_000_000
        raise CannotRead(f"{path} is larger than {megabytes} MB. Split it, or leave out what is not needed.")
    try:
        return path.read_bytes()
    except OSError as fault:
        raise CannotRead(f"{path} can't be read: {fault.strerror}.") from fault


def fingerprint(content: bytes) -> str:
    """The SHA-256 by which `kept` finds a file again."""
    return hashlib.sha256(content).hexdigest()


def keep(root: Root, content: bytes) -> None:
    """Write the content once. Called last in a transaction, so that what is refused leaves no file behind."""
    path = _path(root, fingerprint(content))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)


def kept(root: Root, digest: str) -> bytes:
    return _path(root, digest).read_bytes()


def _path(root: Root, digest: str) -> Path:
    folder: Path = settings.EVENHAND_FILE_ROOTS[root.value]
    return folder / digest[:2] / digest
