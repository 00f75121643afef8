"""The kept databases of earlier versions, brought up to this one: nothing published may change on the way."""

import gzip
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from own_databases import done, evenhand, laid_out, postgresql, python, sqlite
from portable import contents, passphrase_file

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
    with laid_out("sqlite", var) as database:
        evenhand(var, database, "demo")
        return shown(var, database)


def shown(var: Path, database: str) -> str:
    return evenhand(var, database, "release", "show", "calderdale-council/workforce-2019-to-2026")


def upgraded(var: Path, database: str) -> str:
    people = who_does_what(var, database, "authorities_membership")
    before_upgrade = backed_up(var, database, "before")
    evenhand(var, database, "migrate")
    evenhand(var, database, "check")
    (digest,) = {file.name for file in (var / "public").rglob("*") if file.is_file() and file.stat().st_size > 20_000}
    assert len(digest) == 64
    assert "The record of changes is whole" in evenhand(var, database, "ledger", "verify")
    assert who_does_what(var, database, "authorities_membership WHERE ended_at IS NULL") == people
    evenhand(var, database, "export", "--everything", str(var / "export"))
    evenhand(var, database, "doctor", "--deep")
    restored_and_upgraded(before_upgrade, var)
    return shown(var, database)


def who_does_what(var: Path, database: str, memberships: str) -> list[str]:
    """Person, authority and role of everyone, read as the tables stand before the upgrade and after it."""
    query = f"SELECT user_id, authority_id, role FROM {memberships} ORDER BY 1, 2, 3"
    reading = (
        f"from django.db import connection as c\nq = c.cursor()\nq.execute({query!r})\nfor r in q.fetchall(): print(*r)"
    )
    people = done(python(var, database, reading)).splitlines()
    assert len(people) > 10
    return people


def backed_up(var: Path, database: str, name: str) -> Path:
    """By this version, of the older layout as it stands: what is done before an upgrade."""
    evenhand(var, database, "backup", str(var / name), "--passphrase-file", str(passphrase_file(var)))
    return var / name


def restored_and_upgraded(backup: Path, var: Path) -> None:
    """A backup of the older version comes up to date while it is restored."""
    second = var / "second"
    second.mkdir(mode=0o700)
    evenhand(second, sqlite(second), "restore", str(backup), "--passphrase-file", str(var / "passphrase"))
    evenhand(second, sqlite(second), "migrate", "--check")
    assert "The record of changes is whole" in evenhand(second, sqlite(second), "ledger", "verify")
    evenhand(second, sqlite(second), "export", "--everything", str(second / "export"))
    # All but the record, whose chains each upgrade ties with blinds of its own.
    one, two = (
        {n: c for n, c in contents(each / "export").items() if n[:7] != "record/" and "ledger" not in n}
        for each in (var, second)
    )
    assert one == two


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
