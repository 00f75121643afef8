"""Upgrades of stored databases of earlier versions: published figures must not change."""

import gzip
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from support.databases import evenhand, migrated_database, output_of, postgresql_database, run_script, sqlite_url
from support.portable import file_contents, passphrase_file

DUMPS = Path(__file__).parents[1] / "dumps"
VERSIONS = sorted(folder.name for folder in DUMPS.iterdir())


def versions(always: str) -> list[object]:
    """One version for `make test`; the others are for `make test-long`."""
    return [pytest.param(version, marks=() if version == always else pytest.mark.long) for version in VERSIONS]


def unpack_files(version: str, folder: Path) -> Path:
    with tarfile.open(DUMPS / version / "files.tar.gz") as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="session")
def current_release(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The release that this version publishes when it loads the demonstration itself."""
    var = tmp_path_factory.mktemp("current")
    with migrated_database("sqlite", var) as database:
        evenhand(var, database, "demo")
        return show_release(var, database)


def show_release(var: Path, database: str) -> str:
    return evenhand(var, database, "release", "show", "calderdale-council/workforce-2019-to-2026")


def upgrade(var: Path, database: str) -> str:
    people = memberships(var, database, "authorities_membership")
    backup = make_backup(var, database, "before")
    evenhand(var, database, "migrate")
    evenhand(var, database, "check")
    (digest,) = {file.name for file in (var / "public").rglob("*") if file.is_file() and file.stat().st_size > 20_000}
    assert len(digest) == 64
    assert "The record of changes is intact" in evenhand(var, database, "ledger", "verify")
    assert memberships(var, database, "authorities_membership WHERE ended_at IS NULL") == people
    evenhand(var, database, "export", "--everything", str(var / "export"))
    evenhand(var, database, "doctor", "--deep")
    check_restore_upgrades(backup, var)
    return show_release(var, database)


def memberships(var: Path, database: str, table: str) -> list[str]:
    """Each person's authority and role, read with SQL because the models do not fit the tables before the upgrade."""
    query = f"SELECT user_id, authority_id, role FROM {table} ORDER BY 1, 2, 3"
    script = (
        f"from django.db import connection as c\nq = c.cursor()\nq.execute({query!r})\nfor r in q.fetchall(): print(*r)"
    )
    people = output_of(run_script(var, database, script)).splitlines()
    assert len(people) > 10
    return people


def make_backup(var: Path, database: str, name: str) -> Path:
    """A backup made by this version of a database that has not been migrated yet, as before an upgrade."""
    evenhand(var, database, "backup", str(var / name), "--passphrase-file", str(passphrase_file(var)))
    return var / name


def check_restore_upgrades(backup: Path, var: Path) -> None:
    """A backup of the older version is migrated while it is restored."""
    second = var / "second"
    second.mkdir(mode=0o700)
    evenhand(second, sqlite_url(second), "restore", str(backup), "--passphrase-file", str(var / "passphrase"))
    evenhand(second, sqlite_url(second), "migrate", "--check")
    assert "The record of changes is intact" in evenhand(second, sqlite_url(second), "ledger", "verify")
    evenhand(second, sqlite_url(second), "export", "--everything", str(second / "export"))
    # All except the ledger, because each upgrade adds random blinding values to its chains.
    upgraded, restored = (
        {name: content for name, content in file_contents(folder / "export").items()
         if name[:7] != "record/" and "ledger" not in name}
        for folder in (var, second)
    )  # fmt: skip
    assert upgraded == restored


@pytest.mark.parametrize("version", versions(VERSIONS[0]))
def test_a_stored_sqlite_database_is_upgraded(version: str, tmp_path: Path, current_release: str) -> None:
    var = unpack_files(version, tmp_path)
    with closing(sqlite3.connect(var / "evenhand.sqlite3")) as database:
        database.executescript(gzip.decompress((DUMPS / version / "sqlite.sql.gz").read_bytes()).decode())
    assert upgrade(var, sqlite_url(var)) == current_release


@pytest.mark.postgresql
@pytest.mark.parametrize("version", versions(VERSIONS[-1]))
def test_a_stored_postgresql_database_is_upgraded(version: str, tmp_path: Path, current_release: str) -> None:
    with postgresql_database() as database:
        with psycopg.connect(database, autocommit=True) as fresh:
            fresh.execute(gzip.decompress((DUMPS / version / "postgresql.sql.gz").read_bytes()))
        assert upgrade(unpack_files(version, tmp_path), database) == current_release
