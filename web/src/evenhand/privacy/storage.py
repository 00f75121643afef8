"""Overwriting what a database keeps of removed rows: its free space, its journal.

On SQLite the whole file is written anew and the journal is emptied. On PostgreSQL the tables that hold personal fields
are; what its write-ahead log and the archives of that log hold goes when the database server recycles them.
"""

import logging

from django.db import OperationalError, connection

from evenhand.authorities.models import User
from evenhand.ledger.models import Payload
from evenhand.privacy.models import Erasure
from evenhand.privacy.registry import about_people

logger = logging.getLogger(__name__)
WAIT = "15s"


def left_over() -> bool:
    return Erasure.objects.filter(wiped_at=None).exists()


def wipe() -> bool:
    """Whether it was done. A database that is too busy is left as it is: the nightly sweep tries again."""
    if connection.in_atomic_block:
        return False  # no database can do it within a transaction
    try:
        if connection.vendor == "postgresql":
            _postgresql()
            return True
        return _sqlite()
    except OperationalError as busy:
        logger.warning("the free space of the database could not be overwritten: %s", type(busy).__name__)
        return False


def _sqlite() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (held_up, _log, _done) = cursor.fetchone()
    return not held_up


def _postgresql() -> None:
    emptied = (model for model, about in about_people() if about.goes or about.blanks or model in (User, Payload))
    tables = sorted({model._meta.db_table for model in emptied})
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{WAIT}'")
        try:
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
        finally:
            cursor.execute("RESET lock_timeout")
