"""Measures ledger entries per second, compared with the commit rate of the database in the same run.

    .venv/bin/python -m benchmarks.record_of_changes [--writers 50] [--seconds 3] [--rounds 5] [--durable]

The writers, in separate processes with the site's own connection settings, commit plain rows through Django one after
another, and then ledger entries of a single chain. The two alternate, so that a change in the machine's load affects
both. A row is committed like the change of every action, in `transaction.atomic()`. With --durable, PostgreSQL waits
for the disk at each commit, as it does in production.
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

TARGET_RATIO = 0.5


def main() -> int:
    arguments = _parse_arguments()
    if arguments.inside:
        return _measure(arguments)
    codes = [_on_sqlite(), _on_postgresql({} if arguments.durable else postgresql.FAST)]
    return max(codes)


def _on_sqlite() -> int:
    print("SQLite, with the site's settings: WAL, synchronous=FULL", flush=True)
    return _run_in_new_site({})


def _on_postgresql(server: Mapping[str, str]) -> int:
    print("PostgreSQL,", " ".join(f"{name}={value}" for name, value in server.items()) or "durable", flush=True)
    with postgresql.cluster(server) as cluster:
        return _run_in_new_site({"DATABASE_URL": cluster.url})


def _run_in_new_site(database: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        settings = {
            **environment,
            "EVENHAND_VAR": folder,
            "DJANGO_SETTINGS_MODULE": "evenhand.config.settings",
            **database,
        }
        subprocess.run([VENV / "bin" / "evenhand", "migrate"], env=settings, check=True, capture_output=True)
        command = [sys.executable, "-m", "benchmarks.record_of_changes", *sys.argv[1:], "--inside"]
        return subprocess.run(command, env=settings, check=False).returncode


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--writers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--durable", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


@dataclass
class BenchmarkActor:
    id: UUID


def _measure(arguments: argparse.Namespace) -> int:
    """Runs in a process whose settings name the database."""
    django.setup()
    write_row, write_entry = _write_functions()
    connection.close()
    load = arguments.writers, arguments.seconds
    rounds = [(_rate(write_row, *load), _rate(write_entry, *load)) for _ in range(arguments.rounds)]
    ratios = [entries / rows for rows, entries in rounds]
    for (rows, entries), ratio in zip(rounds, ratios, strict=True):
        print(f"  {rows:>8.0f} rows a second {entries:>8.0f} entries a second {ratio:>6.2f}")
    median = statistics.median(ratios)
    print(
        f"  {arguments.writers} writers: {median:.2f} of the commit rate (target: {TARGET_RATIO} or more)", flush=True
    )
    _verify_ledger()
    return 0 if median >= TARGET_RATIO else 1


def _write_functions() -> tuple[Callable[[], object], Callable[[], object]]:
    from evenhand.ledger.actions import Subject, recording  # noqa: PLC0415  only after the settings are read

    class PlainRow(models.Model):  # noqa: DJ008
        id = models.UUIDField(primary_key=True, default=uuid4)
        text = models.CharField(max_length=100)

        class Meta:
            app_label = "bench"

    with connection.schema_editor() as editor:
        editor.create_model(PlainRow)
    by, subject = BenchmarkActor(uuid4()), Subject("thing", uuid4(), uuid4())

    def write_row() -> None:
        with transaction.atomic():
            PlainRow._default_manager.create(text="a row with a single text field")

    def write_entry() -> None:
        with recording("bench.write", by=by, on=subject) as change:
            change.after = {"text": "a row with a single text field"}

    return write_row, write_entry


def _verify_ledger() -> None:
    from evenhand.ledger.verification import verify  # noqa: PLC0415

    started = time.perf_counter()
    report = verify()
    assert report.ok, report.problems
    print(f"  verified {report.entries:,} entries in {time.perf_counter() - started:.1f} s", flush=True)


def _rate(write: Callable[[], object], writers: int, seconds: float) -> float:
    """Commits per second of all writers together, starting when all are ready."""
    fork = multiprocessing.get_context("fork")
    ready, results = fork.Barrier(writers), fork.SimpleQueue()
    processes = [fork.Process(target=_writer, args=(write, seconds, ready, results)) for _ in range(writers)]
    for process in processes:
        process.start()
    commits: float = sum(results.get() for _ in processes)
    for process in processes:
        process.join()
        assert process.exitcode == 0
    return commits / seconds


def _writer(write: Callable[[], object], seconds: float, ready: Barrier, results: Any) -> None:
    connection.ensure_connection()
    ready.wait()
    deadline, commits = time.perf_counter() + seconds, 0
    while time.perf_counter() < deadline:
        write()
        commits += 1
    connection.close()
    results.put(commits)


if __name__ == "__main__":
    sys.exit(main())
