"""Backup and restore between whole systems, each command in a separate process."""

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

from support.databases import (
    BOTH_ENGINES,
    empty_database,
    evenhand,
    migrated_database,
    output_of,
    run_script,
    settings_of,
    start_command,
)
from support.portable import file_contents, load_demonstration, passphrase_file


@contextmanager
def new_system(folder: Path, engine: str) -> Iterator[tuple[Path, str]]:
    """A system without a migrated database."""
    folder.mkdir(mode=0o700)
    with empty_database(engine, folder) as database:
        yield folder, database


@contextmanager
def working_system(folder: Path, engine: str) -> Iterator[tuple[Path, str]]:
    folder.mkdir(mode=0o700)
    with migrated_database(engine, folder) as database:
        yield folder, database


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demonstration with awkward rows, on SQLite. Tests must not change it."""
    var = tmp_path_factory.mktemp("system")
    with migrated_database("sqlite", var) as database:
        load_demonstration(var, database)
        return var, database


@pytest.fixture(scope="session")
def backup(system: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    words = str(passphrase_file(folder))
    evenhand(*system, "backup", str(folder / "b"), "--passphrase-file", words)
    output = evenhand(*system, "backup", "--verify", str(folder / "b"), "--passphrase-file", words)
    assert output.startswith("The backup is intact: made ")
    return folder / "b"


@pytest.fixture(scope="session")
def unencrypted(system: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("unencrypted") / "b.zip"
    with start_command(*system, "backup", str(file), "--unencrypted") as process:
        _output, error = process.communicate()
    assert process.returncode == 0, error
    assert "This backup is not encrypted" in error
    return file


def restore(system: tuple[Path, str], backup: Path) -> None:
    evenhand(*system, "restore", str(backup), "--passphrase-file", str(backup.parent / "passphrase"))


def failed_restore(system: tuple[Path, str], backup: Path, passphrase: Path | None = None) -> str:
    """The error message of a restore that must fail."""
    with start_command(
        *system, "restore", str(backup), "--passphrase-file", str(passphrase or backup.parent / "passphrase")
    ) as process:
        output, error = process.communicate()
    assert process.returncode == 1, output
    assert "Traceback" not in error
    return error


def export(system: tuple[Path, str], folder: Path) -> dict[str, bytes]:
    evenhand(*system, "export", "--everything", str(folder))
    return file_contents(folder)


def is_empty(system: tuple[Path, str]) -> bool:
    files = [file for root in ("private", "public") for file in (system[0] / root).rglob("*") if file.is_file()]
    return not files and count_rows(system) == 0


def count_rows(system: tuple[Path, str]) -> int:
    return int(output_of(run_script(*system, _COUNT)))


_COUNT = """
from django.db import connection
from evenhand.operations.backup.tables import tables
with connection.cursor() as cursor:
    existing = set(connection.introspection.table_names(cursor))
print(sum(model._base_manager.count() for _label, model in tables() if model._meta.db_table in existing))
"""


def test_a_restored_system_has_the_same_data(system: tuple[Path, str], backup: Path, tmp_path: Path) -> None:
    with new_system(tmp_path / "second", "sqlite") as second:
        restore(second, backup)
        assert "The record of changes is intact" in evenhand(*second, "ledger", "verify")
        assert export(second, tmp_path / "b") == export(system, tmp_path / "a")
        assert "already exists" in _error_of(second, "export", "--everything", str(tmp_path / "a"))
        assert "This system already contains data" in failed_restore(second, backup)
        assert export(second, tmp_path / "c") == file_contents(tmp_path / "a")
        evenhand(*second, "demo", "--if-empty")
        assert "frozen" in evenhand(*second, "doctor", "--deep")


@pytest.mark.postgresql
def test_from_sqlite_to_postgresql_and_back(system: tuple[Path, str], backup: Path, tmp_path: Path) -> None:
    words = str(backup.parent / "passphrase")
    with new_system(tmp_path / "second", "postgresql") as second, new_system(tmp_path / "third", "sqlite") as third:
        restore(second, backup)
        assert "The record of changes is intact" in evenhand(*second, "ledger", "verify")
        before = export(system, tmp_path / "a")
        assert export(second, tmp_path / "b") == before
        evenhand(*second, "backup", str(backup.parent / "c"), "--passphrase-file", words)
        output_of(run_script(*second, _NEXT_ROW))  # sequences continue after the restored rows
        evenhand(*second, "doctor", "--deep")
        restore(third, backup.parent / "c")
        assert "The record of changes is intact" in evenhand(*third, "ledger", "verify")
        assert export(third, tmp_path / "c") == before


_NEXT_ROW = """
from allauth.account.models import EmailAddress
from evenhand.authorities.models import User
EmailAddress.objects.create(user=User.objects.first(), email="next@example.org")
"""


@pytest.mark.postgresql
def test_a_value_that_the_other_database_cannot_store_is_named(tmp_path: Path) -> None:
    """SQLite accepts a NUL character in text; PostgreSQL does not."""
    words = passphrase_file(tmp_path)
    with working_system(tmp_path / "one", "sqlite") as source, new_system(tmp_path / "two", "postgresql") as target:
        output_of(run_script(*source, _NUL))
        evenhand(*source, "backup", str(tmp_path / "b"), "--passphrase-file", str(words))
        error = failed_restore(target, tmp_path / "b")
        assert "notifications.message, rows 1 to 1" in error
        assert "NUL" in error
        assert is_empty(target)


_NUL = """
from django.utils import timezone
from evenhand.notifications.models import Message
now = timezone.now()
Message.objects.create(to="x@example.org", subject="a\\0b", created_at=now, due_at=now)
"""


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_backup_is_consistent_while_others_write(engine: str, tmp_path: Path) -> None:
    """Each write adds an authority and its ledger entry together. A backup with only one of them would not verify."""
    words = str(passphrase_file(tmp_path))
    with working_system(tmp_path / "one", engine) as source, new_system(tmp_path / "two", "sqlite") as target:
        program = [sys.executable, "-c", _WRITES]
        with subprocess.Popen(program, env=settings_of(*source), stdin=PIPE, stdout=PIPE, text=True) as writer:
            assert writer.stdin
            assert writer.stdout
            assert writer.stdout.readline() == "writing\n"
            evenhand(*source, "backup", str(tmp_path / "b"), "--passphrase-file", words)
            assert writer.poll() is None, "the writer must run during the whole backup"
            writer.stdin.close()
            written = int(writer.stdout.read())
        restore(target, tmp_path / "b")
        authorities = count_objects(target, "evenhand.authorities.models", "Authority")
        assert 0 < authorities < written
        assert count_objects(target, "evenhand.ledger.models", "Entry") == authorities
        assert "The record of changes is intact" in evenhand(*target, "ledger", "verify")


def count_objects(system: tuple[Path, str], module: str, model: str) -> int:
    return int(output_of(run_script(*system, f"from {module} import {model}\nprint({model}.objects.count())")))


_WRITES = """
import django, select, sys
django.setup()
from evenhand.authorities import actions
from evenhand.authorities.enums import Kind
from evenhand.authorities.queries import operator
by, count = operator(), 0
while not select.select([sys.stdin], [], [], 0.01)[0]:  # lets other processes run
    count += 1
    actions.add(by=by, slug=f"a-{count}", name=f"A {count}", kind=Kind.METROPOLITAN_DISTRICT, area_code="E99999999",
                area_name="X")
    if count == 5:
        print("writing", flush=True)
print(count)
"""


def _error_of(system: tuple[Path, str], *words: str) -> str:
    with start_command(*system, *words) as process:
        _output, error = process.communicate()
    assert process.returncode == 1
    return error


def test_an_encrypted_backup_reveals_nothing_and_an_unencrypted_one_no_keys(
    system: tuple[Path, str], backup: Path, unencrypted: Path
) -> None:
    key = (system[0] / "ledger_key").read_text()
    assert b"Leeds" not in backup.read_bytes()
    assert backup.stat().st_mode & 0o777 == unencrypted.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(unencrypted) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
        left_out = json.loads(parts.read("manifest.json"))["left_out"]
    assert b"Leeds City Council" in everything
    assert key.encode() not in everything
    assert (system[0] / "secret_key").read_bytes() not in everything
    assert {"sessions.session", "usersessions.usersession"} <= set(left_out)
    shown = evenhand(*system, "backup", "--keys", str(backup), "--passphrase-file", str(backup.parent / "passphrase"))
    assert f"EVENHAND_LEDGER_KEY={key}" in shown


def test_restoring_an_unencrypted_backup_requires_the_ledger_key(
    system: tuple[Path, str], unencrypted: Path, tmp_path: Path
) -> None:
    with new_system(tmp_path / "second", "sqlite") as second:
        assert "signed with a key that this system does not have" in failed_restore(second, unencrypted)
        (second[0] / "ledger_key").write_text((system[0] / "ledger_key").read_text())
        with start_command(*second, "restore", str(unencrypted)) as process:
            _output, error = process.communicate()
        assert process.returncode == 0, error
        assert "EVENHAND_SECRET_KEY on this system is not the key" in error
        assert export(second, tmp_path / "b") == export(system, tmp_path / "a")


def test_a_damaged_backup_restores_nothing(backup: Path, unencrypted: Path, tmp_path: Path) -> None:
    whole, other = backup.read_bytes(), tmp_path / "passphrase"
    other.write_text("these are not the words")
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    (tmp_path / "flipped").write_bytes(flipped)
    (tmp_path / "short").write_bytes(whole[: len(whole) // 2])
    words = backup.parent / "passphrase"
    with new_system(tmp_path / "second", "sqlite") as second:
        assert "The passphrase is not the one" in failed_restore(second, backup, other)
        assert "has been changed or cut short" in failed_restore(second, tmp_path / "flipped", words)
        assert "has been changed or cut short" in failed_restore(second, tmp_path / "short", words)
        assert is_empty(second)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"migrations": [["plans", "0999_from_the_future"]]}, "does not know"),
        ({"made_by": "9.0"}, ""),
    ],
)
def test_a_backup_of_a_newer_version_cannot_be_restored(
    unencrypted: Path, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    """The migrations count, not the version number: a backup with the same migrations is accepted."""
    copy = _rewrite(unencrypted, tmp_path / "copy.zip", change)
    with new_system(tmp_path / "second", "sqlite") as second:
        error = failed_restore(second, copy, tmp_path / "none")
        assert (message or "signed with a key that this system does not have") in error
        assert is_empty(second)


def test_a_changed_ledger_entry_in_an_unencrypted_backup_is_detected(
    system: tuple[Path, str], unencrypted: Path, tmp_path: Path
) -> None:
    """An attacker who changes a ledger entry can also correct the SHA-256 of the part, but not the hash chain."""
    copy = _rewrite(unencrypted, tmp_path / "copy.zip", {}, ("ledger.entry", b"authorities.add", b"authorities.axe"))
    with new_system(tmp_path / "second", "sqlite") as second:
        (second[0] / "ledger_key").write_text((system[0] / "ledger_key").read_text())
        assert "The record of changes in the backup failed verification: chain " in failed_restore(
            second, copy, tmp_path / "none"
        )
        assert is_empty(second)


def _rewrite(
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
    "in the middle of the rows": "archive.ArchiveWriter.add_part, count == 10",
    "when the archive is complete but not renamed": "archive._move_into_place, True",
}


@pytest.mark.parametrize("moment", KILLED)
def test_a_backup_that_is_killed_leaves_no_file_under_its_name(
    system: tuple[Path, str], moment: str, tmp_path: Path
) -> None:
    passphrase = str(passphrase_file(tmp_path))
    script = _script_killed_at(KILLED[moment], "backup", str(tmp_path / "b"), "--passphrase-file", passphrase)
    result = run_script(*system, script)
    assert result.returncode == -signal.SIGKILL, result.stderr
    assert not (tmp_path / "b").exists()
    evenhand(*system, "backup", str(tmp_path / "b"), "--passphrase-file", passphrase)


KILLED_RESTORING = {  # the point, and the system to restore into; a migrated one takes a third of the time
    "in the middle of the rows": ("rows._insert, count == 12", new_system),
    "before the ledger is verified": ("restoring.require_valid_ledger, True", working_system),
    "in the middle of the files": ("restoring._write_file, count == 3", working_system),
}


@pytest.mark.parametrize("engine", BOTH_ENGINES)
@pytest.mark.parametrize("moment", KILLED_RESTORING)
def test_a_restore_that_is_killed_leaves_an_empty_system_that_can_be_restored_into(
    system: tuple[Path, str], backup: Path, engine: str, moment: str, tmp_path: Path
) -> None:
    words = ("--passphrase-file", str(backup.parent / "passphrase"))
    point, target_system = KILLED_RESTORING[moment]
    with target_system(tmp_path / "second", engine) as second:
        result = run_script(*second, _script_killed_at(point, "restore", str(backup), *words))
        assert result.returncode == -signal.SIGKILL, result.stderr
        assert count_rows(second) == 0
        restore(second, backup)
        assert "The record of changes is intact" in evenhand(*second, "ledger", "verify")


def _script_killed_at(point: str, *words: str) -> str:
    """A script that runs the command, and kills the process at the given function when the condition is true."""
    name, condition = point.split(", ")
    return f"""
import os, signal
from django.core.management import call_command
from evenhand.operations.backup import archive
from evenhand.operations.restore import restoring, rows
owner, name = {name.rpartition(".")[0]}, "{name.rpartition(".")[2]}"
real, count = getattr(owner, name), 0
def kill_when_reached(*arguments, **keywords):
    global count
    count += 1
    if {condition}:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **keywords)
setattr(owner, name, kill_when_reached)
call_command(*{words!r})
"""


@pytest.mark.parametrize("engine", BOTH_ENGINES)
def test_a_restore_onto_a_full_disk_leaves_nothing(backup: Path, engine: str, tmp_path: Path) -> None:
    words = ("--passphrase-file", str(backup.parent / "passphrase"))
    with working_system(tmp_path / "second", engine) as second:
        key = output_of(run_script(*second, "from evenhand.ledger.keys import public_pem\nprint(public_pem())"))
        result = run_script(*second, _FULL_DISK.format(words=("restore", str(backup), *words)))
        assert "No space left on device" in result.stderr
        assert is_empty(second)
        assert output_of(run_script(*second, "from evenhand.ledger.keys import public_pem\nprint(public_pem())")) == key
        restore(second, backup)


_FULL_DISK = """
import errno, os
from django.core.management import call_command
from evenhand.operations.restore import restoring
real, count = restoring._write_file, 0
def fail_at_fourth(*arguments):
    global count
    count += 1
    if count == 4:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x")
    return real(*arguments)
restoring._write_file = fail_at_fourth
call_command(*{words!r})
"""


def test_a_damaged_file_is_reported_and_everything_else_is_backed_up(
    system: tuple[Path, str], backup: Path, tmp_path: Path
) -> None:
    with working_system(tmp_path / "second", "sqlite") as second:
        restore(second, backup)
        file = next(file for file in (second[0] / "public").rglob("*") if file.is_file())
        file.write_bytes(b"something else")
        words = ("--passphrase-file", str(backup.parent / "passphrase"))
        assert "no longer match their digests" in _error_of(second, "backup", str(tmp_path / "b"), *words)
        output = evenhand(*second, "backup", "--verify", str(tmp_path / "b"), *words)
        assert output.startswith("The backup is intact")
        assert f"public/{file.name}" in _failed_doctor(second)


def _failed_doctor(system: tuple[Path, str]) -> str:
    with start_command(*system, "doctor") as process:
        output, _error = process.communicate()
    assert process.returncode == 1
    return output


def test_a_passphrase_must_be_long_enough(system: tuple[Path, str], tmp_path: Path) -> None:
    (tmp_path / "short").write_text("short")
    words = ("--passphrase-file", str(tmp_path / "short"))
    assert "at least 12" in _error_of(system, "backup", str(tmp_path / "b"), *words)
    assert list(tmp_path.iterdir()) == [tmp_path / "short"]


def test_the_database_can_still_be_written_to_while_it_is_read(system: tuple[Path, str], tmp_path: Path) -> None:
    """On SQLite the site's connections begin every transaction as a writer. The connection of a backup must not."""
    result = run_script(*system, _READ_WHILE_WRITING)
    assert output_of(result).split() == ["reading", "written", "unseen"]
    with closing(sqlite3.connect(system[0] / "evenhand.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM notifications_heartbeat").fetchone() == (0,)


_READ_WHILE_WRITING = """
from django.utils import timezone
from evenhand.notifications.models import Heartbeat
from evenhand.operations.backup.connection import consistent_connection
with consistent_connection() as using:
    before = Heartbeat.objects.using(using).count()
    print("reading")
    now = timezone.now()
    heartbeat = Heartbeat.objects.create(version="x", started_at=now, beat_at=now)
    print("written")
    print("unseen" if Heartbeat.objects.using(using).count() == before else "seen")
heartbeat.delete()
"""
