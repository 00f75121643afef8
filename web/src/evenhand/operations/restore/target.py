"""The system to restore into: empty, and of the same version as the backup or a later one."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from evenhand.operations.backup.files import folder, stored_files
from evenhand.operations.backup.manifest import Manifest, Migration
from evenhand.operations.backup.migrations import UnknownMigrations, applied, latest, models_at
from evenhand.operations.backup.tables import LEFT_OUT

USE_NEW_SYSTEM = (
    "A backup can only be restored into a new system. Set EVENHAND_VAR to a new folder and DATABASE_URL to an empty "
    "database, and run the same command again. It creates the tables itself."
)


class CannotRestore(ValueError):
    """The backup can't be restored into this system; the message gives the reason and what to do."""


@contextmanager
def single_transaction() -> Iterator[None]:
    """One transaction for the tables and their rows. Foreign keys are checked once all rows are loaded."""
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        connection.disable_constraint_checking()  # SQLite can only do this outside a transaction
    try:
        with transaction.atomic():
            yield
    finally:
        if sqlite:
            connection.enable_constraint_checking()


def require_known_version(manifest: Manifest) -> None:
    """The first check: whether this version of Evenhand knows all migrations of the backup."""
    _latest(MigrationExecutor(connection), manifest)


def migrate_to_backup_version(manifest: Manifest) -> Any:
    """Creates the tables as they were when the backup was made, and returns the models as they were then."""
    executor, current = MigrationExecutor(connection), applied(connection.alias)
    targets = _latest(executor, manifest)
    if later := sorted(current - manifest.migrations):
        raise CannotRestore(
            f"This database has a later migration than the backup ({'.'.join(later[0])}). {USE_NEW_SYSTEM}"
        )
    if current != manifest.migrations:
        executor.migrate(targets)
    return models_at(MigrationExecutor(connection).loader, manifest.migrations)


def _latest(executor: MigrationExecutor, manifest: Manifest) -> list[Migration]:
    try:
        return latest(executor.loader, manifest.migrations)
    except UnknownMigrations as unknown:
        raise CannotRestore(
            f"This backup was made by a version of Evenhand that this one does not know ({manifest.made_by}; "
            f"it has {unknown.first}). Install version {manifest.made_by} or a later one, and restore it there."
        ) from unknown


def migrate_to_latest() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def require_empty() -> None:
    """Checks the database itself, whatever its migrations; tables of other programs also count as data."""
    known_tables = {
        model._meta.label_lower: model._meta.db_table for model in apps.get_models(include_auto_created=True)
    }
    ignored = {known_tables[label] for label in LEFT_OUT if label in known_tables} | {"django_migrations"}
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - ignored)
        with_rows = [name for name in names if _has_rows(cursor, name)]
    if with_rows:
        raise CannotRestore(f"This system already contains data ({', '.join(with_rows[:5])}). {USE_NEW_SYSTEM}")


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - a name from the database
    return cursor.fetchone() is not None


def require_disk_space(manifest: Manifest) -> None:
    for root, files in manifest.files.items():
        existing = folder(root)
        while not existing.exists():
            existing = existing.parent
        free = shutil.disk_usage(existing).free
        if files.bytes > free:
            raise CannotRestore(
                f"The {root.value} files of the backup need {files.bytes:,} bytes, and {free:,} are free. "
                "Free up disk space, and restore again."
            )


def require_no_other_files(manifest: Manifest, expected: set[str]) -> None:
    """Files left by an earlier attempt are allowed: they match their digest, or are written again."""
    for root in manifest.files:
        others = [file for file in stored_files(root) if f"{root.value}/{file.digest}" not in expected]
        if others:
            raise CannotRestore(f"This system has {root.value} files that are not in the backup. {USE_NEW_SYSTEM}")
