"""Workers as processes: two at once, one told to stop, one killed with work in hand."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from own_databases import BOTH, done, evenhand, laid_out, python, settings_of
from own_processes import Own, until, worker

MESSAGES = 200
SEND = """
from evenhand.notifications.actions import send
for number in range({count}): send(f"p{{number}}@x.example", "S", "B")
"""
DONE = """
from collections import Counter
from django_tasks_db.models import DBTaskResult
from evenhand.notifications.models import Message
tasks = DBTaskResult.objects.values_list("status", "worker_ids")
print(Counter((status, len(ids)) for status, ids in tasks) == {("SUCCESSFUL", 1): COUNT})
print(Message.objects.filter(state="sent", attempts=1).count() == COUNT)
print(len({ids[-1] for _status, ids in tasks}))
"""


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with laid_out(request.param, tmp_path) as database:
        yield tmp_path, database


@pytest.fixture
def start(site: tuple[Path, str]) -> Iterator[Callable[[], Own]]:
    began: list[Own] = []

    def run() -> Own:
        folder, database = site
        began.append(worker(settings_of(folder, database) | {"EVENHAND_WORKER_LEASE_SECONDS": "2"}, folder))
        began[-1].start()
        return began[-1]

    yield run
    for each in began:
        each.kill()


def asked(site: tuple[Path, str], code: str) -> list[str]:
    """What the code prints, run in a process of the site."""
    return done(python(*site, code)).split()


def sent(site: tuple[Path, str]) -> int:
    return len(list((site[0] / "mail").glob("*.eml")))


def log(site: tuple[Path, str]) -> str:
    return (site[0] / "worker.log").read_text()


def test_two_workers_send_each_message_once(site: tuple[Path, str], start: Callable[[], Own]) -> None:
    both = [start(), start()]
    until(lambda: log(site).count("running") == 2, "both workers")
    asked(site, SEND.format(count=MESSAGES))
    until(lambda: sent(site) == MESSAGES, "every message")
    assert [each.stop() for each in both] == [0, 0]
    assert asked(site, DONE.replace("COUNT", str(MESSAGES))) == ["True", "True", "2"]
    assert "locked" not in log(site)
    assert "Traceback" not in log(site)


def test_once_does_what_is_waiting_and_ends(site: tuple[Path, str]) -> None:
    asked(site, SEND.format(count=3))
    evenhand(*site, "worker", "--once")
    assert sent(site) == 3


# A task that says where it is, and then waits to be let go on.
SLOW = """
from django_tasks import task
from pathlib import Path
import time

@task()
def slow(folder: str) -> None:
    with (Path(folder) / "began").open("a") as file:
        file.write("x")
    while not (Path(folder) / "go").exists():
        time.sleep(0.02)
    (Path(folder) / "finished").touch()
"""


@pytest.fixture
def slow(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the signs of a task that is queued and waits."""
    folder = site[0] / "slow"
    folder.mkdir()
    (folder / "slow_work.py").write_text(SLOW)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    asked(site, f"from slow_work import slow; slow.enqueue({str(folder)!r})")
    return folder


def test_told_to_stop_it_finishes_what_it_has_in_hand(slow: Path, start: Callable[[], Own]) -> None:
    one = start()
    until((slow / "began").exists, "the task")
    one.process.terminate()
    (slow / "go").touch()
    assert one.process.wait(10) == 0
    assert (slow / "finished").exists()


def test_what_a_killed_worker_had_in_hand_is_taken_up_by_another(
    slow: Path, site: tuple[Path, str], start: Callable[[], Own]
) -> None:
    first = start()
    until((slow / "began").exists, "the task")
    first.kill()
    second = start()
    until(lambda: (slow / "began").read_text() == "xx", "the second worker")
    (slow / "go").touch()
    until((slow / "finished").exists, "the end of the task")
    assert second.stop() == 0
    assert asked(site, "from django_tasks_db.models import *; print(DBTaskResult.objects.get().status)") == [
        "SUCCESSFUL"
    ]


def test_long_work_is_not_taken_from_a_worker_that_lives(
    slow: Path, site: tuple[Path, str], start: Callable[[], Own]
) -> None:
    start()
    until((slow / "began").exists, "the task")
    beats = "from evenhand.notifications.models import *; print(Heartbeat.objects.earliest('started_at').beat_at)"
    start()
    first = asked(site, beats)
    asked(site, SEND.format(count=1))
    until(lambda: sent(site) == 1, "the second worker")
    until(lambda: asked(site, beats) != first, "a beat of the first")
    assert (slow / "began").read_text() == "x"


# A task that goes on speaking to somebody who has hung up.
HUNG_UP = """
from django_tasks import task
import socket

@task()
def speak() -> None:
    here, there = socket.socketpair()
    there.close()
    here.send(b"hello?")
"""
FAULT = "from django_tasks_db.models import *; print(DBTaskResult.objects.get().exception_class_path)"


def test_whoever_hangs_up_does_not_end_the_worker(site: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = site[0]
    (folder / "hung_up.py").write_text(HUNG_UP)
    monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    asked(site, "from hung_up import speak; speak.enqueue()")
    evenhand(*site, "worker", "--once")
    assert asked(site, FAULT) == ["builtins.BrokenPipeError"]
