"""Stored files, named by their content, in two separate folders: private and public."""

import hashlib
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class Root(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


class CannotRead(ValueError):
    """The file cannot be read: the message gives the reason and what to do."""


def read(path: Path) -> bytes:
    """Return the content of a file that the user named, if it is a file and not too large."""
    if not path.exists():
        raise CannotRead(f"{path} can't be read: there is no such file.")
    if not path.is_file():
        raise CannotRead(f"{path} can't be read: it is not a file. Give the name of a file.")
    if path.stat().st_size > settings.EVENHAND_LARGEST_FILE_BYTES:
        megabytes = settings.EVENHAND_LARGEST_FILE_BYTES // 1_000_000
        raise CannotRead(f"{path} is larger than {megabytes} MB. Split it, or leave out what is not needed.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{path} can't be read: {error.strerror}.") from error


def fingerprint(content: bytes) -> str:
    """The SHA-256 digest by which `load` finds a file."""
    return hashlib.sha256(content).hexdigest()


def store(root: Root, content: bytes) -> None:
    """Write the content once. Call it last in a transaction, so that a refused change leaves no file behind."""
    path = _path(root, fingerprint(content))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)


def load(root: Root, digest: str) -> bytes:
    return _path(root, digest).read_bytes()


def _path(root: Root, digest: str) -> Path:
    folder: Path = settings.EVENHAND_FILE_ROOTS[root.value]
    return folder / digest[:2] / digest
