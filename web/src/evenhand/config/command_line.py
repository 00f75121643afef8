"""The `evenhand` command. Problems that the user can fix give one clear message, never a stack trace."""

import os
import signal
import sys

from django.core.management import execute_from_command_line
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from evenhand.config.production import exit_if_unsafe
from evenhand.operations.backup.migrations import is_up_to_date


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # so that `| head` ends it without an error
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
    if sys.argv[1:2] == ["worker"]:
        exit_if_unsafe()
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        if not (message := _database_problem()):
            raise
        sys.exit(message)


def _database_problem() -> str:
    """What the user can do about a database error; empty if the error is in the program."""
    connection.close()  # its transaction has failed
    try:
        if is_up_to_date(DEFAULT_DB_ALIAS):
            return ""
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        return (
            f"The database does not answer ({reason}). "
            "Check that it is running and that DATABASE_URL is correct, then try again."
        )
    return (
        "The database has not been migrated to this version of Evenhand. If it contains data, make a backup first "
        "(`evenhand backup FILE`). Then run `evenhand migrate`, and run this command again."
    )
