"""The system that a backup goes into: empty, and of the same or a later version than the one that was backed up."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from evenhand.operations.backup_files import folder, kept_files
from evenhand.operations.backup_manifest import Manifest, Migration
from evenhand.operations.backup_state import UnknownMigrations, applied, latest, models_at
from evenhand.operations.backup_tables import LEFT_OUT

ELSEWHERE = (
    "A backup is restored into a new system only. Point EVENHAND_VAR at a new folder and DATABASE_URL at an empty "
    "database, and run the same command again: it lays out the database itself."
)


class CannotRestore(ValueError):
    """The backup does not go into this system: the message says why, and what to do."""


@contextmanager
def whole_or_nothing() -> Iterator[None]:
    """One transaction for the layout of the database and its rows. Foreign keys are looked at when all are there."""
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        connection.disable_constraint_checking()  # which SQLite can do only before a transaction
    try:
        with transaction.atomic():
            yield
    finally:
        if sqlite:
            connection.enable_constraint_checking()


def require_known(manifest: Manifest) -> None:
    """Before anything else is asked of it: whether this version can read what the backup was made of at all."""
    _latest(MigrationExecutor(connection), manifest)


def laid_out_as(manifest: Manifest) -> Any:
    """Lays out the empty database as it was when the backup was made; gives the models as they were then."""
    executor, have = MigrationExecutor(connection), applied(connection.alias)
    targets = _latest(executor, manifest)
    if further := sorted(have - manifest.migrations):
        raise CannotRestore(
            f"This database is laid out for a later version than the backup ({'.'.join(further[0])}). {ELSEWHERE}"
        )
    if have != manifest.migrations:
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


def brought_up_to_date() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def require_empty() -> None:
    """Asked of the database itself, whatever it is laid out for; another program's tables count as something too."""
    ours = {model._meta.label_lower: model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    passed = {ours[label] for label in LEFT_OUT if label in ours} | {"django_migrations"}
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - passed)
        full = [name for name in names if _has_rows(cursor, name)]
    if full:
        raise CannotRestore(f"This system holds something already ({', '.join(full[:5])}). {ELSEWHERE}")


def _has_rows(cursor: Any, table: str) -> bool:
    cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - a name from the database
    return cursor.fetchone() is not None


def require_room(manifest: Manifest) -> None:
    for root, files in manifest.files.items():
        place = folder(root)
        while not place.exists():
            place = place.parent
        free = shutil.disk_usage(place).free
        if files.bytes > free:
            raise CannotRestore(
                f"The {root.value} files of the backup take {files.bytes:,} bytes, and {free:,} are free. Make room."
            )


def require_no_other_files(manifest: Manifest, expected: set[str]) -> None:
    """What an earlier attempt left behind may be there: it is what its name says, or is written again."""
    for root in manifest.files:
        others = [file for file in kept_files(root) if f"{root.value}/{file.digest}" not in expected]
        if others:
            raise CannotRestore(f"There are {root.value} files here that are not in the backup. {ELSEWHERE}")
