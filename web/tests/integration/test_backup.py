"""Backup and restore between whole systems, each command in a process of its own."""

import json
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from own_databases import BOTH, bare, done, evenhand, laid_out, python, settings_of, started
from portable import contents, filled, passphrase_file


@contextmanager
def new_system(folder: Path, engine: str) -> Iterator[tuple[Path, str]]:
    """One in which nothing is laid out yet."""
    folder.mkdir(mode=0o700)
    with bare(engine, folder) as database:
        yield folder, database


@contextmanager
def working_system(folder: Path, engine: str) -> Iterator[tuple[Path, str]]:
    folder.mkdir(mode=0o700)
    with laid_out(engine, folder) as database:
        yield folder, database


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demonstration with awkward rows, on SQLite. Read by many tests, changed by none."""
    var = tmp_path_factory.mktemp("system")
    with laid_out("sqlite", var) as database:
        filled(var, database)
        return var, database


@pytest.fixture(scope="session")
def backup(system: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    words = str(passphrase_file(folder))
    evenhand(*system, "backup", str(folder / "b"), "--passphrase-file", words)
    said = evenhand(*system, "backup", "--verify", str(folder / "b"), "--passphrase-file", words)
    assert said.startswith("Whole: made ")
    return folder / "b"


@pytest.fixture(scope="session")
def unsealed(system: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("unsealed") / "b.zip"
    with started(*system, "backup", str(file), "--unencrypted") as running:
        _said, complained = running.communicate()
    assert running.returncode == 0, complained
    assert "This backup is not sealed" in complained
    return file


def restored(system: tuple[Path, str], backup: Path) -> None:
    evenhand(*system, "restore", str(backup), "--passphrase-file", str(backup.parent / "passphrase"))


def refused(system: tuple[Path, str], backup: Path, words: Path | None = None) -> str:
    with started(
        *system, "restore", str(backup), "--passphrase-file", str(words or backup.parent / "passphrase")
    ) as one:
        said, complained = one.communicate()
    assert one.returncode == 1, said
    assert "Traceback" not in complained
    return complained


def exported(system: tuple[Path, str], folder: Path) -> dict[str, bytes]:
    evenhand(*system, "export", "--everything", str(folder))
    return contents(folder)


def is_empty(system: tuple[Path, str]) -> bool:
    files = [file for root in ("private", "public") for file in (system[0] / root).rglob("*") if file.is_file()]
    said = done(python(*system, _COUNT))
    return not files and said.strip() == "0"


_COUNT = """
from django.db import connection
from evenhand.operations.backup_tables import tables
with connection.cursor() as cursor:
    there = set(connection.introspection.table_names(cursor))
print(sum(model._base_manager.count() for _label, model in tables() if model._meta.db_table in there))
"""


def test_a_restored_system_holds_the_same(system: tuple[Path, str], backup: Path, tmp_path: Path) -> None:
    with new_system(tmp_path / "second", "sqlite") as second:
        restored(second, backup)
        assert "The record of changes is whole" in evenhand(*second, "ledger", "verify")
        assert exported(second, tmp_path / "b") == exported(system, tmp_path / "a")
        assert "is there already" in _complaint(second, "export", "--everything", str(tmp_path / "a"))
        assert "This system holds something already" in refused(second, backup)
        assert exported(second, tmp_path / "c") == contents(tmp_path / "a")
        evenhand(*second, "demo", "--if-empty")
        assert "frozen" in evenhand(*second, "doctor", "--deep")


@pytest.mark.postgresql
def test_from_sqlite_to_postgresql_and_back(system: tuple[Path, str], backup: Path, tmp_path: Path) -> None:
    words = str(backup.parent / "passphrase")
    with new_system(tmp_path / "second", "postgresql") as second, new_system(tmp_path / "third", "sqlite") as third:
        restored(second, backup)
        assert "The record of changes is whole" in evenhand(*second, "ledger", "verify")
        before = exported(system, tmp_path / "a")
        assert exported(second, tmp_path / "b") == before
        evenhand(*second, "backup", str(backup.parent / "c"), "--passphrase-file", words)
        done(python(*second, _NEXT_ROW))  # sequences go on after what was restored
        evenhand(*second, "doctor", "--deep")
        restored(third, backup.parent / "c")
        assert "The record of changes is whole" in evenhand(*third, "ledger", "verify")
        assert exported(third, tmp_path / "c") == before


_NEXT_ROW = """
from allauth.account.models import EmailAddress
from evenhand.authorities.models import User
EmailAddress.objects.create(user=User.objects.first(), email="next@example.org")
"""


@pytest.mark.postgresql
def test_what_another_database_cannot_hold_is_named(tmp_path: Path) -> None:
    """SQLite takes a NUL in a text, PostgreSQL none."""
    words = passphrase_file(tmp_path)
    with working_system(tmp_path / "one", "sqlite") as one, new_system(tmp_path / "two", "postgresql") as two:
        done(python(*one, _NUL))
        evenhand(*one, "backup", str(tmp_path / "b"), "--passphrase-file", str(words))
        complaint = refused(two, tmp_path / "b")
        assert "notifications.message, rows 1 to 1" in complaint
        assert "NUL" in complaint
        assert is_empty(two)


_NUL = """
from django.utils import timezone
from evenhand.notifications.models import Message
now = timezone.now()
Message.objects.create(to="x@example.org", subject="a\\0b", created_at=now, due_at=now)
"""


@pytest.mark.parametrize("engine", BOTH)
def test_a_backup_is_of_one_moment_while_others_write(engine: str, tmp_path: Path) -> None:
    """Each write adds an authority and its entry together; a backup that saw half of one would not verify."""
    words = str(passphrase_file(tmp_path))
    with working_system(tmp_path / "one", engine) as one, new_system(tmp_path / "two", "sqlite") as two:
        program = [sys.executable, "-c", _WRITES]
        with subprocess.Popen(program, env=settings_of(*one), stdin=PIPE, stdout=PIPE, text=True) as writer:
            assert writer.stdin
            assert writer.stdout
            assert writer.stdout.readline() == "writing\n"
            evenhand(*one, "backup", str(tmp_path / "b"), "--passphrase-file", words)
            assert writer.poll() is None, "the writer was to go on all the while"
            writer.stdin.close()
            written = int(writer.stdout.read())
        restored(two, tmp_path / "b")
        held = int(
            done(python(*two, "from evenhand.authorities.models import Authority as A\nprint(A.objects.count())"))
        )
        entries = int(done(python(*two, "from evenhand.ledger.models import Entry as E\nprint(E.objects.count())")))
        assert 0 < held < written
        assert entries == held
        assert "The record of changes is whole" in evenhand(*two, "ledger", "verify")


_WRITES = """
import django, select, sys
django.setup()
from evenhand.authorities import actions
from evenhand.authorities.enums import Kind
from evenhand.authorities.queries import operator
by, count = operator(), 0
while not select.select([sys.stdin], [], [], 0.01)[0]:  # others get their turn
    count += 1
    actions.add(by=by, slug=f"a-{count}", name=f"A {count}", kind=Kind.METROPOLITAN_DISTRICT, area_code="E99999999",
                area_name="X")
    if count == 5:
        print("writing", flush=True)
print(count)
"""


def _complaint(system: tuple[Path, str], *words: str) -> str:
    with started(*system, *words) as running:
        _said, complained = running.communicate()
    assert running.returncode == 1
    return complained


def test_a_sealed_backup_shows_nothing_and_an_open_one_no_keys(
    system: tuple[Path, str], backup: Path, unsealed: Path
) -> None:
    key = (system[0] / "ledger_key").read_text()
    assert b"Leeds" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == unsealed.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(unsealed) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
        left_out = json.loads(parts.read("manifest.json"))["left_out"]
    assert b"Leeds City Council" in everything
    assert key.encode() not in everything
    assert (system[0] / "secret_key").read_bytes() not in everything
    assert {"sessions.session", "usersessions.usersession"} <= set(left_out)
    shown = evenhand(*system, "backup", "--keys", str(backup), "--passphrase-file", str(backup.parent / "passphrase"))
    assert f"EVENHAND_LEDGER_KEY={key}" in shown


def test_an_open_backup_asks_for_the_key_of_the_record(
    system: tuple[Path, str], unsealed: Path, tmp_path: Path
) -> None:
    with new_system(tmp_path / "second", "sqlite") as second:
        assert "signed with a key that this system does not have" in refused(second, unsealed)
        (second[0] / "ledger_key").write_text((system[0] / "ledger_key").read_text())
        with started(*second, "restore", str(unsealed)) as running:
            _said, complained = running.communicate()
        assert running.returncode == 0, complained
        assert "another EVENHAND_SECRET_KEY" in complained
        assert exported(second, tmp_path / "b") == exported(system, tmp_path / "a")


def test_what_cannot_be_trusted_leaves_nothing(backup: Path, unsealed: Path, tmp_path: Path) -> None:
    whole, other = backup.read_bytes(), tmp_path / "passphrase"
    other.write_text("these are not the words")
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    (tmp_path / "flipped").write_bytes(flipped)
    (tmp_path / "short").write_bytes(whole[: len(whole) // 2])
    words = backup.parent / "passphrase"
    with new_system(tmp_path / "second", "sqlite") as second:
        assert "The passphrase is not the one" in refused(second, backup, other)
        assert "has been changed or cut short" in refused(second, tmp_path / "flipped", words)
        assert "has been changed or cut short" in refused(second, tmp_path / "short", words)
        assert is_empty(second)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"migrations": [["plans", "0999_from_the_future"]]}, "does not know"),
        ({"made_by": "9.0"}, ""),
    ],
)
def test_a_backup_of_a_newer_version_is_refused(
    unsealed: Path, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    """What counts is the layout of the database, not the number: the same layout under another number goes in."""
    copy = _rewritten(unsealed, tmp_path / "copy.zip", change)
    with new_system(tmp_path / "second", "sqlite") as second:
        complaint = refused(second, copy, tmp_path / "none")
        assert (says or "signed with a key that this system does not have") in complaint
        assert is_empty(second)


def test_a_row_that_was_changed_in_an_open_backup_is_found_by_the_record(
    system: tuple[Path, str], unsealed: Path, tmp_path: Path
) -> None:
    """Whoever changes a row of the record can put its SHA-256 right too; the chain tells on them all the same."""
    copy = _rewritten(unsealed, tmp_path / "copy.zip", {}, ("ledger.entry", b"authorities.add", b"authorities.axe"))
    with new_system(tmp_path / "second", "sqlite") as second:
        (second[0] / "ledger_key").write_text((system[0] / "ledger_key").read_text())
        assert "The record of changes in the backup does not hold: chain " in refused(second, copy, tmp_path / "none")
        assert is_empty(second)


def _rewritten(
    source: Path, target: Path, change: dict[str, object], row: tuple[str, bytes, bytes] | None = None
) -> Path:
    import hashlib

    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        for name in old.namelist():
            content = old.read(name)
            if row and name == f"tables/{row[0]}.jsonl":
                content = content.replace(row[1], row[2], 1)
                manifest["tables"][row[0]]["sha256"] = hashlib.sha256(content).hexdigest()
            if name != "manifest.json":
                new.writestr(name, content)
        for key, value in change.items():
            manifest[key] = manifest[key] + value if isinstance(value, list) else value
        new.writestr("manifest.json", json.dumps(manifest))
    return target


KILLED = {
    "in the middle of the rows": "archive.Writer.part, count == 10",
    "with the archive whole and not yet named": "archive._name, True",
}


@pytest.mark.parametrize("where", KILLED)
def test_a_backup_that_is_killed_leaves_none_under_its_name(
    system: tuple[Path, str], where: str, tmp_path: Path
) -> None:
    words = passphrase_file(tmp_path)
    ran = python(*system, _killed_at(KILLED[where], "backup", str(tmp_path / "b"), "--passphrase-file", str(words)))
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    assert not (tmp_path / "b").exists()
    evenhand(*system, "backup", str(tmp_path / "b"), "--passphrase-file", str(words))


KILLED_RESTORING = {  # where, and into what; a system that is laid out already takes a third of the time
    "in the middle of the rows": ("restore_rows._insert, count == 12", new_system),
    "before the record is looked at": ("restore.require_sound_record, True", working_system),
    "in the middle of the files": ("restore._place, count == 3", working_system),
}


@pytest.mark.parametrize("engine", BOTH)
@pytest.mark.parametrize("where", KILLED_RESTORING)
def test_a_restore_that_is_killed_leaves_an_empty_system_that_can_be_restored_into(
    system: tuple[Path, str], backup: Path, engine: str, where: str, tmp_path: Path
) -> None:
    words = ("--passphrase-file", str(backup.parent / "passphrase"))
    point, into = KILLED_RESTORING[where]
    with into(tmp_path / "second", engine) as second:
        ran = python(*second, _killed_at(point, "restore", str(backup), *words))
        assert ran.returncode == -signal.SIGKILL, ran.stderr
        assert done(python(*second, _COUNT)).strip() == "0"
        restored(second, backup)
        assert "The record of changes is whole" in evenhand(*second, "ledger", "verify")


def _killed_at(point: str, *words: str) -> str:
    """The command, with the process killed when it comes to the point for which the condition holds."""
    name, condition = point.split(", ")
    return f"""
import os, signal
from django.core.management import call_command
from evenhand.operations import archive, restore, restore_rows
holder, name = {name.rpartition(".")[0]}, "{name.rpartition(".")[2]}"
real, count = getattr(holder, name), 0
def until(*arguments, **named):
    global count
    count += 1
    if {condition}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)
setattr(holder, name, until)
call_command(*{words!r})
"""


@pytest.mark.parametrize("engine", BOTH)
def test_a_restore_onto_a_full_disk_leaves_nothing(backup: Path, engine: str, tmp_path: Path) -> None:
    words = ("--passphrase-file", str(backup.parent / "passphrase"))
    with working_system(tmp_path / "second", engine) as second:
        key = done(python(*second, "from evenhand.ledger.keys import public_pem\nprint(public_pem())"))
        ran = python(*second, _FULL.format(words=("restore", str(backup), *words)))
        assert "No space left on device" in ran.stderr
        assert is_empty(second)
        assert done(python(*second, "from evenhand.ledger.keys import public_pem\nprint(public_pem())")) == key
        restored(second, backup)


_FULL = """
import errno, os
from django.core.management import call_command
from evenhand.operations import restore
real, count = restore._place, 0
def until(*arguments):
    global count
    count += 1
    if count == 4:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x")
    return real(*arguments)
restore._place = until
call_command(*{words!r})
"""


def test_a_damaged_kept_file_is_said_and_keeps_nothing_else_from_the_backup(
    system: tuple[Path, str], backup: Path, tmp_path: Path
) -> None:
    with working_system(tmp_path / "second", "sqlite") as second:
        restored(second, backup)
        file = next(file for file in (second[0] / "public").rglob("*") if file.is_file())
        file.write_bytes(b"something else")
        words = ("--passphrase-file", str(backup.parent / "passphrase"))
        assert "no longer hold what their names say" in _complaint(second, "backup", str(tmp_path / "b"), *words)
        said = evenhand(*second, "backup", "--verify", str(tmp_path / "b"), *words)
        assert said.startswith("Whole")
        assert f"public/{file.name}" in _said_when_broken(second)


def _said_when_broken(system: tuple[Path, str]) -> str:
    with started(*system, "doctor") as running:
        said, _complained = running.communicate()
    assert running.returncode == 1
    return said


def test_a_passphrase_must_be_had_and_be_long_enough(system: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    words = ("--passphrase-file", str(tmp_path / "short"))
    assert "at least 12" in _complaint(system, "backup", str(tmp_path / "b"), *words)
    assert list(tmp_path.iterdir()) == [tmp_path / "short"]


def test_the_database_can_still_be_written_to_while_it_is_read(system: tuple[Path, str], tmp_path: Path) -> None:
    """On SQLite the site's own connections begin as writers; the moment of a backup must not."""
    held = python(*system, _HELD)
    assert done(held).split() == ["held", "written", "unseen"]
    with closing(sqlite3.connect(system[0] / "evenhand.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM notifications_heartbeat").fetchone() == (0,)


_HELD = """
from django.utils import timezone
from evenhand.notifications.models import Heartbeat
from evenhand.operations.backup_moment import moment
with moment() as using:
    before = Heartbeat.objects.using(using).count()
    print("held")
    now = timezone.now()
    made = Heartbeat.objects.create(version="x", started_at=now, beat_at=now)
    print("written")
    print("unseen" if Heartbeat.objects.using(using).count() == before else "seen")
made.delete()
"""
