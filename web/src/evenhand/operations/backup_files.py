"""The kept files: which there are, and whether each still holds what its name says."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from evenhand.records.files import Root

NAME = re.compile(r"[0-9a-f]{64}")
AT_ONCE = 1_048_576


@dataclass(frozen=True)
class KeptFile:
    root: Root
    digest: str

    def __str__(self) -> str:
        return f"{self.root.value}/{self.digest}"

    @property
    def path(self) -> Path:
        return folder(self.root) / self.digest[:2] / self.digest

    def pieces(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            while piece := file.read(AT_ONCE):
                yield piece

    def is_whole(self) -> bool:
        digest = hashlib.sha256()
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest() == self.digest


def folder(root: Root) -> Path:
    named: Path = settings.EVENHAND_FILE_ROOTS[root.value]
    return named


def kept_files(root: Root) -> Iterator[KeptFile]:
    """By name. What is still being written, or was never ours, has another kind of name."""
    for shelf in sorted(folder(root).glob("[0-9a-f][0-9a-f]")):
        for file in sorted(shelf.iterdir()):
            if NAME.fullmatch(file.name) and file.name.startswith(shelf.name) and file.is_file():
                yield KeptFile(root, file.name)
