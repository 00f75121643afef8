"""Reads a backup through, part by part: what `--verify` does without a database, and `restore` before it trusts it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from evenhand.operations.archive import SECRETS, Reader
from evenhand.operations.archive_sealed import Unreadable
from evenhand.operations.backup_files import KeptFile
from evenhand.operations.backup_manifest import Manifest, manifest_from
from evenhand.records.files import Root

LARGEST_SECRETS = 1_000_000


def manifest_of(archive: Reader) -> Manifest:
    """The manifest, when the archive holds just the parts that it names."""
    manifest = manifest_from(archive.manifest)
    expected = {f"tables/{label}.jsonl" for label in manifest.tables} | {"manifest.json"}
    expected |= {SECRETS} if manifest.secrets else set()
    found = {name for name in archive.names if not name.startswith("files/")}
    if differing := sorted(expected ^ found):
        raise Unreadable(f"The backup does not hold what its manifest says: {', '.join(differing[:5])}.")
    for root, files in manifest.files.items():
        names = [file.digest for file in files_of(archive, root)]
        digest = hashlib.sha256("".join(names).encode()).hexdigest()
        if (len(names), digest) != (files.count, files.sha256_of_names):
            raise Unreadable(f"The backup does not hold the {root.value} files that its manifest says.")
    return manifest


def files_of(archive: Reader, root: Root) -> list[KeptFile]:
    start = f"files/{root.value}/"
    return [KeptFile(root, name[len(start) :]) for name in sorted(archive.names) if name.startswith(start)]


def lines_of(archive: Reader, manifest: Manifest, label: str) -> Iterator[bytes]:
    """The rows of a table; fails at the end where they are not as many, or not those, that the manifest says."""
    table, found = manifest.tables[label], 0
    for line in archive.lines(f"tables/{label}.jsonl", table.part):
        found += 1
        yield line
    if found != table.rows:
        raise Unreadable(f"The backup holds {found} rows of {label}, and its manifest says {table.rows}.")


def content_of(archive: Reader, file: KeptFile, most: int) -> Iterator[bytes]:
    """The file, piece by piece; fails at the end where it is not what its name says."""
    digest = hashlib.sha256()
    for piece in archive.pieces(f"files/{file}", most):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != file.digest:
        raise Unreadable(f"A {file.root.value} file in the backup is not what its name says: {file.digest}.")


def secrets_of(archive: Reader, manifest: Manifest) -> dict[str, str]:
    if manifest.secrets is None:
        return {}
    text = b"".join(archive.pieces(SECRETS, min(manifest.secrets.bytes, LARGEST_SECRETS)))
    if hashlib.sha256(text).hexdigest() != manifest.secrets.sha256:
        raise Unreadable("The keys in the backup are not what its manifest says.")
    said: dict[str, Any] = _parsed(text, "The part of the backup that holds the keys")
    return {str(name): str(value) for name, value in said.items()}


def _parsed(text: bytes, what: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Unreadable(f"{what} can't be read.") from fault


def read_through(archive: Reader) -> Manifest:
    """Everything, to the last byte."""
    manifest = manifest_of(archive)
    for label, table in manifest.tables.items():
        for line in lines_of(archive, manifest, label):
            row = _parsed(line, f"A row of {label} in the backup")
            if not isinstance(row, list) or len(row) != len(table.columns):
                raise Unreadable(f"A row of {label} in the backup has not the columns of its table.")
    for root, files in manifest.files.items():
        left = files.bytes
        for file in files_of(archive, root):
            left -= sum(len(piece) for piece in content_of(archive, file, left))
    secrets_of(archive, manifest)
    return manifest
