"""Makes a backup: every row and every stored file as at one moment, while the site stays in use."""

import hashlib
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils import timezone

import evenhand
from evenhand.operations.backup.archive import SECRETS, ArchivePart, ArchiveWriter, new_archive
from evenhand.operations.backup.connection import consistent_connection
from evenhand.operations.backup.files import StoredFile, stored_files
from evenhand.operations.backup.ledger import flush_ledger, latest_checkpoints
from evenhand.operations.backup.manifest import FORMAT
from evenhand.operations.backup.migrations import applied, is_up_to_date, models_at
from evenhand.operations.backup.rows import as_line, columns_of, rows, text_of
from evenhand.operations.backup.secrets import check_of_site_key, keys_in_use
from evenhand.operations.backup.tables import LEFT_OUT, tables
from evenhand.records.files import Root

Progress = Callable[[str], None]


@dataclass
class BackupResult:
    """What a backup contains. A file whose content does not match its digest is left out and listed as damaged."""

    rows: int = 0
    files: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


def make_backup(target: Path, passphrase: str | None, progress: Progress = lambda _: None) -> BackupResult:
    """Write the backup, encrypted unless the passphrase is None. Raises FileExistsError, OSError."""
    result = BackupResult()
    if is_up_to_date(DEFAULT_DB_ALIAS):
        flush_ledger()
    with new_archive(target, passphrase) as archive, consistent_connection() as using:
        at, migrations = text_of(timezone.now()), applied(using)
        models = models_at(MigrationLoader(connections[using]), migrations)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_by": evenhand.__version__,
            "at": at,
            "python": platform.python_version(),
            "database": connections[using].vendor,
            "migrations": sorted(migrations),
            "tables": _write_tables(archive, models, using, result, progress),
            "files": {root.value: _write_files(archive, root, result, progress) for root in Root},
            "left_out": dict(LEFT_OUT),
            "secrets": passphrase is not None and _write_keys(archive),
            "check_of_site_key": check_of_site_key(),
            "record": _ledger_state(models, using),
        }
        archive.finish(manifest)
    result.bytes = target.stat().st_size
    return result


def _write_tables(
    archive: ArchiveWriter, models: Any, using: str, result: BackupResult, progress: Progress
) -> dict[str, Any]:
    return {label: _write_table(archive, label, model, using, result, progress) for label, model in tables(models)}


def _write_table(
    archive: ArchiveWriter, label: str, model: type[Model], using: str, result: BackupResult, progress: Progress
) -> dict[str, Any]:
    before = result.rows
    part = archive.add_part(f"tables/{label}.jsonl", _lines(model, using, result))
    progress(f"{label}: {result.rows - before} rows")
    columns = [column.name for column in columns_of(model)]
    return {"columns": columns, "rows": result.rows - before, "bytes": part.bytes, "sha256": part.sha256}


def _lines(model: type[Model], using: str, result: BackupResult) -> Iterator[bytes]:
    for row in rows(model, using):
        result.rows += 1
        yield as_line(row)


def _write_files(archive: ArchiveWriter, root: Root, result: BackupResult, progress: Progress) -> dict[str, Any]:
    """Files are written after rows, because a file exists before the row that refers to it."""
    names, size, damaged = hashlib.sha256(), 0, []
    count = 0
    for file in stored_files(root):
        if not file.is_intact():
            damaged.append(file.digest)
            continue
        part = _write_file(archive, file)
        names.update(file.digest.encode())
        count, size = count + 1, size + part.bytes
    progress(f"{root.value} files: {count}")
    result.files += count
    result.damaged += [f"{root.value}/{digest}" for digest in damaged]
    return {"count": count, "bytes": size, "sha256_of_names": names.hexdigest(), "damaged": damaged}


def _write_file(archive: ArchiveWriter, file: StoredFile) -> ArchivePart:
    return archive.add_part(f"files/{file}", file.chunks())


def _write_keys(archive: ArchiveWriter) -> dict[str, Any]:
    part = archive.add_part(SECRETS, [keys_in_use()])
    return {"bytes": part.bytes, "sha256": part.sha256}


def _ledger_state(models: Any, using: str) -> dict[str, Any]:
    checkpoints = dict(tables(models)).get("ledger.checkpoint")
    return latest_checkpoints(checkpoints, using) if checkpoints else {}
