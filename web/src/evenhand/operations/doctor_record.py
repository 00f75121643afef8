"""The doctor on time, the worker, the record of changes and backups."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from evenhand.ledger.models import Entry
from evenhand.ledger.verification import verify
from evenhand.notifications.queries import failing_rounds, last_heartbeat, living, waiting
from evenhand.operations.backup_notes import BACKUP, RESTORE, noted
from evenhand.operations.doctor import Line, broken, duration, look, ok
from evenhand.operations.doctor_chains import ends_of_chains

DRIFT = timedelta(seconds=5)
LATE = timedelta(minutes=15)
UNSTATED = timedelta(days=1)
BACKUP_IS_OLD = timedelta(days=2)


def clock(deep: bool) -> Iterator[Line]:
    about, mend = "clock", "Let a time server keep the clocks of both machines (timedatectl set-ntp true)."
    now = timezone.now()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            drift = abs(cursor.fetchone()[0] - timezone.now())
        if drift > DRIFT:
            yield broken(about, f"It and the database's are {duration(drift.total_seconds())} apart.", mend)
        else:
            yield ok(about, "It agrees with the database's.")
    last: datetime | None = Entry.objects.aggregate(last=Max("at"))["last"]
    if last and last > now + DRIFT:
        ahead = duration((last - now).total_seconds())
        yield broken(about, f"The last entry of the record is from {ahead} ahead: one of the two is wrong.", mend)
    else:
        yield ok(about, "No entry of the record is from the future. Whether a time server keeps it is not looked at.")


def worker(deep: bool) -> Iterator[Line]:
    about, mend = "worker", "Start it: evenhand worker"
    last, now = last_heartbeat(), timezone.now()
    if living().exists():
        yield ok(about, "A worker is at work.")
    elif last is None:
        yield look(about, "No worker has ever been seen, so messages wait and nothing that comes round is done.", mend)
    else:
        yield look(about, f"No worker has been seen for {duration((now - last).total_seconds())}.", mend)
    if late := waiting().filter(due_at__lt=now - LATE).count():
        yield look(about, f"{late} messages should have gone out more than {duration(LATE.total_seconds())} ago.", mend)
    for each in failing_rounds():
        yield look(about, f"“{each.name}” failed the last {each.faults} times ({each.why}).", "See the worker's log.")


def record(deep: bool) -> Iterator[Line]:
    about = "record"
    mend = "Change nothing, keep a copy of the database as it is, and find out with: evenhand ledger verify"
    if deep:
        report = verify()
        for fault in report.faults:
            where = f"chain {fault.chain}, position {fault.position}"
            yield broken(about, f"{where} {fault.what}.", mend)
        if report.ok:
            yield ok(about, f"The whole record holds: {report.entries:,} entries in {report.chains} chains.")
    ends, now = list(ends_of_chains()), timezone.now()
    for end in ends:
        if end.fault:
            yield broken(about, f"Chain {end.chain}: {end.fault}.", mend)
    late = [now - end.unstated_since for end in ends if end.unstated_since and now - end.unstated_since > UNSTATED]
    if late:
        says = f"Of {len(late)} chains the last entries have not been stated for {duration(max(late).total_seconds())}."
        yield look(about, says, "Start a worker, or: evenhand ledger checkpoint")
    if not deep:
        yield ok(about, "The ends of the chains were looked at; --deep goes over all of it.")


def backups(deep: bool) -> Iterator[Line]:
    about, mend = "backups", "Make one: evenhand backup FOLDER (docs/how-to/back-up-and-restore.md)"
    made = _when(noted(BACKUP).get("at"))
    if made is None:
        yield look(about, "None has been made from here.", mend)
    else:
        age = timezone.now() - made
        says = f"The last one was made {duration(max(0.0, age.total_seconds()))} ago."
        yield look(about, says, mend) if age > BACKUP_IS_OLD else ok(about, says)
    if restored := noted(RESTORE):
        yield ok(
            about, f"This system was restored on {restored['at'][:10]} from a backup of {restored['backup_of'][:16]}."
        )


def _when(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None
