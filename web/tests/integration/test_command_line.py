"""What `evenhand` says when its database can't be used: what to do, and no stack trace."""

from pathlib import Path

import pytest

from own_databases import bare, laid_out, sqlite, started


def complaint(var: Path, database: str, *words: str) -> str:
    with started(var, database, *words) as running:
        said, complained = running.communicate()
    assert running.returncode == 1, said
    assert "Traceback" not in complained
    return complained


def test_a_database_without_tables(tmp_path: Path) -> None:
    with bare("sqlite", tmp_path) as database:
        assert "Then run `evenhand migrate`" in complaint(tmp_path, database, "ledger", "verify")


@pytest.mark.postgresql
def test_a_postgresql_database_without_tables(tmp_path: Path) -> None:
    with bare("postgresql", tmp_path) as database:
        assert "Then run `evenhand migrate`" in complaint(tmp_path, database, "authority", "list")


def test_no_server_behind_the_address(tmp_path: Path) -> None:
    nobody = "postgresql://evenhand@127.0.0.1:1/evenhand"
    assert "The database does not answer (connection" in complaint(tmp_path, nobody, "ledger", "verify")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "evenhand.sqlite3").write_text("a letter to the council" * 100)
    said = complaint(tmp_path, sqlite(tmp_path), "ledger", "verify")
    assert "The database does not answer (file is not a database)" in said


def test_a_fault_of_the_program_is_shown_whole(tmp_path: Path) -> None:
    with laid_out("sqlite", tmp_path) as database:
        code = "from django.db import connection as c; c.cursor().execute('SELECT 1 FROM missing_table')"
        with started(tmp_path, database, "shell", "--no-imports", "-c", code) as running:
            _said, complained = running.communicate()
    assert running.returncode == 1
    assert "no such table: missing_table" in complained
    assert "Traceback" in complained
