"""Doctor checks of the clock, the worker, the ledger and backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from evenhand.ledger.models import Entry
from evenhand.ledger.verification import verify
from evenhand.notifications.queries import failing_periodic_tasks, last_heartbeat, live_workers, waiting_messages
from evenhand.operations.backup.history import BACKUP, RESTORE, load_last
from evenhand.operations.doctor.chains import ends_of_chains
from evenhand.operations.doctor.results import DoctorResult, broken, duration, ok, warn

MAX_DRIFT = timedelta(seconds=5)
OVERDUE = timedelta(minutes=15)
UNSIGNED_LIMIT = timedelta(days=1)
MAX_BACKUP_AGE = timedelta(days=2)


def check_clock(deep: bool) -> Iterator[DoctorResult]:
    area, fix = "clock", "Synchronise the clocks of both machines with a time server (timedatectl set-ntp true)."
    now = timezone.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - timezone.now())
        if drift > MAX_DRIFT:
            yield broken(area, f"It differs from the database clock by {duration(drift.total_seconds())}.", fix)
        else:
            yield ok(area, "It agrees with the database clock.")
    last: datetime | None = Entry.objects.aggregate(last=Max("at"))["last"]
    if last and last > now + MAX_DRIFT:
        ahead = duration((last - now).total_seconds())
        yield broken(area, f"The last ledger entry is dated {ahead} ahead of this clock. One of the two is wrong.", fix)
    else:
        yield ok(area, "No ledger entry is dated in the future. Synchronisation with a time server is not checked.")


def check_worker(deep: bool) -> Iterator[DoctorResult]:
    area, fix = "worker", "Start it: evenhand worker"
    last, now = last_heartbeat(), timezone.now()
    if live_workers().exists():
        yield ok(area, "A worker is running.")
    elif last is None:
        yield warn(area, "No worker has ever run, so messages are not sent and scheduled tasks are not done.", fix)
    else:
        yield warn(area, f"No worker has run for {duration((now - last).total_seconds())}.", fix)
    if late := waiting_messages().filter(due_at__lt=now - OVERDUE).count():
        yield warn(
            area, f"{late} messages should have been sent more than {duration(OVERDUE.total_seconds())} ago.", fix
        )
    for task in failing_periodic_tasks():
        yield warn(area, f"“{task.name}” failed the last {task.faults} times ({task.why}).", "See the worker's log.")


def check_ledger(deep: bool) -> Iterator[DoctorResult]:
    area = "record"
    fix = "Change nothing, keep a copy of the database as it is, and investigate with: evenhand ledger verify"
    if deep:
        report = verify()
        for error in report.problems:
            where = f"chain {error.chain}, position {error.position}"
            yield broken(area, f"{where} {error.description}.", fix)
        if report.ok:
            yield ok(area, f"The whole ledger was verified: {report.entries:,} entries in {report.chains} chains.")
    ends, now = list(ends_of_chains()), timezone.now()
    for end in ends:
        if end.problem:
            yield broken(area, f"Chain {end.chain}: {end.problem}.", fix)
    late = [
        now - end.unsigned_since for end in ends if end.unsigned_since and now - end.unsigned_since > UNSIGNED_LIMIT
    ]
    if late:
        age = duration(max(late).total_seconds())
        message = f"{len(late)} chains have entries that no checkpoint has covered for {age}."
        yield warn(area, message, "Start a worker, or: evenhand ledger checkpoint")
    if not deep:
        yield ok(area, "The end of each chain was checked. Use --deep to verify all of it.")


def check_backups(deep: bool) -> Iterator[DoctorResult]:
    area, fix = "backups", "Make a backup: evenhand backup FOLDER (docs/how-to/back-up-and-restore.md)"
    made = _parse_time(load_last(BACKUP).get("at"))
    if made is None:
        yield warn(area, "No backup of this system has been made.", fix)
    else:
        age = timezone.now() - made
        message = f"The last backup was made {duration(max(0.0, age.total_seconds()))} ago."
        yield warn(area, message, fix) if age > MAX_BACKUP_AGE else ok(area, message)
    if restored := load_last(RESTORE):
        yield ok(
            area, f"This system was restored on {restored['at'][:10]} from a backup of {restored['backup_of'][:16]}."
        )


def _parse_time(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
