"""One moment of the database, held still for reading while others go on writing."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

MOMENT = "moment"


@contextmanager
def moment() -> Iterator[str]:
    """The name of a connection on which everything read is of one time, and nothing can be written.

    Its own, because the site's own begins every transaction on SQLite as a writer and would hold the others up.
    """
    if connection.in_atomic_block:  # whoever called has a moment already
        yield DEFAULT_DB_ALIAS
        return
    databases: dict[str, Any] = connections.databases
    databases[MOMENT] = _for_reading(databases[DEFAULT_DB_ALIAS])
    try:
        with transaction.atomic(using=MOMENT):
            _hold_still(connections[MOMENT])
            yield MOMENT
    finally:
        connections[MOMENT].close()
        del connections[MOMENT], databases[MOMENT]


def _for_reading(settings: dict[str, Any]) -> dict[str, Any]:
    own = copy.deepcopy(settings)
    if own["ENGINE"].endswith("sqlite3"):
        own["OPTIONS"] = {**own.get("OPTIONS", {}), "transaction_mode": "DEFERRED"}
    return own


def _hold_still(own: Any) -> None:
    with own.cursor() as cursor:
        if own.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")  # the moment is that of the first look
