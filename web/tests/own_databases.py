"""Databases outside the test run's own, and the site's commands on them, each in a process of its own."""

import atexit
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess
from uuid import uuid4

import psycopg
import pytest

import nursery

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def settings_of(var: Path, database: str) -> dict[str, str]:
    own = {"EVENHAND_VAR": str(var), "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "evenhand.config.settings"}
    return os.environ | own


def started(var: Path, database: str, *words: str) -> nursery.Born:
    return nursery.Born(nursery.evenhand, *words, settings=settings_of(var, database))


def evenhand(var: Path, database: str, *words: str) -> str:
    """What the command says; it must succeed."""
    with started(var, database, *words) as running:
        said, complained = running.communicate()
    assert running.returncode == 0, complained
    return said


def python(var: Path, database: str, script: str) -> CompletedProcess[str]:
    """The script with the site's models, in a process of its own."""
    with nursery.Born(nursery.script, script, settings=settings_of(var, database)) as running:
        said, complained = running.communicate()
    return CompletedProcess(script, running.returncode or 0, said, complained)


def done(ran: CompletedProcess[str]) -> str:
    """What a script said; it must have succeeded."""
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def sqlite(var: Path) -> str:
    return f"sqlite:///{var}/evenhand.sqlite3"


@contextmanager
def postgresql(template: str = "template1") -> Iterator[str]:
    """A new database on the test server, a copy of the template, gone afterwards."""
    name = f"own_{uuid4().hex}"
    _on_the_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield f"{_server().rpartition('/')[0]}/{name}"
    finally:
        _on_the_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def laid_out(engine: str, var: Path) -> Iterator[str]:
    """A new database with its tables, as `evenhand migrate` makes them: copied, since that takes many times as long."""
    if engine == "postgresql":
        with postgresql(_tables_on_postgresql()) as database:
            yield database
    else:
        shutil.copy(_folder_with_tables() / "evenhand.sqlite3", var)
        yield sqlite(var)


def bare(engine: str, var: Path) -> AbstractContextManager[str]:
    """A new database with nothing in it."""
    return postgresql() if engine == "postgresql" else nullcontext(sqlite(var))


def with_static_files(var: Path) -> None:
    """As `evenhand collectstatic` would leave the folder."""
    shutil.copytree(_folder_with_static_files() / "static", var / "static")


@cache
def _folder_with_tables() -> Path:
    folder = nursery.new_folder()
    evenhand(folder, sqlite(folder), "migrate")
    return folder


@cache
def _folder_with_static_files() -> Path:
    folder = nursery.new_folder()
    evenhand(folder, sqlite(folder), "collectstatic", "--noinput")
    return folder


@cache
def _tables_on_postgresql() -> str:
    kept = ExitStack()
    atexit.register(kept.close)
    database = kept.enter_context(postgresql())
    evenhand(nursery.new_folder(), database, "migrate")
    return database.rpartition("/")[2]


def _server() -> str:
    server = os.environ.get("EVENHAND_TEST_POSTGRES", "")
    if not server:
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required here, and EVENHAND_TEST_POSTGRES does not name it")
        pytest.skip("EVENHAND_TEST_POSTGRES names no server: run `make test`")
    return server


def _on_the_server(statement: str) -> None:
    with psycopg.connect(_server(), autocommit=True) as admin:
        admin.execute(statement.encode())
