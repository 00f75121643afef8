"""The ledger in separate databases, on both engines: many writers, an intruder, and the `ledger` command."""

import gzip
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import psycopg
import pytest

from support.databases import BOTH_ENGINES, empty_database, evenhand, migrated_database, start_command

TESTS = Path(__file__).parents[1]
DUMP = TESTS / "dumps" / "0.1.0"
WRITERS, CHANGES_PER_WRITER = 50, 6
ENTRIES_PER_WRITER = 8  # two of the six changes write two entries


class Site(NamedTuple):
    var: Path
    database: str

    def sql(self, *statements: str) -> list[tuple[str, ...]]:
        """Run SQL as someone who has the database's password, bypassing the application."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.var / "evenhand.sqlite3")) as intruder, intruder:
                return [row for statement in statements for row in intruder.execute(statement).fetchall()]
        with psycopg.connect(self.database) as intruder:
            cursors = [intruder.execute(statement) for statement in statements]
            return [row for cursor in cursors if cursor.description for row in cursor.fetchall()]

    def drop_trigger(self, table: str, event: str) -> str:
        on_table = "" if self.database.startswith("sqlite") else f" ON {table}"
        return f"DROP TRIGGER frozen_{table}_{event}{on_table}"

    def verify(self, *arguments: str) -> tuple[int, str]:
        with start_command(*self, "ledger", "verify", *arguments) as running:
            output, errors = running.communicate()
        return running.returncode, output + errors


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with migrated_database(request.param, tmp_path) as database:
        yield Site(tmp_path, database)


@pytest.fixture(params=BOTH_ENGINES)
def bare_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with empty_database(request.param, tmp_path) as database:
        yield Site(tmp_path, database)


def add_authority(site: Site, slug: str, code: str) -> UUID:
    area = ("--kind", "metropolitan_district", "--area-code", code, "--area-name", slug.title())
    evenhand(*site, "authority", "add", slug, "--name", slug.title(), *area)
    ((authority_id,),) = site.sql(f"SELECT id FROM authorities_authority WHERE slug = '{slug}'")
    return UUID(str(authority_id))


def test_fifty_concurrent_writers_leave_unbroken_chains_and_lose_no_entry(site: Site) -> None:
    first, second = add_authority(site, "anywhere", "E99999999"), add_authority(site, "elsewhere", "E99999998")
    environment = os.environ | {"EVENHAND_VAR": str(site.var), "DATABASE_URL": site.database}
    command = [
        sys.executable,
        TESTS / "support" / "ledger_writers.py",
        str(WRITERS),
        str(CHANGES_PER_WRITER),
        str(first),
        str(second),
    ]
    writers = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (writers.returncode, writers.stderr) == (0, "")
    assert int(writers.stdout) == WRITERS * ENTRIES_PER_WRITER
    ((count,),) = site.sql("SELECT count(*) FROM ledger_entry WHERE action LIKE 'test.%'")
    assert count == WRITERS * ENTRIES_PER_WRITER
    assert site.sql("SELECT count(*) FROM ledger_entry WHERE action = 'test.fail'") == [(0,)]
    code, output = site.verify()
    assert (code, f"{count + 2} entries in 2 chains" in output) == (0, True), output


def test_an_intruders_change_is_detected_and_the_entry_named(site: Site) -> None:
    add_authority(site, "anywhere", "E99999999")
    for person in ("ana", "bob", "cy"):
        role = ("--email", f"{person}@x.example", "--name", person, "--role", "officer")
        evenhand(*site, "authority", "member", "anywhere", *role)
    checkpoint = site.var / "kept.txt"
    assert "Signed: 4 entries" in evenhand(
        *site, "ledger", "checkpoint", "--authority", "anywhere", "--out", str(checkpoint)
    )
    assert site.verify("--against", str(checkpoint))[0] == 0

    ((entry_id, at),) = site.sql("SELECT id, at FROM ledger_entry WHERE position = 3")
    with pytest.raises((sqlite3.Error, psycopg.Error), match="append-only"):
        site.sql("UPDATE ledger_entry SET action = 'plans.publish' WHERE position = 3")
    site.sql(site.drop_trigger("ledger_entry", "update"), "UPDATE ledger_entry SET action = 'x' WHERE position = 3")
    code, output = site.verify("--authority", "anywhere")
    assert code == 1
    assert f"anywhere: entry 3 ({UUID(str(entry_id))}, {str(at)[:10]}T" in output
    assert "was altered" in output
    site.sql("UPDATE ledger_entry SET action = 'authorities.add_member' WHERE position = 3")
    assert site.verify()[0] == 0

    site.sql(
        site.drop_trigger("ledger_entry", "delete"),
        site.drop_trigger("ledger_head", "update"),
        site.drop_trigger("ledger_checkpoint", "delete"),
        "DELETE FROM ledger_payload WHERE entry_id IN (SELECT id FROM ledger_entry WHERE position = 4)",
        "DELETE FROM ledger_entry WHERE position = 4",
        "UPDATE ledger_head SET position = 3, previous = (SELECT previous FROM ledger_entry WHERE position = 3), "
        "hash = (SELECT entry_hash FROM ledger_entry WHERE position = 3)",
        "DELETE FROM ledger_checkpoint",
    )
    assert site.verify()[0] == 0, "without a checkpoint the removal cannot be detected"
    code, output = site.verify("--against", str(checkpoint))
    assert (code, "anywhere: entry 4 missing" in output) == (1, True), output


def test_entries_recorded_by_0_1_0_are_chained_and_intact(bare_site: Site) -> None:
    site = bare_site
    if site.database.startswith("sqlite"):
        with closing(sqlite3.connect(site.var / "evenhand.sqlite3")) as database:
            database.executescript(gzip.decompress((DUMP / "sqlite.sql.gz").read_bytes()).decode())
    else:
        with psycopg.connect(site.database, autocommit=True) as database:
            database.execute(gzip.decompress((DUMP / "postgresql.sql.gz").read_bytes()))
    columns = "id, action, commitment"
    before = site.sql(f"SELECT {columns} FROM ledger_entry ORDER BY id")
    evenhand(*site, "migrate")
    assert site.sql(f"SELECT {columns} FROM ledger_entry ORDER BY id") == before
    code, output = site.verify()
    assert (code, f"{len(before)} entries" in output) == (0, True), output
    for statement in ("UPDATE ledger_entry SET action = 'x'", "UPDATE ledger_payload SET content = '{}'"):
        with pytest.raises((sqlite3.Error, psycopg.Error), match=r"append-only|not altered"):
            site.sql(statement)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("verify", "--authority", "nowhere"), "There is no authority “nowhere”"),
        (("verify", "--against", "nothing.txt"), "there is no such file"),
        (("checkpoint", "--authority", "nowhere"), "There is no authority “nowhere”"),
        (("checkpoint",), "there is nothing to sign"),
        (("show",), "Give either the id of an item or an --authority"),
        (("show", "seven"), "“seven” is not an id"),
    ],
)
def test_the_command_explains_what_it_cannot_do(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    with (
        migrated_database("sqlite", tmp_path) as database,
        start_command(tmp_path, database, "ledger", *arguments) as running,
    ):
        output, errors = running.communicate()
    assert running.returncode == 1
    assert message in output + errors
    assert "Traceback" not in errors
