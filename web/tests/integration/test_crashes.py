"""`kill -9` of the web process, the worker and the database while four clients write: nothing that was said is lost.

Each change that a client was told of stands afterwards, the record of changes is whole, and every message that stands
was sent and has its file. On SQLite the database is whichever process writes.
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

from own_databases import evenhand, laid_out, settings_of
from own_processes import Own, posted, until, web, worker
from own_servers import free_port

CLIENTS = 4
PILE = 10
LEASE_SECONDS = "2"
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
Ask = Callable[[str], list[tuple[object, ...]]]


class Clients:
    """They write as fast as they are answered, and remember what they were told."""

    def __init__(self, port: int) -> None:
        self.port, self.told = port, dict[str, str]()
        self._ended, self._number = threading.Event(), count()
        self._threads = [threading.Thread(target=self._write) for _ in range(CLIENTS)]

    def __enter__(self) -> "Clients":
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for each in self._threads:
            each.join()

    def after(self, more: int) -> None:
        enough = len(self.told) + more
        until(lambda: len(self.told) >= enough, f"{more} more changes")

    def get_on(self) -> bool:
        """Whether they are answered, after what was on its way already: one answer to each of them."""
        enough, give_up = len(self.told) + CLIENTS + 1, time.monotonic() + 3
        while len(self.told) < enough and time.monotonic() < give_up:
            time.sleep(0.02)
        return len(self.told) >= enough

    def _write(self) -> None:
        while not self._ended.is_set():
            name = f"person-{next(self._number)}"
            answer = posted(self.port, f"/write/{name}/")
            if answer is None:
                self._ended.wait(0.02)  # nobody listens: somebody is being started again
            else:
                self.told[name] = answer


def settings(var: Path, database: str) -> dict[str, str]:
    return settings_of(var, database) | {
        "EVENHAND_WORKER_LEASE_SECONDS": LEASE_SECONDS,
        "EVENHAND_REQUESTS_A_MINUTE": "0",
        "EVENHAND_FORMS_A_MINUTE": "0",
    }


def prepare(var: Path, database: str) -> None:
    evenhand(var, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")


@contextmanager
def running(var: Path, database: str, port: int) -> Iterator[dict[str, Own]]:
    processes = {"web": web(settings(var, database), var, port), "worker": worker(settings(var, database), var)}
    try:
        for each in processes.values():
            each.start()
        yield processes
    finally:
        for each in processes.values():
            each.kill()


def crash(var: Path, database: str, ask: Ask, kills: list[str], restart: Callable[[str, dict[str, Own]], None]) -> None:
    port, chance = free_port(), random.Random(20261125)
    chance.shuffle(kills)
    with running(var, database, port) as processes:
        with Clients(port) as clients:
            for each in kills:
                clients.after(chance.randint(3, 12))
                if each == "worker":
                    in_the_midst(processes["worker"], clients, var / "mail", chance.randint(1, PILE // 2))
                restart(each, processes)
            clients.after(1)
        until(lambda: ask("SELECT 1 FROM notifications_message WHERE state = 'waiting'") == [], "every message")
        assert processes["worker"].runs(), (var / "worker.log").read_text()
        assert processes["worker"].stop() == 0
    evenhand(var, database, "ledger", "verify")
    everything_stands(var, ask, clients.told)


def in_the_midst(worker: Own, clients: Clients, mail: Path, more: int) -> None:
    """Let messages pile up, and the worker send some of them: it is killed with one in hand, and not while it waits."""
    until(lambda: stands_still(worker, clients), "a moment at which the worker holds nobody up")
    clients.after(PILE)
    enough = len(list(mail.glob("*.eml"))) + more
    worker.go_on()
    until(lambda: len(list(mail.glob("*.eml"))) >= enough, f"{more} more messages")


def stands_still(worker: Own, clients: Clients) -> bool:
    """Whoever is stopped in the midst of writing keeps the database from everyone: then another moment is sought."""
    worker.pause()
    if clients.get_on():
        return True
    worker.go_on()
    return False


def everything_stands(var: Path, ask: Ask, told: dict[str, str]) -> None:
    stands = {str(name): plain(number) for number, name in ask(MEMBERS)}
    assert {name: plain(number) for name, number in told.items()}.items() <= stands.items()
    recorded = {plain(number) for (number,) in ask("SELECT subject_id FROM ledger_entry")}
    assert set(stands.values()) <= recorded
    messages = ask("SELECT id, about_id, state FROM notifications_message")
    assert sorted(plain(about) for _number, about, _state in messages) == sorted(stands.values())
    assert {state for _number, _about, state in messages} == {"sent"}
    files = {plain(each.stem) for each in (var / "mail").glob("*.eml")}
    assert files == {plain(number) for number, _about, _state in messages}


MEMBERS = (
    "SELECT m.id, u.name FROM authorities_membership m JOIN authorities_user u ON u.id = m.user_id "
    "WHERE u.name LIKE 'person-%'"
)


def plain(number: object) -> str:
    """An id, however the database or a file writes it."""
    return str(number).replace("-", "")


def test_sqlite(tmp_path: Path) -> None:
    with laid_out("sqlite", tmp_path) as database:
        prepare(tmp_path, database)

    def ask(words: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(tmp_path / "evenhand.sqlite3", timeout=20)) as connection:
            return connection.execute(words).fetchall()

    def restart(name: str, processes: dict[str, Own]) -> None:
        processes[name].kill()
        processes[name].start()

    crash(tmp_path, database, ask, ["web"] * 12 + ["worker"] * 8, restart)
    assert ask("PRAGMA integrity_check") == [("ok",)]


@pytest.mark.postgresql
def test_postgresql(tmp_path: Path) -> None:
    with server() as cluster:
        evenhand(tmp_path, cluster.url, "migrate")
        prepare(tmp_path, cluster.url)

        def ask(words: str) -> list[tuple[object, ...]]:
            with psycopg.connect(cluster.url) as connection:
                return connection.execute(words).fetchall()  # type: ignore[call-overload]

        def restart(name: str, processes: dict[str, Own]) -> None:
            here = cluster if name == "database" else processes[name]
            here.kill()
            here.start()

        crash(tmp_path, cluster.url, ask, ["web"] * 8 + ["worker"] * 6 + ["database"] * 6, restart)


@contextmanager
def server() -> Iterator[postgresql.Cluster]:
    """One of the test's own, that writes to disk before it says so, unlike the one of the other tests."""
    if not os.environ.get("EVENHAND_TEST_POSTGRES"):
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required here")
        pytest.skip("no PostgreSQL is asked for: run `make test`")
    with postgresql.cluster({"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}) as made:
        yield made
