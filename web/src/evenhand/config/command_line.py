"""`evenhand`: the site's commands. A fault of the input is one clear message, never a stack trace."""

import os
import signal
import sys

from django.core.management import execute_from_command_line
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

from evenhand.config.production import insist
from evenhand.operations.backup_state import is_up_to_date


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # so that `| head` ends it quietly
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
    if sys.argv[1:2] == ["worker"]:
        insist()
    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        if not (wanting := _what_the_database_wants()):
            raise
        sys.exit(wanting)


def _what_the_database_wants() -> str:
    """What a person can mend; nothing where the fault is in the program."""
    connection.close()  # what was under way in it has failed
    try:
        if is_up_to_date(DEFAULT_DB_ALIAS):
            return ""
    except DatabaseError as fault:
        said = str(fault).strip().partition("\n")[0]
        return f"The database does not answer ({said}). See that it runs and that DATABASE_URL names it, and try again."
    return (
        "The database is not laid out for this version of Evenhand. If it holds anything, make a backup "
        "(`evenhand backup FILE`). Then run `evenhand migrate`, and this command again."
    )
