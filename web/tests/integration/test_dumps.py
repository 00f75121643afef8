"""The kept databases of earlier versions, brought up to this one: nothing published may change on the way."""

import gzip
import os
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

DUMPS = Path(__file__).parents[1] / "dumps"
VERSIONS = sorted(folder.name for folder in DUMPS.iterdir())
EVENHAND = Path(sys.executable).parent / "evenhand"


def evenhand(var: Path, database: str, *words: str) -> str:
    settings = os.environ | {"EVENHAND_VAR": str(var), "DATABASE_URL": database}
    done = subprocess.run([EVENHAND, *words], env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def unpacked(version: str, folder: Path) -> Path:
    with tarfile.open(DUMPS / version / "files.tar.gz") as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def now(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What this version publishes when it loads the demonstration itself."""
    var = tmp_path_factory.mktemp("now")
    database = f"sqlite:///{var}/evenhand.sqlite3"
    evenhand(var, database, "migrate")
    evenhand(var, database, "demo")
    return shown(var, database)


def shown(var: Path, database: str) -> str:
    return evenhand(var, database, "release", "show", "calderdale-council/workforce-2019-to-2026")


def upgraded(var: Path, database: str) -> str:
    evenhand(var, database, "migrate")
    evenhand(var, database, "check")
    (digest,) = {file.name for file in (var / "public").rglob("*") if file.is_file() and file.stat().st_size > 20_000}
    assert len(digest) == 64
    return shown(var, database)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_sqlite_database_comes_up_to_date(version: str, tmp_path: Path, now: str) -> None:
    var = unpacked(version, tmp_path)
    with closing(sqlite3.connect(var / "evenhand.sqlite3")) as database:
        database.executescript(gzip.decompress((DUMPS / version / "sqlite.sql.gz").read_bytes()).decode())
    assert upgraded(var, f"sqlite:///{var}/evenhand.sqlite3") == now


@pytest.mark.postgresql
@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_postgresql_database_comes_up_to_date(version: str, tmp_path: Path, now: str) -> None:
    server = os.environ.get("EVENHAND_TEST_POSTGRES", "")
    if not server:
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("PostgreSQL is required here, and EVENHAND_TEST_POSTGRES does not name it")
        pytest.skip("EVENHAND_TEST_POSTGRES names no server: run `make test`")
    name = f"dump_{uuid4().hex}"
    database = f"{server.rpartition('/')[0]}/{name}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
    try:
        with psycopg.connect(database, autocommit=True) as fresh:
            fresh.execute(gzip.decompress((DUMPS / version / "postgresql.sql.gz").read_bytes()))
        assert upgraded(unpacked(version, tmp_path), database) == now
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]
