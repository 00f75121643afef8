"""What a backup says of itself, read with nothing taken on trust."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evenhand.operations.archive import Part
from evenhand.operations.archive_sealed import Unreadable
from evenhand.records.files import Root

FORMAT = 1
Migration = tuple[str, str]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: int
    part: Part


@dataclass(frozen=True)
class Files:
    count: int
    bytes: int
    sha256_of_names: str
    damaged: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    made_by: str
    at: str
    migrations: frozenset[Migration]
    tables: Mapping[str, Table]
    files: Mapping[Root, Files]
    secrets: Part | None
    check_of_site_key: str
    public_key: str  # of the record; empty, and no checkpoints, where the version that made it had none
    checkpoints: Mapping[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    @property
    def bytes_of_files(self) -> int:
        return sum(each.bytes for each in self.files.values())


def manifest_from(said: Mapping[str, Any]) -> Manifest:
    if said.get("format") != FORMAT:
        raise Unreadable(
            f"This backup has the form {said.get('format')!r}, and this version of Evenhand reads form {FORMAT}. "
            f"Restore it with the version that made it: {said.get('made_by', 'unknown')}."
        )
    try:
        return Manifest(
            made_by=str(said["made_by"]),
            at=str(said["at"]),
            migrations=frozenset((str(app), str(name)) for app, name in said["migrations"]),
            tables={str(label): _table(each) for label, each in said["tables"].items()},
            files={root: _files(said["files"][root.value]) for root in Root},
            secrets=_part(said["secrets"]) if said["secrets"] else None,
            check_of_site_key=str(said["check_of_site_key"]),
            public_key=str(said["record"].get("public_key", "")),
            checkpoints={str(chain): str(note) for chain, note in said["record"].get("checkpoints", {}).items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Unreadable("The manifest of the backup is not one that Evenhand writes.") from fault


def _table(said: Mapping[str, Any]) -> Table:
    return Table(tuple(str(name) for name in said["columns"]), _count(said["rows"]), _part(said))


def _files(said: Mapping[str, Any]) -> Files:
    damaged = tuple(str(digest) for digest in said["damaged"])
    return Files(_count(said["count"]), _count(said["bytes"]), str(said["sha256_of_names"]), damaged)


def _part(said: Mapping[str, Any]) -> Part:
    return Part(_count(said["bytes"]), str(said["sha256"]))


def _count(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value
