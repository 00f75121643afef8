"""Who looked at unprotected figures: every look is in the record once, whatever dies on the way."""

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
from evenhand.evidence.queries import look_at, snapshots
from evenhand.ledger import looks
from evenhand.ledger.models import Entry
from evenhand.ledger.subjects import Subject
from evenhand.ledger.verification import verify


@pytest.fixture(autouse=True)
def spool(settings, tmp_path: Path) -> Path:
    settings.VAR = tmp_path
    return tmp_path / "spool"


def looked(authority_id: UUID | None = None) -> list[Entry]:
    found = Entry.objects.filter(action="evidence.looked").order_by("position")
    return list(found.filter(chain=authority_id) if authority_id else found)


def test_a_look_at_a_table_is_in_the_record_after_the_next_round(calderdale: Authority, member, spool: Path) -> None:
    analyst = member(calderdale, Role.ANALYST)
    snapshot = snapshots(calderdale)[0]
    already = len(looked())
    for part in ("sex", "sex", "ethnicity"):
        look_at(snapshot, part, by=analyst)
    assert len(looked()) == already, "not on the way of the page"
    assert looks.drain() == 3
    entry = looked(calderdale.id)[-1]
    assert (entry.actor_id, entry.subject_kind, entry.authority_id) == (analyst.id, "looks", calderdale.id)
    seen = entry.payload.content["after"]["looked_at"]
    assert [(each["kind"], each["id"], each["part"], len(each["at"])) for each in seen] == [
        ("snapshot", str(snapshot.id), "sex", 2),
        ("snapshot", str(snapshot.id), "ethnicity", 1),
    ]
    for at in (moment for each in seen for moment in each["at"]):
        assert abs(datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds() < 600
    assert looks.drain() == 0
    assert list(spool.glob("looks*")) == []
    assert verify().ok


def test_one_entry_for_each_person_at_each_authority(calderdale: Authority, by: User, member) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    people = [member(calderdale, Role.ANALYST), member(leeds, Role.ANALYST)]
    for person in people:
        for body in (calderdale, leeds):
            for _ in range(2):
                looks.note_look(person, Subject("snapshot", uuid4(), body.id))
    assert looks.drain() == 8
    made = [each for each in looked() if each.actor_id in {person.id for person in people}]
    assert {(each.actor_id, each.authority_id) for each in made} == {
        (person.id, body.id) for person in people for body in (calderdale, leeds)
    }
    assert len(made) == 4
    assert len({each.subject_id for each in made}) == 1, "the batch"


def test_a_batch_that_was_moved_and_not_written_is_taken_up_again_and_one_that_was_written_is_not(
    calderdale: Authority, by: User, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks.note_look(by, Subject("snapshot", uuid4(), calderdale.id))
    already = len(looked())

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(looks, "append", dies)
        with pytest.raises(KeyboardInterrupt):
            looks.drain()
    assert len(list(spool.glob("looks-*"))) == 1
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dies)
        with pytest.raises(KeyboardInterrupt):
            looks.drain()
    assert (len(looked()), len(list(spool.glob("looks-*")))) == (already + 1, 1)
    looks.drain()
    assert (len(looked()), list(spool.glob("looks-*"))) == (already + 1, [])


def test_a_line_that_was_cut_short_spoils_no_other(calderdale: Authority, by: User, spool: Path, caplog) -> None:
    looks.note_look(by, Subject("snapshot", uuid4(), calderdale.id))
    with (spool / "looks").open("ab") as torn:
        torn.write(b'\n{"at":"2026-11')
    looks.note_look(by, Subject("snapshot", uuid4(), calderdale.id))
    assert looks.drain() == 2
    assert "not whole" in caplog.text
    assert verify().ok


def test_the_spool_is_closed_to_others(calderdale: Authority, by: User, spool: Path) -> None:
    looks.note_look(by, Subject("snapshot", uuid4(), calderdale.id))
    assert (spool.stat().st_mode & 0o777, (spool / "looks").stat().st_mode & 0o777) == (0o700, 0o600)


def test_nobody_looks_who_cannot_be_noted(calderdale: Authority, by: User, spool: Path) -> None:
    spool.write_text("not a folder")
    with pytest.raises(OSError, match="spool"):
        look_at(snapshots(calderdale)[0], "sex", by=by)


def test_a_process_that_is_killed_loses_no_look_that_it_noted(db, settings, spool: Path) -> None:
    """Two writers are killed at work, while the spool is drained under them."""
    program = Path(__file__).parents[1] / "look_writer.py"
    surroundings = os.environ | {"EVENHAND_VAR": str(settings.VAR)}
    writers = [subprocess.Popen([sys.executable, program], env=surroundings, stdout=subprocess.PIPE) for _ in range(2)]
    taken = 0
    for each in writers:
        assert each.stdout.read(200)
        taken += looks.drain()
    for each in writers:
        each.send_signal(signal.SIGKILL)
    noted = 400 + sum(len(each.communicate()[0]) for each in writers)
    taken += looks.drain()
    assert noted <= taken <= noted + len(writers), "at most the one that each had written and not yet said"
