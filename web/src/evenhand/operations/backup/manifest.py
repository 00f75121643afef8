"""The manifest of a backup, checked as it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.operations.backup.archive import ArchivePart
from evenhand.operations.backup.encryption import UnreadableBackup
from evenhand.records.files import Root

FORMAT = 1
Migration = tuple[str, str]


@dataclass(frozen=True)
class ManifestTable:
    columns: tuple[str, ...]
    rows: int
    part: ArchivePart


@dataclass(frozen=True)
class ManifestFiles:
    count: int
    bytes: int
    sha256_of_names: str
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    made_by: str
    at: str
    migrations: frozenset[Migration]
    tables: Mapping[str, ManifestTable]
    files: Mapping[Root, ManifestFiles]
    secrets: ArchivePart | None
    check_of_site_key: str
    public_key: str  # of the ledger; empty, and no checkpoints, if made by a version without them
    checkpoints: Mapping[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def bytes_of_files(self) -> int:
        return sum(files.bytes for files in self.files.values())


def manifest_from(data: Mapping[str, Any]) -> Manifest:
    if data.get("format") != FORMAT:
        raise UnreadableBackup(
            f"This backup has format {data.get('format')!r}, and this version of Evenhand reads format {FORMAT}. "
            f"Restore it with the version that made it: {data.get('made_by', 'unknown')}."
        )
    try:
        return Manifest(
            made_by=str(data["made_by"]),
            at=str(data["at"]),
            migrations=frozenset((str(app), str(name)) for app, name in data["migrations"]),
            tables={str(label): _table(table) for label, table in data["tables"].items()},
            files={root: _files(data["files"][root.value]) for root in Root},
            secrets=_part(data["secrets"]) if data["secrets"] else None,
            check_of_site_key=str(data["check_of_site_key"]),
            public_key=str(data["record"].get("public_key", "")),
            checkpoints={str(chain): str(note) for chain, note in data["record"].get("checkpoints", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableBackup("The manifest of the backup is not a valid Evenhand manifest.") from error


def _table(data: Mapping[str, Any]) -> ManifestTable:
    return ManifestTable(tuple(str(name) for name in data["columns"]), _count(data["rows"]), _part(data))


def _files(data: Mapping[str, Any]) -> ManifestFiles:
    damaged = tuple(str(digest) for digest in data["damaged"])
    return ManifestFiles(_count(data["count"]), _count(data["bytes"]), str(data["sha256_of_names"]), damaged)


def _part(data: Mapping[str, Any]) -> ArchivePart:
    return ArchivePart(_count(data["bytes"]), str(data["sha256"]))


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value
