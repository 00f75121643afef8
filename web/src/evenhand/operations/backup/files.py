"""The stored files: which files exist, and whether the content of each still matches its digest."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from evenhand.records.files import Root

DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK_BYTES = 1_048_576


@dataclass(frozen=True)
class StoredFile:
    root: Root
    digest: str

    def __str__(self) -> str:
        return f"{self.root.value}/{self.digest}"

    @property
    def path(self) -> Path:
        return folder(self.root) / self.digest[:2] / self.digest

    def chunks(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk

    def is_intact(self) -> bool:
        digest = hashlib.sha256()
        for chunk in self.chunks():
            digest.update(chunk)
        return digest.hexdigest() == self.digest


def folder(root: Root) -> Path:
    path: Path = settings.EVENHAND_FILE_ROOTS[root.value]
    return path


def stored_files(root: Root) -> Iterator[StoredFile]:
    """Sorted by name. Files still being written, and files of other programs, have other kinds of name."""
    for subfolder in sorted(folder(root).glob("[0-9a-f][0-9a-f]")):
        for file in sorted(subfolder.iterdir()):
            if DIGEST.fullmatch(file.name) and file.name.startswith(subfolder.name) and file.is_file():
                yield StoredFile(root, file.name)
