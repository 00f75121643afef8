"""Doctor checks of settings and versions."""

import platform
import sqlite3
from collections.abc import Iterator

import django
from django.conf import settings
from django.core import checks
from django.db import connection

import evenhand
from evenhand.notifications.queries import live_workers
from evenhand.operations.doctor.results import DoctorResult, broken, ok, warn

AREA = "settings"


def check_settings(deep: bool) -> Iterator[DoctorResult]:
    yield from _run_django_checks()
    if not settings.EVENHAND_PRODUCTION:
        yield warn(
            AREA,
            "This is not a production start, so settings that are unsafe in production are not refused.",
            "Set EVENHAND_PRODUCTION=true where other people can reach the site.",
        )
        if settings.DEBUG:
            yield warn(AREA, "EVENHAND_DEBUG shows program data to anyone who causes an error.", "Remove it.")
        return
    hosts = ", ".join(settings.ALLOWED_HOSTS)
    yield ok(AREA, f"This is a production start: keys are set, https at {settings.EVENHAND_ADDRESS}, hosts {hosts}.")


def _run_django_checks() -> Iterator[DoctorResult]:
    """Django's system checks, including those for production."""
    issues = checks.run_checks(databases=["default"])
    for issue in issues:
        message, fix = f"{issue.msg} ({issue.id})", issue.hint or "The message says what to check."
        yield broken(AREA, message, fix) if issue.level >= checks.ERROR else warn(AREA, message, fix)
    if not issues:
        yield ok(AREA, "All system checks pass.")


def check_versions(deep: bool) -> Iterator[DoctorResult]:
    area = "versions"
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
    yield ok(area, ", ".join(parts))
    if others := sorted({heartbeat.version for heartbeat in live_workers()} - {evenhand.__version__}):
        yield warn(area, f"A worker is running another version: {', '.join(others)}.", "Restart the worker.")
