"""Databases outside the test run's own, and the site's commands on them, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

EVENHAND = Path(sys.executable).parent / "evenhand"


def started(var: Path, database: str, *words: str) -> subprocess.Popen[str]:
    settings = os.environ | {"EVENHAND_VAR": str(var), "DATABASE_URL": database}
    return subprocess.Popen([EVENHAND, *words], env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def evenhand(var: Path, database: str, *words: str) -> str:
    """What the command says; it must succeed."""
    with started(var, database, *words) as running:
        said, complained = running.communicate()
    assert running.returncode == 0, complained
    return said


def sqlite(var: Path) -> str:
    return f"sqlite:///{var}/evenhand.sqlite3"


@contextmanager
def postgresql(template: str = "template1") -> Iterator[str]:
    """A new database on the test server, a copy of the template, gone afterwards."""
    server = os.environ.get("EVENHAND_TEST_POSTGRES", "")
    if not server:
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required here, and EVENHAND_TEST_POSTGRES does not name it")
        pytest.skip("EVENHAND_TEST_POSTGRES names no server: run `make test`")
    name = f"own_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[call-overload]
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
