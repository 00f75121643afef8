"""The doctor on settings and versions."""

import platform
import sqlite3
from collections.abc import Iterator

import django
from django.conf import settings
from django.core import checks
from django.db import connection

import evenhand
from evenhand.notifications.queries import living
from evenhand.operations.doctor import Line, broken, look, ok

ABOUT = "settings"


def settings_(deep: bool) -> Iterator[Line]:
    yield from _checks()
    if not settings.EVENHAND_PRODUCTION:
        yield look(
            ABOUT,
            "This is not a production start, so what is unsafe where others can reach it is not refused.",
            "Set EVENHAND_PRODUCTION=true where it serves others.",
        )
        if settings.DEBUG:
            yield look(ABOUT, "EVENHAND_DEBUG shows what is in memory to whoever causes a fault.", "Leave it out.")
        return
    hosts = ", ".join(settings.ALLOWED_HOSTS)
    yield ok(ABOUT, f"A production start: keys are given, https at {settings.EVENHAND_ADDRESS}, hosts {hosts}.")


def _checks() -> Iterator[Line]:
    """The system's own checks, the production ones among them."""
    found = checks.run_checks(databases=["default"])
    for each in found:
        says, mend = f"{each.msg} ({each.id})", each.hint or "See what the message names."
        yield broken(ABOUT, says, mend) if each.level >= checks.ERROR else look(ABOUT, says, mend)
    if not found:
        yield ok(ABOUT, "Every check of the settings holds.")


def versions(deep: bool) -> Iterator[Line]:
    about = "versions"
    parts = [
        f"Evenhand {evenhand.__version__}",
        f"Django {django.get_version()}",
        f"Python {platform.python_version()}",
    ]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            parts.append(f"PostgreSQL {cursor.fetchone()[0]}")
    else:
        parts.append(f"SQLite {sqlite3.sqlite_version}")
    yield ok(about, ", ".join(parts))
    if others := sorted({each.version for each in living()} - {evenhand.__version__}):
        yield look(about, f"A worker runs another version: {', '.join(others)}.", "Restart the worker.")
