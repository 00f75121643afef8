"""Entries of the record of changes a second, beside the database's own commit rate in the same run.

    .venv/bin/python -m scripts.bench_record [--writers 50] [--seconds 3] [--rounds 5] [--durable]

As many writers, in processes of their own and with the site's own connection settings, commit one plain row after the
other through Django, and then one entry after the other, all of one chain. The two take turns, so that a change in the
machine's load touches both. A row is committed as every action's change is: in `transaction.atomic()`.
--durable lets PostgreSQL wait for the disk at each commit, as it does where data is to be kept.
"""

import argparse
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID, uuid4

import django
from django.db import connection, models, transaction

from scripts import postgresql
from scripts.places import VENV

WANTED = 0.5


def main() -> int:
    asked = _arguments()
    if asked.inside:
        return _measure(asked)
    codes = [_on_sqlite(), _on_postgresql({} if asked.durable else postgresql.FAST)]
    return max(codes)


def _on_sqlite() -> int:
    print("SQLite, as the site sets it: WAL, synchronous=FULL", flush=True)
    return _in_a_site_of_its_own({})


def _on_postgresql(server: Mapping[str, str]) -> int:
    print("PostgreSQL,", " ".join(f"{name}={value}" for name, value in server.items()) or "durable", flush=True)
    with postgresql.cluster(server) as made:
        return _in_a_site_of_its_own({"DATABASE_URL": made.url})


def _in_a_site_of_its_own(database: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        settings = {**kept, "EVENHAND_VAR": folder, "DJANGO_SETTINGS_MODULE": "evenhand.config.settings", **database}
        subprocess.run([VENV / "bin" / "evenhand", "migrate"], env=settings, check=True, capture_output=True)
        inside = [sys.executable, "-m", "scripts.bench_record", *sys.argv[1:], "--inside"]
        return subprocess.run(inside, env=settings, check=False).returncode


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--durable", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@dataclass
class Person:
    id: UUID


def _measure(asked: argparse.Namespace) -> int:
    """In a process whose settings name the database."""
    django.setup()
    plain, entry = _writes()
    connection.close()
    among = asked.writers, asked.seconds
    rounds = [(_rate(plain, *among), _rate(entry, *among)) for _ in range(asked.rounds)]
    ratios = [entries / rows for rows, entries in rounds]
    for (rows, entries), ratio in zip(rounds, ratios, strict=True):
        print(f"  {rows:>8.0f} rows a second {entries:>8.0f} entries a second {ratio:>6.2f}")
    middle = statistics.median(ratios)
    print(f"  {asked.writers} writers: {middle:.2f} of the commit rate (wanted: {WANTED} or more)", flush=True)
    _check()
    return 0 if middle >= WANTED else 1


def _writes() -> tuple[Callable[[], object], Callable[[], object]]:
    from evenhand.ledger.actions import Subject, recording  # noqa: PLC0415  only once the settings are read

    class Row(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True, default=uuid4)
        text = models.CharField(max_length=100)

        class Meta:
            app_label = "bench"

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    by, subject = Person(uuid4()), Subject("thing", uuid4(), uuid4())

    def plain() -> None:
        with transaction.atomic():
            Row._default_manager.create(text="one row, as plain as can be")

    def entry() -> None:
        with recording("bench.write", by=by, on=subject) as change:
            change.after = {"text": "one row, as plain as can be"}

    return plain, entry


def _check() -> None:
    from evenhand.ledger.verification import verify  # noqa: PLC0415

    began = time.perf_counter()
    found = verify()
    assert found.ok, found.faults
    print(f"  verified {found.entries:,} entries in {time.perf_counter() - began:.1f} s", flush=True)


def _rate(write: Callable[[], object], writers: int, seconds: float) -> float:
    """Commits a second of all writers together, from when all are ready."""
    fork = multiprocessing.get_context("fork")
    ready, told = fork.Barrier(writers), fork.SimpleQueue()
    running = [fork.Process(target=_writer, args=(write, seconds, ready, told)) for _ in range(writers)]
    for each in running:
        each.start()
    done: float = sum(told.get() for _ in running)
    for each in running:
        each.join()
        assert each.exitcode == 0
    return done / seconds


def _writer(write: Callable[[], object], seconds: float, ready: Barrier, told: Any) -> None:
    connection.ensure_connection()
    ready.wait()
    until, done = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        write()
        done += 1
    connection.close()
    told.put(done)


if __name__ == "__main__":
    sys.exit(main())
