"""The file of a backup: a zip of parts, each with its size and SHA-256 in a manifest, the whole sealed or not.

Written in one go from start to end, under another name until it is whole. Read with nothing taken on trust: only the
names that a backup has, never more of a part than the manifest says, never a path from the archive.
"""

import hashlib
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from evenhand.operations.archive_sealed import PIECE, Sealing, Unreadable, Unsealed, is_sealed

MANIFEST, SECRETS = "manifest.json", "secrets.json"
NAMES = re.compile(
    r"manifest\.json|secrets\.json|tables/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|files/(private|public)/[0-9a-f]{64}"
)
LARGEST_MANIFEST = 8_000_000
LARGEST_ROW = 64_000_000
AT_ONCE = 1_048_576


@dataclass(frozen=True)
class Part:
    """What the manifest says of a part."""

    bytes: int
    sha256: str


class Writer:
    def __init__(self, stream: BinaryIO | Sealing) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=4)

    def part(self, name: str, pieces: Iterable[bytes]) -> Part:
        size, digest = 0, hashlib.sha256()
        with self._zip.open(_named(name), "w", force_zip64=True) as into:
            for piece in pieces:
                into.write(piece)
                digest.update(piece)
                size += len(piece)
        return Part(size, digest.hexdigest())

    def finish(self, manifest: Mapping[str, Any]) -> None:
        self.part(MANIFEST, [json.dumps(manifest, indent=1, sort_keys=True).encode()])
        self._zip.close()

    def abandon(self) -> None:
        """After a fault: the archive is not to be ended when Python clears it away."""
        self._zip.fp = None


def _named(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # a fixed date: when the backup was made stands in its manifest
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return info


@contextmanager
def writing(target: Path, passphrase: str | None) -> Iterator[Writer]:
    """A new archive for this user alone. It stands under its own name only when it is whole and on the disk."""
    unfinished = target.with_name(f"{target.name}.part-{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            sealing = Sealing(file, passphrase) if passphrase is not None else None
            writer = Writer(sealing or file)
            try:
                yield writer
            finally:
                writer.abandon()
            if sealing:
                sealing.finish()
            file.flush()
            os.fsync(file.fileno())
        _name(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _name(unfinished: Path, target: Path) -> None:
    try:
        os.link(unfinished, target)  # unlike a renaming, refuses to take the place of another
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if target.exists():
            raise FileExistsError(target) from None
        unfinished.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)  # so that the name is on the disk too
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Reader:
    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except zipfile.BadZipFile as fault:
            raise Unreadable("The file is not a backup, or has been changed or cut short.") from fault
        self.names = self._trusted()
        text = b"".join(self.pieces(MANIFEST, LARGEST_MANIFEST))
        try:
            self.manifest: dict[str, Any] = json.loads(text)
        except (ValueError, RecursionError) as fault:
            raise Unreadable("The manifest of the backup can't be read.") from fault

    def pieces(self, name: str, most: int) -> Iterator[bytes]:
        """The part, never more than `most` of it whatever the archive says of itself."""
        yield from self._checked(name, most, lambda part: part.read(AT_ONCE))

    def lines(self, name: str, expected: Part) -> Iterator[bytes]:
        """The rows of a table. The last is given only when the whole part is what the manifest says."""
        digest, held = hashlib.sha256(), b""
        for line in self._checked(name, expected.bytes, lambda part: part.readline(LARGEST_ROW)):
            digest.update(line)
            if held:
                yield held
            held = line
        if digest.hexdigest() != expected.sha256:
            raise Unreadable(f"{name} of the backup is not what its manifest says.")
        if held:
            yield held

    def _checked(self, name: str, most: int, read: Callable[[IO[bytes]], bytes]) -> Iterator[bytes]:
        if name not in self.names:
            raise Unreadable(f"{name} is missing from the backup.")
        try:
            with self._zip.open(name) as part:
                while piece := read(part):
                    most -= len(piece)
                    if most < 0:
                        raise Unreadable(f"{name} of the backup is larger than its manifest says.")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
            raise Unreadable(f"{name} of the backup can't be read: it has been changed or cut short.") from fault

    def _trusted(self) -> frozenset[str]:
        names = self._zip.namelist()
        strange = [each for each in names if not NAMES.fullmatch(each)]
        if strange:
            raise Unreadable(f"The file is not a backup: it holds something called {strange[0][:60]!r}.")
        if len(set(names)) != len(names):
            raise Unreadable("The file is not a backup: it holds two parts of one name.")
        return frozenset(names)


@contextmanager
def reading(source: Path, passphrase: Callable[[], str]) -> Iterator[Reader]:
    """Opens a backup; the passphrase is asked for only where it takes one.

    A sealed file gives at most the rest of a piece at once, and zipfile takes less than it asked for as a file cut
    short: so it is read through a buffer, which goes on until it has as much as was asked for.
    """
    with source.open("rb") as file:
        stream: Any = io.BufferedReader(Unsealed(file, passphrase()), PIECE) if is_sealed(file) else file
        yield Reader(stream)
