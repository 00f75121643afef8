"""The backup file: a zip of parts, each with its size and SHA-256 in a manifest; the zip may be encrypted.

It is written sequentially, under a temporary name until it is complete. Nothing in it is trusted when it is read: only
the part names of a backup are accepted, each part is read only to the size in the manifest, and no path from the
archive is used.
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

from evenhand.operations.backup.encryption import (
    CHUNK_SIZE,
    DecryptingReader,
    EncryptingWriter,
    UnreadableBackup,
    is_encrypted,
)

MANIFEST, SECRETS = "manifest.json", "secrets.json"
PART_NAME = re.compile(
    r"manifest\.json|secrets\.json|tables/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|files/(private|public)/[0-9a-f]{64}"
)
MAX_MANIFEST_BYTES = 8_000_000
MAX_ROW_BYTES = 64_000_000
CHUNK_BYTES = 1_048_576


@dataclass(frozen=True)
class ArchivePart:
    """The size and digest that the manifest states for a part."""

    bytes: int
    sha256: str


class ArchiveWriter:
    def __init__(self, stream: BinaryIO | EncryptingWriter) -> None:
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=4)

    def add_part(self, name: str, chunks: Iterable[bytes]) -> ArchivePart:
        size, digest = 0, hashlib.sha256()
        with self._zip.open(_zip_info(name), "w", force_zip64=True) as output:
            for chunk in chunks:
                output.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        return ArchivePart(size, digest.hexdigest())

    def finish(self, manifest: Mapping[str, Any]) -> None:
        self.add_part(MANIFEST, [json.dumps(manifest, indent=1, sort_keys=True).encode()])
        self._zip.close()

    def abandon(self) -> None:
        """After an error: stops zipfile from completing the archive when the object is garbage-collected."""
        self._zip.fp = None


def _zip_info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)  # a fixed date: the manifest says when the backup was made
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    return info


@contextmanager
def new_archive(target: Path, passphrase: str | None) -> Iterator[ArchiveWriter]:
    """A new archive that only this user can read. It gets its final name once it is complete and on disk."""
    unfinished = target.with_name(f"{target.name}.part-{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            encryption = EncryptingWriter(file, passphrase) if passphrase is not None else None
            writer = ArchiveWriter(encryption or file)
            try:
                yield writer
            finally:
                writer.abandon()
            if encryption:
                encryption.finish()
            file.flush()
            os.fsync(file.fileno())
        _move_into_place(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _move_into_place(unfinished: Path, target: Path) -> None:
    try:
        os.link(unfinished, target)  # unlike rename, fails if the target exists
    except FileExistsError:
        raise
    except OSError:  # the file system has no hard links
        if target.exists():
            raise FileExistsError(target) from None
        unfinished.rename(target)
    descriptor = os.open(target.parent, os.O_RDONLY)  # so that the directory entry is on disk too
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class ArchiveReader:
    def __init__(self, stream: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(stream)
        except zipfile.BadZipFile as error:
            raise UnreadableBackup("The file is not a backup, or has been changed or cut short.") from error
        self.names = self._checked_names()
        text = b"".join(self.chunks(MANIFEST, MAX_MANIFEST_BYTES))
        try:
            self.manifest: dict[str, Any] = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UnreadableBackup("The manifest of the backup can't be read.") from error

    def chunks(self, name: str, limit: int) -> Iterator[bytes]:
        """The part in chunks; at most `limit` bytes, whatever size the archive claims."""
        yield from self._read_limited(name, limit, lambda part: part.read(CHUNK_BYTES))

    def lines(self, name: str, expected: ArchivePart) -> Iterator[bytes]:
        """The rows of a table. The last row is returned only if the whole part matches the manifest."""
        digest, previous = hashlib.sha256(), b""
        for line in self._read_limited(name, expected.bytes, lambda part: part.readline(MAX_ROW_BYTES)):
            digest.update(line)
            if previous:
                yield previous
            previous = line
        if digest.hexdigest() != expected.sha256:
            raise UnreadableBackup(f"{name} in the backup does not match the manifest.")
        if previous:
            yield previous

    def _read_limited(self, name: str, limit: int, read: Callable[[IO[bytes]], bytes]) -> Iterator[bytes]:
        if name not in self.names:
            raise UnreadableBackup(f"{name} is missing from the backup.")
        try:
            with self._zip.open(name) as part:
                while chunk := read(part):
                    limit -= len(chunk)
                    if limit < 0:
                        raise UnreadableBackup(f"{name} in the backup is larger than the manifest states.")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise UnreadableBackup(f"{name} in the backup can't be read: it has been changed or cut short.") from error

    def _checked_names(self) -> frozenset[str]:
        names = self._zip.namelist()
        unexpected = [name for name in names if not PART_NAME.fullmatch(name)]
        if unexpected:
            raise UnreadableBackup(f"The file is not a backup: it contains {unexpected[0][:60]!r}.")
        if len(set(names)) != len(names):
            raise UnreadableBackup("The file is not a backup: it contains two parts with the same name.")
        return frozenset(names)


@contextmanager
def open_archive(source: Path, passphrase: Callable[[], str]) -> Iterator[ArchiveReader]:
    """Opens a backup; the passphrase is asked for only if the backup is encrypted.

    A read of an encrypted file returns at most the rest of one chunk, and zipfile treats a short read as a truncated
    file. It is therefore read through a buffer, which keeps reading until it has the number of bytes asked for.
    """
    with source.open("rb") as file:
        stream: Any = (
            io.BufferedReader(DecryptingReader(file, passphrase()), CHUNK_SIZE) if is_encrypted(file) else file
        )
        yield ArchiveReader(stream)
