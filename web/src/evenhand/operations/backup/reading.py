"""Reads and checks a backup part by part: used by `backup --verify`, which needs no database, and by `restore`."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from evenhand.operations.backup.archive import SECRETS, ArchiveReader
from evenhand.operations.backup.encryption import UnreadableBackup
from evenhand.operations.backup.files import StoredFile
from evenhand.operations.backup.manifest import Manifest, manifest_from
from evenhand.records.files import Root

MAX_SECRETS_BYTES = 1_000_000


def manifest_of(archive: ArchiveReader) -> Manifest:
    """The manifest, if the archive contains exactly the parts that it lists."""
    manifest = manifest_from(archive.manifest)
    expected = {f"tables/{label}.jsonl" for label in manifest.tables} | {"manifest.json"}
    expected |= {SECRETS} if manifest.secrets else set()
    actual = {name for name in archive.names if not name.startswith("files/")}
    if differing := sorted(expected ^ actual):
        raise UnreadableBackup(f"The backup does not contain what its manifest lists: {', '.join(differing[:5])}.")
    for root, files in manifest.files.items():
        names = [file.digest for file in files_of(archive, root)]
        digest = hashlib.sha256("".join(names).encode()).hexdigest()
        if (len(names), digest) != (files.count, files.sha256_of_names):
            raise UnreadableBackup(f"The backup does not contain the {root.value} files that its manifest lists.")
    return manifest


def files_of(archive: ArchiveReader, root: Root) -> list[StoredFile]:
    prefix = f"files/{root.value}/"
    return [StoredFile(root, name[len(prefix) :]) for name in sorted(archive.names) if name.startswith(prefix)]


def lines_of(archive: ArchiveReader, manifest: Manifest, label: str) -> Iterator[bytes]:
    """The rows of a table; fails at the end if their number or digest does not match the manifest."""
    table, count = manifest.tables[label], 0
    for line in archive.lines(f"tables/{label}.jsonl", table.part):
        count += 1
        yield line
    if count != table.rows:
        raise UnreadableBackup(f"The backup contains {count} rows of {label}, but its manifest states {table.rows}.")


def content_of(archive: ArchiveReader, file: StoredFile, limit: int) -> Iterator[bytes]:
    """The file in chunks; fails at the end if its content does not match its digest."""
    digest = hashlib.sha256()
    for chunk in archive.chunks(f"files/{file}", limit):
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != file.digest:
        raise UnreadableBackup(f"A {file.root.value} file in the backup does not match its digest: {file.digest}.")


def secrets_of(archive: ArchiveReader, manifest: Manifest) -> dict[str, str]:
    if manifest.secrets is None:
        return {}
    text = b"".join(archive.chunks(SECRETS, min(manifest.secrets.bytes, MAX_SECRETS_BYTES)))
    if hashlib.sha256(text).hexdigest() != manifest.secrets.sha256:
        raise UnreadableBackup("The keys in the backup do not match the manifest.")
    keys: dict[str, Any] = _parsed(text, "The part of the backup that contains the keys")
    return {str(name): str(value) for name, value in keys.items()}


def _parsed(text: bytes, description: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableBackup(f"{description} can't be read.") from error


def read_through(archive: ArchiveReader) -> Manifest:
    """Read and check the whole backup."""
    manifest = manifest_of(archive)
    for label, table in manifest.tables.items():
        for line in lines_of(archive, manifest, label):
            row = _parsed(line, f"A row of {label} in the backup")
            if not isinstance(row, list) or len(row) != len(table.columns):
                raise UnreadableBackup(f"A row of {label} in the backup does not have the columns of its table.")
    for root, files in manifest.files.items():
        bytes_left = files.bytes
        for file in files_of(archive, root):
            bytes_left -= sum(len(chunk) for chunk in content_of(archive, file, bytes_left))
    secrets_of(archive, manifest)
    return manifest
