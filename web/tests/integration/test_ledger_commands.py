"""The record in databases of its own, on both engines: many writers, an intruder, and the command that finds out."""

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

from own_databases import BOTH, bare, evenhand, laid_out, started

TESTS = Path(__file__).parents[1]
DUMP = TESTS / "dumps" / "0.1.0"
WRITERS, EACH = 50, 6
ENTRIES_OF_EACH = 8  # two of the six are pairs


class Site(NamedTuple):
    var: Path
    database: str

    def sql(self, *statements: str) -> list[tuple[str, ...]]:
        """As somebody who has the database's password, past the application."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.var / "evenhand.sqlite3")) as intruder, intruder:
                return [row for each in statements for row in intruder.execute(each).fetchall()]
        with psycopg.connect(self.database) as intruder:
            done = [intruder.execute(each) for each in statements]
            return [row for each in done if each.description for row in each.fetchall()]

    def trigger(self, table: str, event: str) -> str:
        where = "" if self.database.startswith("sqlite") else f" ON {table}"
        return f"DROP TRIGGER frozen_{table}_{event}{where}"

    def verify(self, *words: str) -> tuple[int, str]:
        with started(*self, "ledger", "verify", *words) as running:
            said, complained = running.communicate()
        return running.returncode, said + complained


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with laid_out(request.param, tmp_path) as database:
        yield Site(tmp_path, database)


@pytest.fixture(params=BOTH)
def bare_site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with bare(request.param, tmp_path) as database:
        yield Site(tmp_path, database)


def add(site: Site, slug: str, code: str) -> UUID:
    area = ("--kind", "metropolitan_district", "--area-code", code, "--area-name", slug.title())
    evenhand(*site, "authority", "add", slug, "--name", slug.title(), *area)
    ((found,),) = site.sql(f"SELECT id FROM authorities_authority WHERE slug = '{slug}'")
    return UUID(str(found))


def test_fifty_writers_at_once_leave_one_unbroken_chain_and_lose_nothing(site: Site) -> None:
    here, there = add(site, "anywhere", "E99999999"), add(site, "elsewhere", "E99999998")
    surroundings = os.environ | {"EVENHAND_VAR": str(site.var), "DATABASE_URL": site.database}
    command = [sys.executable, TESTS / "ledger_writers.py", str(WRITERS), str(EACH), str(here), str(there)]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) == WRITERS * ENTRIES_OF_EACH
    ((held,),) = site.sql("SELECT count(*) FROM ledger_entry WHERE action LIKE 'test.%'")
    assert held == WRITERS * ENTRIES_OF_EACH
    assert site.sql("SELECT count(*) FROM ledger_entry WHERE action = 'test.fail'") == [(0,)]
    code, said = site.verify()
    assert (code, f"{held + 2} entries in 2 chains" in said) == (0, True), said


def test_an_intruder_is_found_and_the_entry_named(site: Site) -> None:
    add(site, "anywhere", "E99999999")
    for person in ("ana", "bob", "cy"):
        role = ("--email", f"{person}@x.example", "--name", person, "--role", "officer")
        evenhand(*site, "authority", "member", "anywhere", *role)
    statement = site.var / "kept.txt"
    assert "Signed: 4 entries" in evenhand(
        *site, "ledger", "checkpoint", "--authority", "anywhere", "--out", str(statement)
    )
    assert site.verify("--against", str(statement))[0] == 0

    ((entry_id, at),) = site.sql("SELECT id, at FROM ledger_entry WHERE position = 3")
    with pytest.raises((sqlite3.Error, psycopg.Error), match="append-only"):
        site.sql("UPDATE ledger_entry SET action = 'plans.publish' WHERE position = 3")
    site.sql(site.trigger("ledger_entry", "update"), "UPDATE ledger_entry SET action = 'x' WHERE position = 3")
    code, said = site.verify("--authority", "anywhere")
    assert code == 1
    assert f"anywhere: entry 3 ({UUID(str(entry_id))}, {str(at)[:10]}T" in said
    assert "was altered" in said
    site.sql("UPDATE ledger_entry SET action = 'authorities.add_member' WHERE position = 3")
    assert site.verify()[0] == 0

    site.sql(
        site.trigger("ledger_entry", "delete"),
        site.trigger("ledger_head", "update"),
        site.trigger("ledger_checkpoint", "delete"),
        "DELETE FROM ledger_payload WHERE entry_id IN (SELECT id FROM ledger_entry WHERE position = 4)",
        "DELETE FROM ledger_entry WHERE position = 4",
        "UPDATE ledger_head SET position = 3, previous = (SELECT previous FROM ledger_entry WHERE position = 3), "
        "hash = (SELECT entry_hash FROM ledger_entry WHERE position = 3)",
        "DELETE FROM ledger_checkpoint",
    )
    assert site.verify()[0] == 0, "a tail that was cut with its traces is found by a kept statement alone"
    code, said = site.verify("--against", str(statement))
    assert (code, "anywhere: entry 4 missing" in said) == (1, True), said


def test_what_0_1_0_recorded_is_chained_and_whole(bare_site: Site) -> None:
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
    code, said = site.verify()
    assert (code, f"{len(before)} entries" in said) == (0, True), said
    for statement in ("UPDATE ledger_entry SET action = 'x'", "UPDATE ledger_payload SET content = '{}'"):
        with pytest.raises((sqlite3.Error, psycopg.Error), match=r"append-only|not altered"):
            site.sql(statement)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("verify", "--authority", "nowhere"), "No authority “nowhere” is known here"),
        (("verify", "--against", "nothing.txt"), "there is no such file"),
        (("checkpoint", "--authority", "nowhere"), "No authority “nowhere” is known here"),
        (("checkpoint",), "there is nothing to sign"),
        (("show",), "Say the id of a thing, or an --authority"),
        (("show", "seven"), "“seven” is no id"),
    ],
)
def test_what_the_command_cannot_do_is_said(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    with laid_out("sqlite", tmp_path) as database, started(tmp_path, database, "ledger", *words) as running:
        said, complained = running.communicate()
    assert running.returncode == 1
    assert says in said + complained
    assert "Traceback" not in complained
