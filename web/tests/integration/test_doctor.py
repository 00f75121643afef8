"""The doctor finds what was broken on purpose, says how it is mended, and names nobody."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.ledger.models import Entry, Head
from evenhand.notifications.models import Heartbeat
from evenhand.operations import doctor_database, doctor_storage
from evenhand.operations.doctor import Line, State, duration, seen
from evenhand.operations.doctor_database import database, expected_triggers
from evenhand.operations.doctor_mail import mail
from evenhand.operations.doctor_record import backups, clock, record, worker
from evenhand.operations.doctor_settings import settings_
from evenhand.operations.doctor_storage import storage


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir(mode=0o700)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.VAR / "mail"


@pytest.fixture
def _on_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test's SQLite is in memory and has no journal to look at; test_backup looks at a real one."""
    monkeypatch.setattr(doctor_database, "_sqlite", lambda _deep: iter(()))


def bad(lines: Iterator[Line]) -> list[str]:
    return [line.says for line in lines if line.state is not State.OK]


@pytest.mark.usefixtures("_on_a_disk")
def test_what_is_in_order_is_said_to_be(db: None) -> None:
    for looked in (storage, database, mail, clock, record):
        assert bad(looked(True)) == []


def test_each_table_that_is_frozen_is_known(db: None) -> None:
    """Kept against what the first version froze, so that a reading of the migrations that finds none fails."""
    names = set(expected_triggers())
    assert {f"frozen_ledger_entry_{event}" for event in ("update", "delete")} <= names
    assert {
        "frozen_records_takenslug_update",
        "frozen_plans_plan_delete",
        "frozen_releases_releasetable_insert",
    } <= names
    assert len(names) >= 17


def lifted(table: str, event: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER frozen_{table}_{event}{on}")


def test_a_trigger_that_is_gone_is_a_fault(db: None) -> None:
    lifted("plans_plan", "update")
    if connection.vendor == "postgresql":  # which can switch one off too, and leave it standing
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE plans_plan DISABLE TRIGGER frozen_plans_plan_delete")
        assert any("trigger frozen_plans_plan_delete is missing" in says for says in bad(database(False)))
    assert any("trigger frozen_plans_plan_update is missing" in says for says in bad(database(False)))


def test_a_trigger_that_was_made_harmless_is_a_fault(db: None) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION frozen_plans_plan_update() RETURNS trigger LANGUAGE plpgsql AS "
                "$f$ BEGIN RETURN NEW; END $f$"
            )
        else:
            cursor.execute("DROP TRIGGER frozen_plans_plan_update")
            cursor.execute(
                "CREATE TRIGGER frozen_plans_plan_update BEFORE UPDATE ON plans_plan FOR EACH ROW BEGIN SELECT 1; END"
            )
    assert any("frozen_plans_plan_update is not the one" in says for says in bad(database(False)))


def test_a_layout_of_another_version_is_a_fault(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0999_later' WHERE app = 'plans' AND name = '0002_frozen'")
    assert "It is laid out for another version (plans.0999_later)." in bad(database(False))


def test_a_migration_that_is_missing_is_a_fault(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'plans' AND name = '0002_frozen'")
    assert "1 migrations have not been applied." in bad(database(False))


def test_a_folder_that_others_can_look_into_is_a_fault(settings: Any, db: None) -> None:
    settings.VAR.chmod(0o755)
    assert "Others on this machine can look into var." in bad(storage(False))


def test_a_full_disk_is_a_fault(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    usage = doctor_storage.shutil.disk_usage("/")
    monkeypatch.setattr(doctor_storage.shutil, "disk_usage", lambda _path: usage._replace(free=100_000_000))
    (line,) = doctor_storage._room(Path("/"))
    assert (line.state, "at once" in line.mend) == (State.BROKEN, True)


def test_a_kept_file_that_was_changed_or_lost_is_a_fault(settings: Any, db: None, tmp_path: Path) -> None:
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    shelf = tmp_path / "public" / "ab"
    shelf.mkdir(parents=True)
    (shelf / ("ab" * 32)).write_text("something else")
    found = bad(storage(False))
    assert any(f"do not hold what their names say (public/{'ab' * 32}" in says for says in found)
    assert any("Kept files that rows name are missing" in says for says in found)


def test_a_mail_server_that_does_not_answer_is_a_fault(settings: Any, db: None) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert bad(mail(False)) == ["The mail server did not let us in (ConnectionRefusedError)."]


def test_an_entry_from_the_future_is_a_fault(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    last = Entry.objects.latest("at").at
    monkeypatch.setattr("evenhand.operations.doctor_record.timezone.now", lambda: last - timedelta(hours=3))
    assert "The last entry of the record is from 3 hours ahead: one of the two is wrong." in bad(clock(False))


def test_a_worker_that_fell_silent_is_said(db: None) -> None:
    Heartbeat.objects.all().delete()
    assert bad(worker(False))[0].startswith("No worker has ever been seen")
    long_ago = timezone.now() - timedelta(hours=5)
    Heartbeat.objects.create(version="0.1.0", started_at=long_ago, beat_at=long_ago)
    assert bad(worker(False))[0] == "No worker has been seen for 5 hours."
    Heartbeat.objects.create(version="0.1.0", started_at=long_ago, beat_at=timezone.now())
    assert bad(worker(False)) == []


def test_the_end_of_a_chain_that_was_set_back_is_a_fault(db: None) -> None:
    head = Head.objects.filter(position__gt=1).first()
    assert head is not None
    lifted("ledger_head", "update")
    Head.objects.filter(chain=head.chain).update(position=head.position - 1)
    assert any(f"Chain {head.chain}: its last entry is not the one" in says for says in bad(record(False)))


def test_a_backup_that_is_long_ago_is_said(settings: Any, db: None) -> None:
    note = settings.VAR / "last_backup.json"
    assert bad(backups(False)) == ["None has been made from here."]
    for age, said in ((timedelta(hours=3), []), (timedelta(days=9), ["The last one was made 9 days ago."])):
        note.write_text(json.dumps({"at": (timezone.now() - age).isoformat()}))
        assert bad(backups(False)) == said


def test_a_start_that_is_not_for_production_is_said(settings: Any, db: None) -> None:
    settings.EVENHAND_PRODUCTION = False
    assert any("not a production start" in says for says in bad(settings_(False)))


@pytest.mark.usefixtures("_on_a_disk")
def test_a_program_reads_it_and_nobody_is_named(db: None) -> None:
    said = StringIO()
    call_command("doctor", "--json", stdout=said)
    found = json.loads(said.getvalue())
    assert found["broken"] == 0
    assert {line["about"] for line in found["lines"]} >= {"settings", "storage", "database", "mail", "record", "worker"}
    for name, email in User.objects.values_list("name", "email"):
        assert name not in said.getvalue()
        assert email not in said.getvalue()


@pytest.mark.usefixtures("_on_a_disk")
def test_what_is_broken_ends_the_command_with_one(settings: Any, db: None) -> None:
    settings.VAR.chmod(0o755)
    said = StringIO()
    with pytest.raises(CommandError, match="One thing is broken"):
        call_command("doctor", stdout=said)
    assert "chmod 700" in said.getvalue()


def test_a_database_that_does_not_answer_is_a_finding(db: None) -> None:
    def silent(_deep: bool) -> Iterator[Line]:
        raise OperationalError("could not connect to postgres://someone@host")
        yield

    (line,) = seen("database", silent, deep=False)
    assert line.state is State.BROKEN
    assert "someone" not in line.says


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0 seconds"), (121, "2 minutes"), (86_400, "24 hours"), (2e6, "23 days")]
)
def test_a_time_is_said_as_one_would(seconds: float, said: str) -> None:
    assert duration(seconds) == said
