"""`kill -9` of the web process, the worker and the database while four clients write: no confirmed change is lost.

Afterwards every change that was confirmed to a client exists, the record of changes is intact, and every stored message
was sent and has its file. On SQLite the database is part of the process that writes.
"""

import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from scripts import postgresql

from support.databases import evenhand, migrated_database, settings_of
from support.processes import SiteProcess, post, wait_until, web_process, worker_process
from support.servers import free_port

CLIENTS = 4
BACKLOG = 10
LEASE_SECONDS = "2"
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
Ask = Callable[[str], list[tuple[object, ...]]]


class Clients:
    """Clients that write as fast as they are answered and remember the confirmed changes."""

    def __init__(self, port: int) -> None:
        self.port, self.confirmed = port, dict[str, str]()
        self._stopped, self._number = threading.Event(), count()
        self._threads = [threading.Thread(target=self._write) for _ in range(CLIENTS)]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, more: int) -> None:
        target = len(self.confirmed) + more
        wait_until(lambda: len(self.confirmed) >= target, f"{more} more changes")

    def make_progress(self) -> bool:
        """Whether requests are still answered, beyond those already under way (one for each client)."""
        target, deadline = len(self.confirmed) + CLIENTS + 1, time.monotonic() + 3
        while len(self.confirmed) < target and time.monotonic() < deadline:
            time.sleep(0.02)
        return len(self.confirmed) >= target

    def _write(self) -> None:
        while not self._stopped.is_set():
            name = f"person-{next(self._number)}"
            response = post(self.port, f"/write/{name}/")
            if response is None:
                self._stopped.wait(0.02)  # the server is being restarted
            else:
                self.confirmed[name] = response


def settings(var: Path, database: str) -> dict[str, str]:
    return settings_of(var, database) | {
        "EVENHAND_WORKER_LEASE_SECONDS": LEASE_SECONDS,
        "EVENHAND_REQUESTS_A_MINUTE": "0",
        "EVENHAND_FORMS_A_MINUTE": "0",
    }


def prepare(var: Path, database: str) -> None:
    evenhand(var, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")


@contextmanager
def running(var: Path, database: str, port: int) -> Iterator[dict[str, SiteProcess]]:
    values = settings(var, database)
    processes = {"web": web_process(values, var, port), "worker": worker_process(values, var)}
    try:
        for process in processes.values():
            process.start()
        yield processes
    finally:
        for process in processes.values():
            process.kill()


def crash(
    var: Path, database: str, ask: Ask, kills: list[str], restart: Callable[[str, dict[str, SiteProcess]], None]
) -> None:
    port, rng = free_port(), random.Random(20261125)
    rng.shuffle(kills)
    with running(var, database, port) as processes:
        with Clients(port) as clients:
            for name in kills:
                clients.wait_for(rng.randint(3, 12))
                if name == "worker":
                    wait_until_sending(processes["worker"], clients, var / "mail", rng.randint(1, BACKLOG // 2))
                restart(name, processes)
            clients.wait_for(1)
        wait_until(lambda: ask("SELECT 1 FROM notifications_message WHERE state = 'waiting'") == [], "every message")
        assert processes["worker"].is_running(), (var / "worker.log").read_text()
        assert processes["worker"].stop() == 0
    evenhand(var, database, "ledger", "verify")
    assert_nothing_is_lost(var, ask, clients.confirmed)


def wait_until_sending(worker_process: SiteProcess, clients: Clients, mail: Path, more: int) -> None:
    """Let messages accumulate and the worker send some, so that it is killed during a task and not while it waits."""
    wait_until(
        lambda: pause_without_blocking(worker_process, clients),
        "a moment when the paused worker does not block the clients",
    )
    clients.wait_for(BACKLOG)
    target = len(list(mail.glob("*.eml"))) + more
    worker_process.resume()
    wait_until(lambda: len(list(mail.glob("*.eml"))) >= target, f"{more} more messages")


def pause_without_blocking(worker_process: SiteProcess, clients: Clients) -> bool:
    """Pause the worker. If it was paused while it wrote and blocks the database, resume it and return False."""
    worker_process.pause()
    if clients.make_progress():
        return True
    worker_process.resume()
    return False


def assert_nothing_is_lost(var: Path, ask: Ask, confirmed: dict[str, str]) -> None:
    members = {str(name): plain(number) for number, name in ask(MEMBERS)}
    assert {name: plain(number) for name, number in confirmed.items()}.items() <= members.items()
    recorded = {plain(number) for (number,) in ask("SELECT subject_id FROM ledger_entry")}
    assert set(members.values()) <= recorded
    messages = ask("SELECT id, about_id, state FROM notifications_message")
    assert sorted(plain(about) for _number, about, _state in messages) == sorted(members.values())
    assert {state for _number, _about, state in messages} == {"sent"}
    files = {plain(file.stem) for file in (var / "mail").glob("*.eml")}
    assert files == {plain(number) for number, _about, _state in messages}


MEMBERS = (
    "SELECT m.id, u.name FROM authorities_membership m JOIN authorities_user u ON u.id = m.user_id "
    "WHERE u.name LIKE 'person-%'"
)


def plain(number: object) -> str:
    """An id without hyphens, because databases and files write ids differently."""
    return str(number).replace("-", "")


MANY = pytest.mark.long


@pytest.mark.parametrize(
    "kills", [("web", "worker"), pytest.param(("web",) * 12 + ("worker",) * 8, marks=MANY)], ids=len
)
def test_sqlite(tmp_path: Path, kills: tuple[str, ...]) -> None:
    with migrated_database("sqlite", tmp_path) as database:
        prepare(tmp_path, database)

    def ask(query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "evenhand.sqlite3", timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def restart(name: str, processes: dict[str, SiteProcess]) -> None:
        processes[name].kill()
        processes[name].start()

    crash(tmp_path, database, ask, list(kills), restart)
    assert ask("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "kills",
    [
        ("web", "worker", "database"),
        pytest.param(("web",) * 8 + ("worker",) * 6 + ("database",) * 6, marks=MANY),
    ],
    ids=len,
)
def test_postgresql(tmp_path: Path, kills: tuple[str, ...]) -> None:
    with server() as cluster:
        evenhand(tmp_path, cluster.url, "migrate")
        prepare(tmp_path, cluster.url)

        def ask(query: str) -> list[tuple[object, ...]]:
            with psycopg.connect(cluster.url) as connection:
                return connection.execute(query).fetchall()  # type: ignore[call-overload]

        def restart(name: str, processes: dict[str, SiteProcess]) -> None:
            process = cluster if name == "database" else processes[name]
            process.kill()
            process.start()

        crash(tmp_path, cluster.url, ask, list(kills), restart)


@contextmanager
def server() -> Iterator[postgresql.Cluster]:
    """A separate server that writes to disk before it confirms a commit, unlike the one that other tests use."""
    if not os.environ.get("EVENHAND_TEST_POSTGRES"):
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required here")
        pytest.skip("PostgreSQL was not requested: run `make test`")
    with postgresql.cluster({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}) as cluster:
        yield cluster
