"""Workers as processes: two at once, one that is stopped, and one that is killed during a task."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.databases import BOTH_ENGINES, evenhand, migrated_database, output_of, run_script, settings_of
from support.processes import SiteProcess, wait_until, worker_process

MESSAGES = 200
SEND = """
from evenhand.notifications.actions import send
for number in range({count}): send(f"p{{number}}@x.example", "S", "B")
"""
CHECK_RESULTS = """
from collections import Counter
from django_tasks_db.models import DBTaskResult
from evenhand.notifications.models import Message
tasks = DBTaskResult.objects.values_list("status", "worker_ids")
print(Counter((status, len(ids)) for status, ids in tasks) == {("SUCCESSFUL", 1): COUNT})
print(Message.objects.filter(state="sent", attempts=1).count() == COUNT)
print(len({ids[-1] for _status, ids in tasks}))
"""


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with migrated_database(request.param, tmp_path) as database:
        yield tmp_path, database


@pytest.fixture
def start(site: tuple[Path, str]) -> Iterator[Callable[[], SiteProcess]]:
    started: list[SiteProcess] = []

    def start_worker() -> SiteProcess:
        folder, database = site
        started.append(worker_process(settings_of(folder, database) | {"EVENHAND_WORKER_LEASE_SECONDS": "2"}, folder))
        started[-1].start()
        return started[-1]

    yield start_worker
    for process in started:
        process.kill()


def run(site: tuple[Path, str], code: str) -> list[str]:
    """Run the code in a process of the site and return the words that it prints."""
    return output_of(run_script(*site, code)).split()


def sent_count(site: tuple[Path, str]) -> int:
    return len(list((site[0] / "mail").glob("*.eml")))


def log(site: tuple[Path, str]) -> str:
    return (site[0] / "worker.log").read_text()


def test_two_workers_send_each_message_once(site: tuple[Path, str], start: Callable[[], SiteProcess]) -> None:
    workers = [start(), start()]
    wait_until(lambda: log(site).count("running") == 2, "both workers")
    run(site, SEND.format(count=MESSAGES))
    wait_until(lambda: sent_count(site) == MESSAGES, "every message")
    assert [worker.stop() for worker in workers] == [0, 0]
    assert run(site, CHECK_RESULTS.replace("COUNT", str(MESSAGES))) == ["True", "True", "2"]
    assert "locked" not in log(site)
    assert "Traceback" not in log(site)


def test_once_runs_what_is_waiting_and_exits(site: tuple[Path, str]) -> None:
    run(site, SEND.format(count=3))
    evenhand(*site, "worker", "--once")
    assert sent_count(site) == 3


# A task that records its start and then waits for a file.
SLOW = """
from django_tasks import task
from pathlib import Path
import time

@task()
def slow(folder: str) -> None:
    with (Path(folder) / "started").open("a") as file:
        file.write("x")
    while not (Path(folder) / "continue").exists():
        time.sleep(0.02)
    (Path(folder) / "finished").touch()
"""


@pytest.fixture
def slow(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Queue a slow task. Returns the folder in which it records its progress."""
    folder = site[0] / "slow"
    folder.mkdir()
    (folder / "slow_work.py").write_text(SLOW)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    run(site, f"from slow_work import slow; slow.enqueue({str(folder)!r})")
    return folder


def test_a_stopped_worker_finishes_its_task(slow: Path, start: Callable[[], SiteProcess]) -> None:
    worker = start()
    wait_until((slow / "started").exists, "the task")
    worker.process.terminate()
    (slow / "continue").touch()
    assert worker.process.wait(10) == 0
    assert (slow / "finished").exists()


def test_the_task_of_a_killed_worker_is_taken_over_by_another(
    slow: Path, site: tuple[Path, str], start: Callable[[], SiteProcess]
) -> None:
    first = start()
    wait_until((slow / "started").exists, "the task")
    first.kill()
    second = start()
    wait_until(lambda: (slow / "started").read_text() == "xx", "the second worker")
    (slow / "continue").touch()
    wait_until((slow / "finished").exists, "the end of the task")
    assert second.stop() == 0
    assert run(site, "from django_tasks_db.models import *; print(DBTaskResult.objects.get().status)") == ["SUCCESSFUL"]


def test_a_long_task_is_not_taken_from_a_live_worker(
    slow: Path, site: tuple[Path, str], start: Callable[[], SiteProcess]
) -> None:
    start()
    wait_until((slow / "started").exists, "the task")
    print_heartbeat = (
        "from evenhand.notifications.models import *; print(Heartbeat.objects.earliest('started_at').beat_at)"
    )
    start()
    first_heartbeat = run(site, print_heartbeat)
    run(site, SEND.format(count=1))
    wait_until(lambda: sent_count(site) == 1, "the second worker")
    wait_until(lambda: run(site, print_heartbeat) != first_heartbeat, "another heartbeat of the first worker")
    assert (slow / "started").read_text() == "x"


# A task that writes to a closed connection.
CLOSED_CONNECTION = """
from django_tasks import task
import socket

@task()
def speak() -> None:
    client, server = socket.socketpair()
    server.close()
    client.send(b"hello?")
"""
PRINT_EXCEPTION = "from django_tasks_db.models import *; print(DBTaskResult.objects.get().exception_class_path)"


def test_a_closed_connection_does_not_end_the_worker(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site[0]
    (folder / "closed_connection.py").write_text(CLOSED_CONNECTION)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    run(site, "from closed_connection import speak; speak.enqueue()")
    evenhand(*site, "worker", "--once")
    assert run(site, PRINT_EXCEPTION) == ["builtins.BrokenPipeError"]
