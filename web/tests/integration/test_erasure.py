"""An erased person is in no table, file, free space of the database, or later backup or export."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Invitation, Membership, User
from evenhand.ledger.models import Payload
from evenhand.modules import registry
from evenhand.privacy import actions, erasing, erasure_list, free_space
from evenhand.privacy.models import Erasure
from evenhand.privacy.registry import models_about_people
from evenhand.records.identity import new_id
from support.authorities import leeds_with_staff
from support.databases import BOTH_ENGINES, evenhand, migrated_database, output_of, run_script
from support.person import EMAIL, NAME, OTHER_EMAIL
from support.person_everywhere import MODELS, create_everywhere, leave
from support.tables import action_files, actions_file, assert_complete

pytestmark = pytest.mark.both_databases

IDENTIFIERS = [EMAIL, OTHER_EMAIL, NAME, json.dumps(NAME)[1:-1], "Featherstonehaugh"]
AUTHORITY = ("anywhere", "--name", "Anywhere Council", "--kind", "metropolitan_district")
Site = tuple[Path, str]


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A separate site with someone who has left and whose data is in every table."""
    var = tmp_path / "var"
    var.mkdir()
    with migrated_database(request.param, var) as database:
        evenhand(var, database, "authority", "add", *AUTHORITY, "--area-code", "E99999999", "--area-name", "X")
        output_of(run_script(var, database, "from support import person_everywhere; person_everywhere.main()"))
        yield var, database


def identifiers_in_files(var: Path) -> list[str]:
    """Any identifier in the bytes of any file. On SQLite these include the database, its journal and free space."""
    files = [file for file in var.rglob("*") if file.is_file() and "static" not in file.parts]
    return [
        f"{file.name}: {identifier}"
        for file in files
        for identifier in IDENTIFIERS
        if identifier.lower().encode() in file.read_bytes().lower()
    ]


def identifiers_in_tables(database: str) -> list[str]:
    """Any identifier in any column of any PostgreSQL table, found without the site's own code."""
    if not database.startswith("postgres"):
        return []
    with psycopg.connect(database) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        ).fetchall()
        return [
            f"{table}.{column}: {identifier}"
            for table, column in columns
            for identifier in IDENTIFIERS
            if connection.execute(
                f'SELECT 1 FROM "{table}" WHERE position(lower(%s) in lower("{column}"::text)) > 0 LIMIT 1',  # type: ignore[call-overload]
                [identifier],
            ).fetchone()
        ]


def erase(site: Site) -> str:
    return evenhand(*site, "privacy", "erase", EMAIL, "--reason", "asked to be erased")


def test_the_persons_identifiers_are_found_before_the_erasure(site: Site) -> None:
    """Otherwise the tests below would pass whatever the erasure did."""
    assert identifiers_in_files(site[0])
    if site[1].startswith("postgres"):
        assert len({place.partition(":")[0] for place in identifiers_in_tables(site[1])}) > 10


def test_an_erased_person_is_in_no_table_or_file_and_the_record_is_intact(site: Site) -> None:
    output = erase(site)
    assert "no longer in any table or file" in output
    assert identifiers_in_files(site[0]) == []
    assert identifiers_in_tables(site[1]) == []
    assert "The record of changes is intact" in evenhand(*site, "ledger", "verify")


def test_later_backups_and_exports_do_not_contain_the_person(site: Site, tmp_path: Path) -> None:
    erase(site)
    evenhand(*site, "backup", str(tmp_path / "after.zip"), "--unencrypted")
    unpacked = tmp_path / "unpacked"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", tmp_path / "after.zip", unpacked], check=True)
    assert any(unpacked.rglob("*.jsonl"))
    assert identifiers_in_files(unpacked) == []
    evenhand(*site, "export", "--everything", str(tmp_path / "export"))
    assert any(file.is_file() for file in (tmp_path / "export").rglob("*"))
    assert identifiers_in_files(tmp_path / "export") == []


def test_a_person_brought_back_by_an_older_backup_is_erased_again(site: Site, tmp_path: Path) -> None:
    evenhand(*site, "backup", str(tmp_path / "before.zip"), "--unencrypted")
    erase(site)
    evenhand(*site, "privacy", "erasures", "--out", str(tmp_path / "erasures.jsonl"))
    assert (site[0] / "erasures.jsonl").read_text() == (tmp_path / "erasures.jsonl").read_text()
    assert not any(identifier in (tmp_path / "erasures.jsonl").read_text() for identifier in IDENTIFIERS)
    restored = tmp_path / "restored"
    restored.mkdir()
    shutil.copy(site[0] / "ledger_key", restored)  # an unencrypted backup does not contain the key of the record
    with migrated_database(site[1].partition(":")[0], restored) as database:
        evenhand(restored, database, "restore", str(tmp_path / "before.zip"))
        assert identifiers_in_files(restored) or identifiers_in_tables(database), "the older backup contains the person"
        output = evenhand(restored, database, "privacy", "reapply", "--list", str(tmp_path / "erasures.jsonl"))
        assert "Removed again" in output
        assert identifiers_in_files(restored) == []
        assert identifiers_in_tables(database) == []
        assert "The record of changes is intact" in evenhand(restored, database, "ledger", "verify")
        second_output = evenhand(restored, database, "privacy", "reapply", "--list", str(tmp_path / "erasures.jsonl"))
        assert "None of the people on the list is on this site." in second_output


def test_every_model_about_people_is_covered_by_these_tests() -> None:
    required = {
        model._meta.label_lower: file_of_rows(model._meta.app_label) for model, _subject in models_about_people()
    }
    assert_complete("PERSON_ROWS", action_files(), MODELS, required)


def file_of_rows(app: str) -> str:
    return actions_file(app) if app in registry.module_order() else "web/tests/support/person_everywhere.py"


@pytest.fixture
def zoe(calderdale: Authority) -> User:
    return create_everywhere(calderdale)


def test_a_person_who_still_has_a_role_cannot_be_erased(zoe: User, by: User) -> None:
    with pytest.raises(NotPossible, match="still has a role at Calderdale Council"):
        actions.erase(zoe, by=by, reason="asked")
    zoe.refresh_from_db()
    assert zoe.name == NAME


def test_the_server_account_cannot_be_erased(by: User) -> None:
    with pytest.raises(NotPossible, match="It is not a person"):
        actions.erase(by, by=by, reason="asked")


def test_a_person_cannot_be_erased_twice(zoe: User, by: User) -> None:
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")
    with pytest.raises(NotPossible, match="already been erased"):
        actions.erase(zoe, by=by, reason="asked")


def test_a_reason_that_names_the_person_is_refused_because_it_is_kept(zoe: User, by: User) -> None:
    leave(zoe)
    with pytest.raises(NotPossible, match="The reason names the person"):
        actions.erase(zoe, by=by, reason=f"{NAME.lower()} asked")


def test_an_administrator_cannot_erase_someone_who_also_worked_for_another_authority(
    zoe: User, calderdale: Authority
) -> None:
    leave(zoe)
    admin = User.objects.get(name="Colin Plum")
    leeds = leeds_with_staff()
    Membership.objects.create(user=zoe, authority=leeds, role="viewer", ended_at="2020-01-01T00:00Z")
    with pytest.raises(NotPossible, match="another authority on this site"):
        actions.erase(zoe, by=admin, reason="asked", authority=calderdale)


def test_what_the_person_did_is_kept_and_data_about_them_is_erased(zoe: User, by: User) -> None:
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")
    reasons = [payload.content["reason"] for payload in Payload.objects.filter(entry__action="example.change")]
    assert reasons == ["corrected a date"]
    zoe.refresh_from_db()
    assert (zoe.name, zoe.is_active, zoe.last_login) == ("A person who has left", False, None)
    assert not zoe.has_usable_password()


def test_the_preview_matches_the_erasure_and_changes_nothing(zoe: User, by: User) -> None:
    leave(zoe)
    identifiers = erasing.identifiers_of(zoe)
    counts = {count.label: count.number for count in erasing.preview(zoe, identifiers).erased}
    zoe.refresh_from_db()
    assert zoe.name == NAME
    assert counts["Details of record entries that name or are about the person"] == 3
    assert counts["Invitations"] == 1
    erasure = actions.erase(zoe, by=by, reason="asked")
    assert len(erasure.rows["ledger.payload"]) == 3
    assert len(erasure.rows["authorities.invitation"]) == 1


def test_free_space_of_a_busy_database_is_overwritten_at_night(
    zoe: User, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(zoe)
    erasure = actions.erase(zoe, by=by, reason="asked")
    monkeypatch.setattr(free_space, "wipe", lambda: False)
    actions.sweep(by=by)
    assert free_space.is_wipe_pending()
    monkeypatch.setattr(free_space, "wipe", lambda: True)
    actions.sweep(by=by)
    erasure.refresh_from_db()
    assert erasure.wiped_at is not None
    assert not free_space.is_wipe_pending()


def test_the_list_of_erasures_is_completed_after_a_crash(zoe: User, by: User, tmp_path: Path, settings) -> None:
    settings.EVENHAND_FILE_ROOTS = {"private": tmp_path / "private", "public": tmp_path / "public"}
    leave(zoe)
    actions.erase(zoe, by=by, reason="asked")  # on_commit callbacks do not run in a test, as after a crash
    assert not erasure_list.path().exists()
    actions.sweep(by=by)
    actions.sweep(by=by)
    assert [erasure.person_id for erasure in erasure_list.read(erasure_list.path())] == [zoe.id]


def test_someone_who_was_only_invited_at_the_time_of_the_backup_is_erased_from_it(
    calderdale: Authority, zoe: User, by: User, tmp_path: Path
) -> None:
    """The account was created later, so only the row ids lead to the person."""
    leave(zoe)
    erasure = actions.erase(zoe, by=by, reason="asked")
    list_file = tmp_path / "list"
    list_file.write_text(f"{erasure_list.to_line(erasure)}\n".replace(str(zoe.id), str(new_id())))
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
    assert actions.reapply(erasure_list.read(list_file), by=by) == 1
    assert not Invitation.objects.filter(email=OTHER_EMAIL).exists()
    assert Erasure.objects.count() == 2, "the erasures on the list are stored here too"


@pytest.mark.parametrize("line", ["", "{}", "[]", '{"person": "x", "rows": {}}', '{"person": 1, "rows": []}'])
def test_an_invalid_list_of_erasures_is_refused_with_the_line_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text(f"{line}\n")
    with pytest.raises(erasure_list.ErasureListError, match="line 1 is not an entry"):
        list(erasure_list.read(file))


def test_other_people_with_the_same_name_are_kept(zoe: User, by: User) -> None:
    leave(zoe)
    cousin = User.objects.create_user("anne.featherstonehaugh@anywhere.example", "Anne Featherstonehaugh")
    namesake = User.objects.create_user("z@elsewhere.example", NAME)
    preview = erasing.preview(zoe, erasing.identifiers_of(zoe))
    assert [(mention.table, mention.row) for mention in preview.remaining_mentions] == [
        ("authorities_user", namesake.id.hex if "sqlite" in _vendor() else str(namesake.id))
    ]
    actions.erase(zoe, by=by, reason="asked")
    cousin.refresh_from_db()
    namesake.refresh_from_db()
    assert (cousin.name, namesake.name) == ("Anne Featherstonehaugh", NAME)


def _vendor() -> str:
    from django.db import connection

    return connection.vendor
