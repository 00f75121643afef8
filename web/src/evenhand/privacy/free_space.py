"""Overwriting what the database keeps of deleted rows, in its free space and its journal.

SQLite rewrites the whole file and empties the journal. On PostgreSQL, only the tables with personal fields are
rewritten. Its write-ahead log, and any archives of it, keep deleted data until the database server recycles them.
"""

import logging

from django.db import OperationalError, connection

from evenhand.authorities.models import User
from evenhand.ledger.models import Payload
from evenhand.privacy.models import Erasure
from evenhand.privacy.registry import models_about_people

logger = logging.getLogger(__name__)
LOCK_TIMEOUT = "15s"


def is_wipe_pending() -> bool:
    return Erasure.objects.filter(wiped_at=None).exists()


def wipe() -> bool:
    """Returns whether the free space was overwritten. If the database is busy, the nightly deletion tries again."""
    if connection.in_atomic_block:
        return False  # neither database allows it within a transaction
    try:
        if connection.vendor == "postgresql":
            _wipe_postgresql()
            return True
        return _wipe_sqlite()
    except OperationalError as error:
        logger.warning("the free space of the database could not be overwritten: %s", type(error).__name__)
        return False


def _wipe_sqlite() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, _log, _checkpointed) = cursor.fetchone()
    return not busy


def _wipe_postgresql() -> None:
    models = (
        model
        for model, data_subject in models_about_people()
        if data_subject.erased or data_subject.blanked or model in (User, Payload)
    )
    tables = sorted({model._meta.db_table for model in models})
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        try:
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
        finally:
            cursor.execute("RESET lock_timeout")
