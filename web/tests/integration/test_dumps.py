"""The kept databases of earlier versions, brought up to this one: nothing published may change on the way."""

import gzip
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from own_databases import evenhand, postgresql, sqlite

DUMPS = Path(__file__).parents[1] / "dumps"
VERSIONS = sorted(folder.name for folder in DUMPS.iterdir())


def unpacked(version: str, folder: Path) -> Path:
    with tarfile.open(DUMPS / version / "files.tar.gz") as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def now(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What this version publishes when it loads the demonstration itself."""
    var = tmp_path_factory.mktemp("now")
    evenhand(var, sqlite(var), "migrate")
    evenhand(var, sqlite(var), "demo")
    return shown(var, sqlite(var))


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
    assert upgraded(var, sqlite(var)) == now


@pytest.mark.postgresql
@pytest.mark.parametrize("version", VERSIONS)
def test_a_kept_postgresql_database_comes_up_to_date(version: str, tmp_path: Path, now: str) -> None:
    with postgresql() as database:
        with psycopg.connect(database, autocommit=True) as fresh:
            fresh.execute(gzip.decompress((DUMPS / version / "postgresql.sql.gz").read_bytes()))
        assert upgraded(unpacked(version, tmp_path), database) == now
