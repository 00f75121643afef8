"""The access log: every access to unprotected figures is recorded exactly once, even if processes are killed."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.queries import snapshots, view_unprotected_table
from evenhand.ledger import access_log
from evenhand.ledger.models import Entry
from evenhand.ledger.subjects import Subject
from evenhand.ledger.verification import verify
from support.authorities import leeds_with_staff

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def spool(settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path / "spool"


def access_entries(authority_id: UUID | None = None) -> list[Entry]:
    entries = Entry.objects.filter(action="evidence.looked").order_by("position")
    return list(entries.filter(chain=authority_id) if authority_id else entries)


def test_an_access_to_a_table_is_in_the_ledger_after_the_next_drain(calderdale: Authority, member, spool: Path) -> None:
    analyst = member(calderdale, Role.ANALYST)
    snapshot = snapshots(calderdale)[0]
    existing = len(access_entries())
    for part in ("sex", "sex", "ethnicity"):
        view_unprotected_table(snapshot, part, by=analyst)
    assert len(access_entries()) == existing, "viewing the page does not write to the ledger"
    assert access_log.drain() == 3
    entry = access_entries(calderdale.id)[-1]
    assert (entry.actor_id, entry.subject_kind, entry.authority_id) == (analyst.id, "looks", calderdale.id)
    subjects = entry.payload.content["after"]["looked_at"]
    assert [(subject["kind"], subject["id"], subject["part"], len(subject["at"])) for subject in subjects] == [
        ("snapshot", str(snapshot.id), "sex", 2),
        ("snapshot", str(snapshot.id), "ethnicity", 1),
    ]
    for at in (at for subject in subjects for at in subject["at"]):
        assert abs(datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds() < 600
    assert access_log.drain() == 0
    assert list(spool.glob("looks*")) == []
    assert verify().ok


def test_one_entry_for_each_person_at_each_authority(calderdale: Authority, by: User, member) -> None:
    leeds = leeds_with_staff()
    people = [member(calderdale, Role.ANALYST), member(leeds, Role.ANALYST)]
    for person in people:
        for body in (calderdale, leeds):
            for _ in range(2):
                access_log.log_access(person, Subject("snapshot", uuid4(), body.id))
    assert access_log.drain() == 8
    entries = [entry for entry in access_entries() if entry.actor_id in {person.id for person in people}]
    assert {(entry.actor_id, entry.authority_id) for entry in entries} == {
        (person.id, body.id) for person in people for body in (calderdale, leeds)
    }
    assert len(entries) == 4
    assert len({entry.subject_id for entry in entries}) == 1, "all belong to one batch"


def test_an_unwritten_batch_is_retried_and_a_written_batch_is_not(
    calderdale: Authority, by: User, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    access_log.log_access(by, Subject("snapshot", uuid4(), calderdale.id))
    existing = len(access_entries())

    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(access_log, "append", interrupt)
        with pytest.raises(KeyboardInterrupt):
            access_log.drain()
    assert len(list(spool.glob("looks-*"))) == 1
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", interrupt)
        with pytest.raises(KeyboardInterrupt):
            access_log.drain()
    assert (len(access_entries()), len(list(spool.glob("looks-*")))) == (existing + 1, 1)
    access_log.drain()
    assert (len(access_entries()), list(spool.glob("looks-*"))) == (existing + 1, [])


def test_an_incomplete_line_does_not_spoil_others(calderdale: Authority, by: User, spool: Path, caplog) -> None:
    access_log.log_access(by, Subject("snapshot", uuid4(), calderdale.id))
    with (spool / "looks").open("ab") as spool_file:
        spool_file.write(b'\n{"at":"2026-11')
    access_log.log_access(by, Subject("snapshot", uuid4(), calderdale.id))
    assert access_log.drain() == 2
    assert "is incomplete" in caplog.text
    assert verify().ok


def test_the_spool_is_readable_only_by_its_owner(calderdale: Authority, by: User, spool: Path) -> None:
    access_log.log_access(by, Subject("snapshot", uuid4(), calderdale.id))
    assert (spool.stat().st_mode & 0o777, (spool / "looks").stat().st_mode & 0o777) == (0o700, 0o600)


def test_access_is_refused_if_it_cannot_be_logged(calderdale: Authority, by: User, spool: Path) -> None:
    spool.write_text("not a folder")
    with pytest.raises(OSError, match="spool"):
        view_unprotected_table(snapshots(calderdale)[0], "sex", by=by)


def test_a_killed_process_loses_no_logged_access(db, settings, spool: Path) -> None:
    """Two writers are killed while they write and the spool is drained."""
    program = Path(__file__).parents[1] / "support" / "access_log_writer.py"
    environment = os.environ | {"EVENHAND_VAR": str(settings.VAR)}
    writers = [subprocess.Popen([sys.executable, program], env=environment, stdout=subprocess.PIPE) for _ in range(2)]
    drained = 0
    for writer in writers:
        assert writer.stdout.read(200)
        drained += access_log.drain()
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    logged = 400 + sum(len(writer.communicate()[0]) for writer in writers)
    drained += access_log.drain()
    assert logged <= drained <= logged + len(writers), "each writer may have logged one access before reporting it"
