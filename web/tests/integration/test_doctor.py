"""The doctor finds what a test has broken, says how to fix it, and names no people."""

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
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.ledger.models import Entry, Head
from evenhand.notifications.models import Heartbeat
from evenhand.operations.doctor import database, storage
from evenhand.operations.doctor.database import check_database
from evenhand.operations.doctor.mail import check_mail
from evenhand.operations.doctor.results import DoctorResult, DoctorStatus, duration, run_check
from evenhand.operations.doctor.runtime import check_backups, check_clock, check_ledger, check_worker
from evenhand.operations.doctor.settings import check_settings
from evenhand.operations.doctor.storage import check_storage
from evenhand.records.triggers import expected_triggers

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path / "var"
    settings.VAR.mkdir(mode=0o700)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.VAR / "mail"


@pytest.fixture
def _on_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test database is in memory on SQLite and has no journal. test_backup checks a database on disk."""
    monkeypatch.setattr(database, "_check_sqlite", lambda _deep: iter(()))


def problems(results: Iterator[DoctorResult]) -> list[str]:
    return [result.message for result in results if result.status is not DoctorStatus.OK]


@pytest.mark.usefixtures("_on_a_disk")
def test_a_working_installation_has_no_problems(db: None) -> None:
    for check in (check_storage, check_database, check_mail, check_clock, check_ledger):
        assert problems(check(True)) == []


def test_every_frozen_table_is_known(db: None) -> None:
    """Compared with the triggers of the first version, so that finding none in the migrations fails."""
    names = set(expected_triggers(connection))
    assert {f"frozen_ledger_entry_{event}" for event in ("update", "delete")} <= names
    assert {
        "frozen_records_takenslug_update",
        "frozen_plans_plan_delete",
        "frozen_releases_releasetable_insert",
    } <= names
    assert len(names) >= 17


def drop_trigger(table: str, event: str) -> None:
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER frozen_{table}_{event}{on}")


def test_a_missing_trigger_is_a_problem(db: None) -> None:
    drop_trigger("plans_plan", "update")
    if connection.vendor == "postgresql":  # PostgreSQL can also disable a trigger without dropping it
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE plans_plan DISABLE TRIGGER frozen_plans_plan_delete")
        assert any(
            "trigger frozen_plans_plan_delete on plans_plan is missing" in message
            for message in problems(check_database(False))
        )
    missing = "trigger frozen_plans_plan_update on plans_plan is missing"
    assert any(missing in message for message in problems(check_database(False)))


def test_a_trigger_that_no_longer_does_anything_is_a_problem(db: None) -> None:
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
    changed = "frozen_plans_plan_update on plans_plan is not the one"
    assert any(changed in message for message in problems(check_database(False)))


def test_a_migration_of_another_version_is_a_problem(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0999_later' WHERE app = 'plans' AND name = '0002_frozen'")
    assert "It has a migration of another version (plans.0999_later)." in problems(check_database(False))


def test_a_missing_migration_is_a_problem(db: None) -> None:
    ((app, last),) = MigrationLoader(connection).graph.leaf_nodes("plans")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s AND name = %s", [app, last])
    assert "1 migrations have not been applied." in problems(check_database(False))


def test_a_folder_that_other_users_can_read_is_a_problem(settings: Any, db: None) -> None:
    settings.VAR.chmod(0o755)
    assert "Other users of this machine can read var." in problems(check_storage(False))


def test_a_full_disk_is_a_problem(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    usage = storage.shutil.disk_usage("/")
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _path: usage._replace(free=100_000_000))
    (result,) = storage._check_disk_space(Path("/"))
    assert (result.status, "at once" in result.fix) == (DoctorStatus.BROKEN, True)


def test_a_stored_file_that_was_changed_or_lost_is_a_problem(settings: Any, db: None, tmp_path: Path) -> None:
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    subfolder = tmp_path / "public" / "ab"
    subfolder.mkdir(parents=True)
    (subfolder / ("ab" * 32)).write_text("something else")
    messages = problems(check_storage(False))
    assert any(f"do not match their digests (public/{'ab' * 32}" in message for message in messages)
    assert any("Stored files that rows refer to are missing" in message for message in messages)


def test_a_mail_server_that_does_not_respond_is_a_problem(settings: Any, db: None) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert problems(check_mail(False)) == ["Could not sign in to the mail server (ConnectionRefusedError)."]


def test_a_ledger_entry_dated_in_the_future_is_a_problem(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    last = Entry.objects.latest("at").at
    monkeypatch.setattr("evenhand.operations.doctor.runtime.timezone.now", lambda: last - timedelta(hours=3))
    assert "The last ledger entry is dated 3 hours ahead of this clock. One of the two is wrong." in problems(
        check_clock(False)
    )


def test_a_worker_that_has_stopped_is_reported(db: None) -> None:
    Heartbeat.objects.all().delete()
    assert problems(check_worker(False))[0].startswith("No worker has ever run")
    long_ago = timezone.now() - timedelta(hours=5)
    Heartbeat.objects.create(version="0.1.0", started_at=long_ago, beat_at=long_ago)
    assert problems(check_worker(False))[0] == "No worker has run for 5 hours."
    Heartbeat.objects.create(version="0.1.0", started_at=long_ago, beat_at=timezone.now())
    assert problems(check_worker(False)) == []


def test_a_chain_head_that_was_set_back_is_a_problem(db: None) -> None:
    head = Head.objects.filter(position__gt=1).first()
    assert head is not None
    drop_trigger("ledger_head", "update")
    Head.objects.filter(chain=head.chain).update(position=head.position - 1)
    assert any(
        f"Chain {head.chain}: its last entry is not the one" in message for message in problems(check_ledger(False))
    )


def test_an_old_backup_is_reported(settings: Any, db: None) -> None:
    file = settings.VAR / "last_backup.json"
    assert problems(check_backups(False)) == ["No backup of this system has been made."]
    for age, messages in ((timedelta(hours=3), []), (timedelta(days=9), ["The last backup was made 9 days ago."])):
        file.write_text(json.dumps({"at": (timezone.now() - age).isoformat()}))
        assert problems(check_backups(False)) == messages


def test_a_start_outside_production_is_reported(settings: Any, db: None) -> None:
    settings.EVENHAND_PRODUCTION = False
    assert any("not a production start" in message for message in problems(check_settings(False)))


@pytest.mark.usefixtures("_on_a_disk")
def test_json_can_be_parsed_and_names_no_people(db: None) -> None:
    output = StringIO()
    call_command("doctor", "--json", stdout=output)
    report = json.loads(output.getvalue())
    assert report["broken"] == 0
    assert {line["about"] for line in report["lines"]} >= {
        "settings",
        "storage",
        "database",
        "mail",
        "record",
        "worker",
    }
    for name, email in User.objects.values_list("name", "email"):
        assert name not in output.getvalue()
        assert email not in output.getvalue()


@pytest.mark.usefixtures("_on_a_disk")
def test_the_command_fails_if_something_is_broken(settings: Any, db: None) -> None:
    settings.VAR.chmod(0o755)
    output = StringIO()
    with pytest.raises(CommandError, match="One thing is broken"):
        call_command("doctor", stdout=output)
    assert "chmod 700" in output.getvalue()


def test_a_database_that_does_not_respond_is_reported_as_broken(db: None) -> None:
    def failing_check(_deep: bool) -> Iterator[DoctorResult]:
        raise OperationalError("could not connect to postgres://someone@host")
        yield

    (result,) = run_check("database", failing_check, deep=False)
    assert result.status is DoctorStatus.BROKEN
    assert "someone" not in result.message


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 seconds"), (121, "2 minutes"), (86_400, "24 hours"), (2e6, "23 days")]
)
def test_durations_are_written_in_words(seconds: float, text: str) -> None:
    assert duration(seconds) == text
