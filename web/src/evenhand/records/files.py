"""Kept files, named by their content, under two roots that never meet: private and public."""

import hashlib
from enum import StrEnum
from pathlib import Path

from django.conf import settings


class Root(StrEnum):
    PRIVATE = "private"
    PUBLIC = "public"


class FileTooLarge(ValueError):
    """The file is over the size that this system takes."""


def keep(root: Root, content: bytes) -> str:
    """Write the content once; returns its SHA-256, by which `kept` finds it again."""
    if len(content) > settings.EVENHAND_LARGEST_FILE_BYTES:
        megabytes = settings.EVENHAND_LARGEST_FILE_BYTES // 1_000_000
        raise FileTooLarge(f"The file is larger than {megabytes} MB. Split it, or leave out what is not needed.")
    digest = hashlib.sha256(content).hexdigest()
    path = _path(root, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
    return digest


def kept(root: Root, digest: str) -> bytes:
    return _path(root, digest).read_bytes()


def _path(root: Root, digest: str) -> Path:
    folder: Path = settings.EVENHAND_FILE_ROOTS[root.value]
    return folder / digest[:2] / digest
