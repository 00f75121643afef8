"""Erased means gone: from every table and file, from the free space of the database, from what is made afterwards."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from evenhand.authorities.models import Authority, Invitation, Membership, User
from evenhand.ledger.models import Payload
from evenhand.privacy import actions, erasing, erasure_list, storage
from evenhand.privacy.models import Erasure
from evenhand.privacy.registry import about_people
from evenhand.records.identity import new_id
from own_databases import BOTH, done, evenhand, laid_out, python
from person_everywhere import EMAIL, KINDS, NAME, OTHER_EMAIL, leave, spread

TRACES = [EMAIL, OTHER_EMAIL, NAME, json.dumps(NAME)[1:-1], "Featherstonehaugh"]
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
Site = tuple[Path, str]


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site of its own, in which somebody who has left stands everywhere."""
    var = tmp_path / "var"
    var.mkdir()
    with laid_out(request.param, var) as database:
        evenhand(var, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")
        done(python(var, database, "import person_everywhere; person_everywhere.main()"))
        yield var, database


def found_in_files(var: Path) -> list[str]:
    """Any trace, in the bytes of any file: on SQLite the database, its journal and its free space are files too."""
    files = [file for file in var.rglob("*") if file.is_file() and "static" not in file.parts]
    return [
        f"{file.name}: {trace}"
        for file in files
        for trace in TRACES
        if trace.lower().encode() in file.read_bytes().lower()
    ]


def found_in_tables(database: str) -> list[str]:
    """Any trace in any column of any table of PostgreSQL, looked for by other code than the site's own."""
    if not database.startswith("postgres"):
        return []
    with psycopg.connect(database) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ).fetchall()
        return [
            f"{table}.{column}: {trace}"
            for table, column in columns
            for trace in TRACES
            if connection.execute(
                f'SELECT 1 FROM "{table}" WHERE position(lower(%s) in lower("{column}"::text)) > 0 LIMIT 1',  # type: ignore[call-overload]
                [trace],
            ).fetchone()
        ]


def erase(site: Site) -> str:
    return evenhand(*site, "privacy", "erase", EMAIL, "--reason", "asked to be erased")


def test_the_person_stands_everywhere_before(site: Site) -> None:
    """Otherwise the tests below would find nothing whatever the erasure did."""
    assert found_in_files(site[0])
    if site[1].startswith("postgres"):
        assert len({each.partition(":")[0] for each in found_in_tables(site[1])}) > 10


def test_an_erased_person_is_in_no_table_and_no_file_and_the_record_is_whole(site: Site) -> None:
    said = erase(site)
    assert "stand nowhere any more" in said
    assert found_in_files(site[0]) == []
    assert found_in_tables(site[1]) == []
    assert "The record of changes is whole" in evenhand(*site, "ledger", "verify")


def test_the_backup_and_the_export_made_afterwards_do_not_know_the_person(site: Site, tmp_path: Path) -> None:
    erase(site)
    evenhand(*site, "backup", str(tmp_path / "after.zip"), "--unencrypted")
    unpacked = tmp_path / "unpacked"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", tmp_path / "after.zip", unpacked], check=True)
    assert any(unpacked.rglob("*.jsonl"))
    assert found_in_files(unpacked) == []
    evenhand(*site, "export", "--everything", str(tmp_path / "export"))
    assert any(each.is_file() for each in (tmp_path / "export").rglob("*"))
    assert found_in_files(tmp_path / "export") == []


def test_who_comes_back_with_an_older_backup_is_erased_again(site: Site, tmp_path: Path) -> None:
    evenhand(*site, "backup", str(tmp_path / "before.zip"), "--unencrypted")
    erase(site)
    evenhand(*site, "privacy", "erasures", "--out", str(tmp_path / "erasures.jsonl"))
    assert (site[0] / "erasures.jsonl").read_text() == (tmp_path / "erasures.jsonl").read_text()
    assert not any(trace in (tmp_path / "erasures.jsonl").read_text() for trace in TRACES)
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(site[0] / "ledger_key", again)  # an open backup leaves the key of the record out
    with laid_out(site[1].partition(":")[0], again) as database:
        evenhand(again, database, "restore", str(tmp_path / "before.zip"))
        assert found_in_files(again) or found_in_tables(database), "the older backup knows the person"
        said = evenhand(again, database, "privacy", "reapply", "--list", str(tmp_path / "erasures.jsonl"))
        assert "Removed again" in said
        assert found_in_files(again) == []
        assert found_in_tables(database) == []
        assert "The record of changes is whole" in evenhand(again, database, "ledger", "verify")
        once_more = evenhand(again, database, "privacy", "reapply", "--list", str(tmp_path / "erasures.jsonl"))
        assert "Nobody who was erased is here." in once_more


def test_every_kind_of_row_about_people_is_tried_here() -> None:
    assert {model._meta.label_lower for model, _about in about_people()} == set(KINDS)


@pytest.fixture
def zoe(calderdale: Authority) -> User:
    return spread(calderdale)


def test_whoever_still_has_a_role_is_not_erased(zoe: User, by: User) -> None:
    with pytest.raises(actions.CannotAnswer, match="still has a role at Calderdale Council"):
        actions.erase(zoe, by=by, reason="asked")
    zoe.refresh_from_db()
    assert zoe.name == NAME


def test_the_server_itself_is_not_erased(by: User) -> None:
    with pytest.raises(actions.CannotAnswer, match="about nobody"):
        actions.erase(by, by=by, reason="asked")


def test_nobody_is_erased_twice(zoe: User, by: User) -> None:
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")
    with pytest.raises(actions.CannotAnswer, match="erased already"):
        actions.erase(zoe, by=by, reason="asked")


def test_a_reason_that_names_the_person_is_refused_because_it_would_stay(zoe: User, by: User) -> None:
    leave(zoe)
    with pytest.raises(actions.CannotAnswer, match="The reason names the person"):
        actions.erase(zoe, by=by, reason=f"{NAME.lower()} asked")


def test_an_administrator_does_not_erase_who_worked_elsewhere_too(zoe: User, calderdale: Authority) -> None:
    leave(zoe)
    admin = User.objects.get(name="Colin Plum")
    leeds = Authority.objects.get(slug="leeds-city-council")
    Membership.objects.create(user=zoe, authority=leeds, role="viewer", ended_at="2020-01-01T00:00Z")
    with pytest.raises(actions.CannotAnswer, match="another authority here too"):
        actions.erase(zoe, by=admin, reason="asked", authority=calderdale)


def test_what_the_person_did_stays_and_what_was_said_of_them_goes(zoe: User, by: User) -> None:
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")
    reasons = [each.content["reason"] for each in Payload.objects.filter(entry__action="example.change")]
    assert reasons == ["corrected a date"]
    zoe.refresh_from_db()
    assert (zoe.name, zoe.is_active, zoe.last_login) == ("A person who has left", False, None)
    assert not zoe.has_usable_password()


def test_the_preview_says_what_then_happens_and_changes_nothing(zoe: User, by: User) -> None:
    leave(zoe)
    traces = erasing.traces_of(zoe)
    told = {line.what: line.number for line in erasing.preview(zoe, traces).goes}
    zoe.refresh_from_db()
    assert zoe.name == NAME
    assert told["Texts of the record of changes that name or are about the person"] == 3
    assert told["Invitations"] == 1
    erasure = actions.erase(zoe, by=by, reason="asked")
    assert len(erasure.rows["ledger.payload"]) == 3
    assert len(erasure.rows["authorities.invitation"]) == 1


def test_a_database_that_is_too_busy_is_cleaned_by_the_nightly_clock(
    zoe: User, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(zoe)
    erasure = actions.erase(zoe, by=by, reason="asked")
    monkeypatch.setattr(storage, "wipe", lambda: False)
    actions.sweep(by=by)
    assert storage.left_over()
    monkeypatch.setattr(storage, "wipe", lambda: True)
    actions.sweep(by=by)
    erasure.refresh_from_db()
    assert erasure.wiped_at is not None
    assert not storage.left_over()


def test_the_list_of_erasures_is_completed_after_a_crash(zoe: User, by: User, tmp_path: Path, settings) -> None:
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")  # what follows a commit does not happen here, as after a crash
    assert not erasure_list.path().exists()
    actions.sweep(by=by)
    actions.sweep(by=by)
    assert [each.person_id for each in erasure_list.read(erasure_list.path())] == [zoe.id]


def test_who_was_invited_only_when_the_backup_was_made_is_erased_from_it_too(
    calderdale: Authority, zoe: User, by: User, tmp_path: Path
) -> None:
    """The account came later, so that only the ids of the rows lead to the person."""
    leave(zoe)
    erasure = actions.erase(zoe, by=by, reason="asked")
    listed = tmp_path / "list"
    listed.write_text(f"{erasure_list.line(erasure)}\n".replace(str(zoe.id), str(new_id())))
    (invitation,) = erasure.rows["authorities.invitation"]
    Invitation.objects.create(
        id=invitation,
        authority=calderdale,
        email=OTHER_EMAIL,
        name=NAME,
        roles=[],
        token_sha256="again",
        invited_by=by,
        sent_at=erasure.erased_at,
        expires_at=erasure.erased_at,
    )
    assert actions.reapply(erasure_list.read(listed), by=by) == 1
    assert not Invitation.objects.filter(email=OTHER_EMAIL).exists()
    assert Erasure.objects.count() == 2, "what the list says is kept here too"


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"person": "x", "rows": {}}', '{"person": 1, "rows": []}'])
def test_a_list_that_is_none_is_refused_with_its_line(line: str, tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text(f"{line}\n")
    with pytest.raises(erasure_list.UnreadableList, match="line 1 is no line"):
        list(erasure_list.read(file))


def test_others_of_the_same_family_name_stay(zoe: User, by: User) -> None:
    leave(zoe)
    cousin = User.objects.create_user("anne.featherstonehaugh@anywhere.example", "Anne Featherstonehaugh")
    namesake = User.objects.create_user("z@elsewhere.example", NAME)
    told = erasing.preview(zoe, erasing.traces_of(zoe))
    assert [(place.where, place.row) for place in told.named_elsewhere] == [
        ("authorities_user", namesake.id.hex if "sqlite" in _vendor() else str(namesake.id))
    ]
    actions.erase(zoe, by=by, reason="asked")
    cousin.refresh_from_db()
    namesake.refresh_from_db()
    assert (cousin.name, namesake.name) == ("Anne Featherstonehaugh", NAME)


def _vendor() -> str:
    from django.db import connection

    return connection.vendor
