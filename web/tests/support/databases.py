"""Databases other than the test database, and commands run on them in separate processes."""

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

from support import fork_server

BOTH_ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


def settings_of(var: Path, database: str) -> dict[str, str]:
    settings = {
        "EVENHAND_VAR": str(var),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "evenhand.config.settings",
    }
    return os.environ | settings


def start_command(var: Path, database: str, *words: str) -> fork_server.ForkedProcess:
    return fork_server.ForkedProcess(fork_server.run_evenhand, *words, settings=settings_of(var, database))


def evenhand(var: Path, database: str, *words: str) -> str:
    """Runs the `evenhand` command, which must succeed, and returns its output."""
    with start_command(var, database, *words) as process:
        output, error = process.communicate()
    assert process.returncode == 0, error
    return output


def run_script(var: Path, database: str, script: str) -> CompletedProcess[str]:
    """Runs the script in a separate process with the site's models loaded."""
    with fork_server.ForkedProcess(fork_server.run_python, script, settings=settings_of(var, database)) as process:
        output, error = process.communicate()
    return CompletedProcess(script, process.returncode or 0, output, error)


def output_of(result: CompletedProcess[str]) -> str:
    """The output of a script, which must have succeeded."""
    assert result.returncode == 0, result.stderr
    return result.stdout


def sqlite_url(var: Path) -> str:
    return f"sqlite:///{var}/evenhand.sqlite3"


@contextmanager
def postgresql_database(template: str = "template1") -> Iterator[str]:
    """A new database on the test server, copied from the template and dropped afterwards."""
    name = f"own_{uuid4().hex}"
    _run_on_server(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield f"{_server_url().rpartition('/')[0]}/{name}"
    finally:
        _run_on_server(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated_database(engine: str, var: Path) -> Iterator[str]:
    """A new database with all tables: a copy of a migrated one, because `evenhand migrate` is many times slower."""
    if engine == "postgresql":
        with postgresql_database(_postgresql_template()) as database:
            yield database
    else:
        shutil.copy(_migrated_folder() / "evenhand.sqlite3", var)
        yield sqlite_url(var)


def empty_database(engine: str, var: Path) -> AbstractContextManager[str]:
    """A new database without tables."""
    return postgresql_database() if engine == "postgresql" else nullcontext(sqlite_url(var))


def copy_static_files(var: Path) -> None:
    """Puts the output of `evenhand collectstatic` in the folder."""
    shutil.copytree(_folder_with_static_files() / "static", var / "static")


@cache
def _migrated_folder() -> Path:
    folder = fork_server.new_folder()
    evenhand(folder, sqlite_url(folder), "migrate")
    return folder


@cache
def _folder_with_static_files() -> Path:
    folder = fork_server.new_folder()
    evenhand(folder, sqlite_url(folder), "collectstatic", "--noinput")
    return folder


@cache
def _postgresql_template() -> str:
    cleanup = ExitStack()
    atexit.register(cleanup.close)
    database = cleanup.enter_context(postgresql_database())
    evenhand(fork_server.new_folder(), database, "migrate")
    return database.rpartition("/")[2]


def _server_url() -> str:
    url = os.environ.get("EVENHAND_TEST_POSTGRES", "")
    if not url:
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required, but EVENHAND_TEST_POSTGRES is not set")
        pytest.skip("EVENHAND_TEST_POSTGRES is not set: run `make test`")
    return url


def _run_on_server(statement: str) -> None:
    with psycopg.connect(_server_url(), autocommit=True) as admin:
        admin.execute(statement.encode())
