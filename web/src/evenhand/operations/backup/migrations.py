"""The migrations applied to a database and the models as they were at that point. They allow a backup to be made before
an upgrade, and a backup of an older version to be restored."""

from collections.abc import Collection
from typing import Any

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from evenhand.operations.backup.manifest import Migration


class UnknownMigrations(ValueError):
    """The database was migrated by a version of Evenhand that this one does not know."""

    def __init__(self, unknown: Collection[Migration]) -> None:
        self.first = ".".join(min(unknown))
        super().__init__(
            f"This database was migrated by another version of Evenhand (it has {self.first}). "
            "Use the version that it belongs to."
        )


def applied(using: str) -> frozenset[Migration]:
    return frozenset(MigrationRecorder(connections[using]).applied_migrations())


def is_up_to_date(using: str) -> bool:
    executor = MigrationExecutor(connections[using])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def models_at(loader: MigrationLoader, migrations: Collection[Migration]) -> Any:
    return loader.project_state(latest(loader, migrations)).apps


def latest(loader: MigrationLoader, migrations: Collection[Migration]) -> list[Migration]:
    """For each app, the migrations that no other migration of the app follows."""
    if unknown := set(migrations) - set(loader.disk_migrations):
        raise UnknownMigrations(unknown)
    nodes = loader.graph.node_map
    known = [key for key in sorted(migrations) if key in nodes]
    followed = {
        key for key in known for child in nodes[key].children if child.key in migrations and child.key[0] == key[0]
    }
    return [key for key in known if key not in followed]
