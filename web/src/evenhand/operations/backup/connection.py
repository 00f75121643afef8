"""A connection for consistent reads: everything read on it is as at one moment, while other connections write."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

CONNECTION_NAME = "consistent"


@contextmanager
def consistent_connection() -> Iterator[str]:
    """The name of a read-only connection on which everything read is as at one moment.

    A separate connection is needed because on SQLite the default one begins every transaction with a write lock, and
    would block other writers.
    """
    if connection.in_atomic_block:  # the caller has a transaction already
        yield DEFAULT_DB_ALIAS
        return
    databases: dict[str, Any] = connections.databases
    databases[CONNECTION_NAME] = _read_only_settings(databases[DEFAULT_DB_ALIAS])
    try:
        with transaction.atomic(using=CONNECTION_NAME):
            _start_reading(connections[CONNECTION_NAME])
            yield CONNECTION_NAME
    finally:
        connections[CONNECTION_NAME].close()
        del connections[CONNECTION_NAME], databases[CONNECTION_NAME]


def _read_only_settings(settings: dict[str, Any]) -> dict[str, Any]:
    copied = copy.deepcopy(settings)
    if copied["ENGINE"].endswith("sqlite3"):
        copied["OPTIONS"] = {**copied.get("OPTIONS", {}), "transaction_mode": "DEFERRED"}
    return copied


def _start_reading(consistent: Any) -> None:
    with consistent.cursor() as cursor:
        if consistent.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")  # the first read fixes the moment
