"""Makes a backup: every row and every kept file as they were at one moment, while the site goes on working."""

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
from evenhand.operations.archive import SECRETS, Part, Writer, writing
from evenhand.operations.backup_files import KeptFile, kept_files
from evenhand.operations.backup_manifest import FORMAT
from evenhand.operations.backup_moment import moment
from evenhand.operations.backup_record import settle, stated
from evenhand.operations.backup_rows import as_line, columns_of, rows, text_of
from evenhand.operations.backup_secrets import check_of_site_key, keys_in_use
from evenhand.operations.backup_state import applied, is_up_to_date, models_at
from evenhand.operations.backup_tables import LEFT_OUT, tables
from evenhand.records.files import Root

Told = Callable[[str], None]


@dataclass
class Made:
    """What went into a backup. A file that no longer holds what its name says is left out, and named here."""

    rows: int = 0
    files: int = 0
    bytes: int = 0
    damaged: list[str] = field(default_factory=list)


def make(target: Path, passphrase: str | None, told: Told = lambda _: None) -> Made:
    """Write the backup, sealed unless the passphrase is None. Raises FileExistsError, OSError."""
    made = Made()
    if is_up_to_date(DEFAULT_DB_ALIAS):
        settle()
    with writing(target, passphrase) as archive, moment() as using:
        at, migrations = text_of(timezone.now()), applied(using)
        models = models_at(MigrationLoader(connections[using]), migrations)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "made_by": evenhand.__version__,
            "at": at,
            "python": platform.python_version(),
            "database": connections[using].vendor,
            "migrations": sorted(migrations),
            "tables": _tables(archive, models, using, made, told),
            "files": {root.value: _files(archive, root, made, told) for root in Root},
            "left_out": dict(LEFT_OUT),
            "secrets": passphrase is not None and _keys(archive),
            "check_of_site_key": check_of_site_key(),
            "record": _record(models, using),
        }
        archive.finish(manifest)
    made.bytes = target.stat().st_size
    return made


def _tables(archive: Writer, models: Any, using: str, made: Made, told: Told) -> dict[str, Any]:
    return {label: _table(archive, label, model, using, made, told) for label, model in tables(models)}


def _table(archive: Writer, label: str, model: type[Model], using: str, made: Made, told: Told) -> dict[str, Any]:
    before = made.rows
    part = archive.part(f"tables/{label}.jsonl", _lines(model, using, made))
    told(f"{label}: {made.rows - before} rows")
    columns = [column.name for column in columns_of(model)]
    return {"columns": columns, "rows": made.rows - before, "bytes": part.bytes, "sha256": part.sha256}


def _lines(model: type[Model], using: str, made: Made) -> Iterator[bytes]:
    for row in rows(model, using):
        made.rows += 1
        yield as_line(row)


def _files(archive: Writer, root: Root, made: Made, told: Told) -> dict[str, Any]:
    """Files after rows: one that a row names was there before the row was."""
    names, size, damaged = hashlib.sha256(), 0, []
    count = 0
    for file in kept_files(root):
        if not file.is_whole():
            damaged.append(file.digest)
            continue
        part = _file(archive, file)
        names.update(file.digest.encode())
        count, size = count + 1, size + part.bytes
    told(f"{root.value} files: {count}")
    made.files += count
    made.damaged += [f"{root.value}/{digest}" for digest in damaged]
    return {"count": count, "bytes": size, "sha256_of_names": names.hexdigest(), "damaged": damaged}


def _file(archive: Writer, file: KeptFile) -> Part:
    return archive.part(f"files/{file}", file.pieces())


def _keys(archive: Writer) -> dict[str, Any]:
    part = archive.part(SECRETS, [keys_in_use()])
    return {"bytes": part.bytes, "sha256": part.sha256}


def _record(models: Any, using: str) -> dict[str, Any]:
    found = dict(tables(models)).get("ledger.checkpoint")
    return stated(found, using) if found else {}
