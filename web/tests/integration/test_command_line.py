"""When its database can't be used, `evenhand` says what to do, without a traceback."""

from pathlib import Path

import pytest

from support.databases import empty_database, migrated_database, sqlite_url, start_command


def error_of(var: Path, database: str, *words: str) -> str:
    with start_command(var, database, *words) as process:
        output, error = process.communicate()
    assert process.returncode == 1, output
    assert "Traceback" not in error
    return error


def test_a_database_without_tables(tmp_path: Path) -> None:
    with empty_database("sqlite", tmp_path) as database:
        assert "Then run `evenhand migrate`" in error_of(tmp_path, database, "ledger", "verify")


@pytest.mark.postgresql
def test_a_postgresql_database_without_tables(tmp_path: Path) -> None:
    with empty_database("postgresql", tmp_path) as database:
        assert "Then run `evenhand migrate`" in error_of(tmp_path, database, "authority", "list")


def test_a_database_address_without_a_server(tmp_path: Path) -> None:
    address = "postgresql://evenhand@127.0.0.1:1/evenhand"
    assert "The database does not answer (connection" in error_of(tmp_path, address, "ledger", "verify")


def test_a_file_that_is_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "evenhand.sqlite3").write_text("a letter to the council" * 100)
    error = error_of(tmp_path, sqlite_url(tmp_path), "ledger", "verify")
    assert "The database does not answer (file is not a database)" in error


def test_a_program_error_is_shown_with_its_traceback(tmp_path: Path) -> None:
    with migrated_database("sqlite", tmp_path) as database:
        code = "from django.db import connection as c; c.cursor().execute('SELECT 1 FROM missing_table')"
        with start_command(tmp_path, database, "shell", "--no-imports", "-c", code) as process:
            _output, error = process.communicate()
    assert process.returncode == 1
    assert "no such table: missing_table" in error
    assert "Traceback" in error
