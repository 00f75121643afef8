"""The way out: all of it, in forms that anyone can read; of one authority its own and nothing of others."""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Model

from evenhand.authorities.models import Authority, Membership, User
from evenhand.evidence.models import Count, Dataset, Snapshot
from evenhand.ledger.models import Entry
from evenhand.operations.backup_tables import tables
from evenhand.operations.export import export
from evenhand.operations.export_files import SHARED
from evenhand.operations.export_page import page
from evenhand.operations.export_schema import schema
from evenhand.operations.export_scope import LEFT_OUT, Scope, exported_columns, secret_columns
from evenhand.plans.models import Plan, PlanNode
from evenhand.records.files import Root, fingerprint, keep
from evenhand.releases.models import Release, ReleaseTable
from portable import contents

REPOSITORY = Path(__file__).resolve().parents[3]
SMELLS_OF_A_KEY = re.compile(r"pass|secret|token|key|salt|hash|session|blind|credential|pin\b", re.IGNORECASE)
HARMLESS = {
    "account.emailconfirmation.email_address_id",  # a row of another table
    "ledger.entry.blind",  # what an outsider needs to verify who acted
    "ledger.entry.entry_hash",
    "ledger.head.hash",
    "ledger.payload.salt",  # what an outsider needs to verify what was said
    "ledger.subtree.hash",
}


@pytest.fixture
def exported(db: None, tmp_path: Path) -> Path:
    export(tmp_path / "export")
    return tmp_path / "export"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_table_is_there_or_is_said_to_be_left_out(exported: Path) -> None:
    there = {file.stem for file in (exported / "tables").glob("*.csv")}
    models = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert there == models - set(LEFT_OUT)
    assert set(LEFT_OUT) <= models, "what is left out must exist"


def test_every_row_is_there_and_is_what_it_was(exported: Path) -> None:
    for model in (Authority, Snapshot, Count, Plan, PlanNode, Release, Entry):
        found = rows(exported, model._meta.label_lower)
        assert [row["id"] for row in found] == [
            str(id) for id in model.objects.order_by("id").values_list("id", flat=True)
        ]
    for row, held in zip(rows(exported, "evidence.count"), Count.objects.order_by("id"), strict=True):
        assert row["count"] == ("" if held.count is None else str(held.count))
    nested = [
        json.loads(line) for line in (exported / "tables" / "releases.releasetable.jsonl").read_text().splitlines()
    ]
    assert [each["content"] for each in nested] == [each.content for each in ReleaseTable.objects.order_by("id")]


def test_the_schema_says_every_column_of_every_file(exported: Path) -> None:
    said = json.loads((exported / "schema.json").read_text())
    assert {table["url"] for table in said["tables"]} == {
        f"tables/{file.name}" for file in (exported / "tables").glob("*.csv")
    }
    for table in said["tables"]:
        with (exported / table["url"]).open(newline="") as file:
            heading = next(csv.reader(file))
        columns = table["tableSchema"]["columns"]
        assert heading == [column["name"] for column in columns]
        assert all(column["dc:description"] and column["datatype"] for column in columns)
        for key in table["tableSchema"]["foreignKeys"]:
            assert (exported / key["reference"]["resource"]).exists()


def test_every_reference_of_the_schema_leads_somewhere(exported: Path) -> None:
    said = json.loads((exported / "schema.json").read_text())
    ids = {
        table["url"]: {row[table["tableSchema"]["primaryKey"]] for row in _of(exported, table)}
        for table in said["tables"]
    }
    for table in said["tables"]:
        for key in table["tableSchema"]["foreignKeys"]:
            pointed_at = {row[key["columnReference"]] for row in _of(exported, table)} - {""}
            assert pointed_at <= ids[key["reference"]["resource"]], table["url"]


def _of(folder: Path, table: dict[str, Any]) -> list[dict[str, str]]:
    return rows(folder, table["dc:title"])


def test_nothing_that_lets_anyone_in_is_there(exported: Path) -> None:
    User.objects.update(password=make_password("a password that nobody has"))
    columns = {
        f"{label}.{column.name}" for label, model, _all in Scope().tables() for column in exported_columns(model)
    }
    assert {name for name in columns if SMELLS_OF_A_KEY.search(name.partition(".")[2].partition(".")[2])} <= HARMLESS
    assert "password" in secret_columns(User)
    left_out = {table["dc:title"]: table["evenhand:leftOut"] for table in schema(Scope())["tables"]}
    assert left_out["authorities.user"] == ["password"]
    assert left_out["mfa.authenticator"] == ["data"]


def test_equal_content_gives_equal_bytes(exported: Path, tmp_path: Path) -> None:
    export(tmp_path / "again")
    assert contents(tmp_path / "again") == contents(exported)
    for name in ("a.zip", "b.zip"):
        export(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert {name: file.read(name) for name in file.namelist()} == contents(exported)


def test_every_kept_file_is_there_under_its_name(exported: Path) -> None:
    with (exported / "files.csv").open(newline="") as file:
        listed = list(csv.DictReader(file))
    assert listed
    for line in listed:
        content = (exported / "files" / line["root"] / line["sha256"]).read_bytes()
        assert (fingerprint(content), str(len(content))) == (line["sha256"], line["bytes"])
    assert {line["names"] for line in listed} >= {"council_workforce.csv"}
    assert len(list((exported / "files").rglob("*"))) == len(listed) + 2  # and the two folders


def test_it_is_for_this_user_alone_and_writes_over_nothing(exported: Path) -> None:
    assert {file.stat().st_mode & 0o077 for file in (exported, *exported.rglob("*"))} == {0}
    with pytest.raises(CommandError, match="is there already"):
        call_command("export", "--everything", str(exported))
    with pytest.raises(CommandError, match="Say where to"):
        call_command("export", "--everything")
    with pytest.raises(CommandError, match="No authority “nowhere”"):
        call_command("export", "--authority", "nowhere", str(exported / "x"))


def test_what_fails_leaves_nothing_behind(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.operations.export.put_record", _full)
    for name in ("folder", "file.zip"):
        with pytest.raises(CommandError, match="No space left on device"):
            call_command("export", "--everything", str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


def _full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


def verified(folder: Path) -> "subprocess.CompletedProcess[str]":
    """By an outsider: their own process, nothing of ours on its path."""
    command = [sys.executable, "-I", str(folder / "record" / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_outsider_can_verify_the_record(exported: Path) -> None:
    ran = verified(exported)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"The record holds: {Entry.objects.count()} entries" in ran.stdout


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("action", lambda _value: "something.else", "fingerprint"),
        ("actor_id", lambda _value: "01a212d2-9f34-7552-bec3-914071c731f3", "fingerprint"),
        ("at", lambda value: value.replace("2", "3", 1), "fingerprint"),
        ("said", lambda value: value.replace("reason", "raisin"), "did not say"),
        ("position", lambda value: value + 1, "place"),
        ("previous", lambda _value: "0" * 64, "before it"),
    ],
)
def test_an_outsider_finds_what_was_changed(exported: Path, name: str, change: Any, says: str) -> None:
    file = max((exported / "record").glob("*.jsonl"), key=lambda each: each.stat().st_size)
    lines = file.read_text().splitlines()
    entry = json.loads(lines[1])
    lines[1] = json.dumps(entry | {name: change(entry[name])}, ensure_ascii=False)
    file.write_text("\n".join(lines) + "\n")
    ran = verified(exported)
    assert ran.returncode == 1
    assert f"{file.name}: entry 2: " in ran.stdout
    assert says in ran.stdout


def test_an_outsider_finds_a_tail_that_was_cut_and_a_statement_that_was_forged(db: None, tmp_path: Path) -> None:
    call_command("ledger", "checkpoint")
    export(tmp_path / "export")
    record = tmp_path / "export" / "record"
    file = max(record.glob("*.jsonl"), key=lambda each: each.stat().st_size)
    whole = file.read_text()
    file.write_text("".join(f"{line}\n" for line in whole.splitlines()[:-1]))
    assert "entries was signed, and there are" in verified(tmp_path / "export").stdout
    file.write_text(whole)
    assert verified(tmp_path / "export").returncode == 0
    statement = file.with_suffix(".checkpoints.txt")
    lines = statement.read_text().splitlines(keepends=True)
    statement.write_text("".join([lines[0], lines[1], f"{'A' * 43}=\n", *lines[3:]]))
    said = verified(tmp_path / "export").stdout
    assert "is not signed with key.pem" in said
    assert "was signed for others" in said


def others(authority: Authority) -> Iterator[tuple[str, str]]:
    """Ids, slugs and names of whatever is another authority's own."""
    for label, model, _all in Scope().tables():
        mine = Scope(authority).condition(label, model)
        rest = (
            model._base_manager.all()
            if mine is None
            else model._base_manager.exclude(pk__in=model._base_manager.filter(mine).values("pk"))
        )
        for each in rest:
            yield label, str(each.pk)
            yield from ((label, str(getattr(each, name))) for name in ("title", "email") if _is_telling(each, name))


def _is_telling(thing: Model, name: str) -> bool:
    return len(str(getattr(thing, name, "") or "")) > 12


@pytest.mark.parametrize("slug", ["calderdale-council", "leeds-city-council", "liverpool-city-council"])
def test_an_authority_takes_its_own_and_nothing_of_others(db: None, slug: str, tmp_path: Path) -> None:
    authority = Authority.objects.get(slug=slug)
    call_command("ledger", "checkpoint")
    done = export(tmp_path / "part", authority)
    files = contents(tmp_path / "part")
    for table in ("evidence.dataset", "releases.release", "plans.plan", "ledger.entry", "authorities.membership"):
        held = apps.get_model(table)._base_manager.filter(authority_id=authority.pk).count()
        assert len(rows(tmp_path / "part", table)) == held
    text = b"\n".join(content for name, content in files.items() if not name.startswith("schema")).decode()
    mine = {str(id) for id in User.objects.filter(memberships__authority=authority).values_list("pk", flat=True)}
    found = [each for each in others(authority) if each[1] in text and len(each[1]) > 30 and each[1] not in mine]
    assert [each for each in found if not _is_public(each)] == []
    assert verified(tmp_path / "part").returncode == 0
    assert all(SHARED in each for each in done.left_out)


def _is_public(each: tuple[str, str]) -> bool:
    """What any visitor sees of another authority: that it exists, and that it is the parent of this one."""
    return each[0] == "authorities.authority"


def test_a_file_that_holds_figures_of_others_too_stays(calderdale: Authority, tmp_path: Path) -> None:
    shared = Snapshot.objects.filter(dataset__authority=calderdale)[0].file_sha256
    own = fingerprint(b"ours alone")
    keep(Root.PRIVATE, b"ours alone")
    Plan.objects.create(
        authority=calderdale, slug="own", title="Own", source={}, file_sha256=own, imported_at="2026-01-01T00:00Z"
    )
    others_too = Snapshot.objects.filter(file_sha256=shared).exclude(dataset__authority=calderdale).exists()
    done = export(tmp_path / "part", calderdale)
    assert (tmp_path / "part" / "files" / "private" / own).read_bytes() == b"ours alone"
    assert (tmp_path / "part" / "files" / "private" / shared).exists() is not others_too
    assert any(shared in each for each in done.left_out) is others_too


def test_a_reference_to_another_authority_is_empty(db: None, tmp_path: Path) -> None:
    member = Authority.objects.exclude(parent=None)[0]
    export(tmp_path / "part", member)
    (row,) = rows(tmp_path / "part", "authorities.authority")
    assert row["parent_id"] == ""


def test_a_person_of_two_authorities_shows_one_only_of_it(calderdale: Authority, tmp_path: Path) -> None:
    elsewhere = Authority.objects.exclude(pk=calderdale.pk)[0]
    person = User.objects.filter(memberships__authority=calderdale)[0]
    other = Membership.objects.create(user=person, authority=elsewhere, role="viewer")
    export(tmp_path / "part", calderdale)
    assert str(person.pk) in {row["id"] for row in rows(tmp_path / "part", "authorities.user")}
    assert str(other.pk) not in {row["id"] for row in rows(tmp_path / "part", "authorities.membership")}


def test_a_table_that_belongs_to_no_authority_is_left_out_of_a_part(calderdale: Authority) -> None:
    part = {label for label, _model, _rows in Scope(calderdale).tables()}
    assert part.isdisjoint({"account.emailaddress", "mfa.authenticator", "axes.accesslog", "notifications.message"})
    assert {label for label, _model in tables()} - part - set(LEFT_OUT)


def test_two_data_sets_do_not_mix(calderdale: Authority) -> None:
    """The way from a count to its authority leads over snapshot and data set."""
    condition = Scope(calderdale).condition("evidence.count", Count)
    assert condition is not None
    datasets = set(Count.objects.filter(condition).values_list("snapshot__dataset", flat=True))
    assert datasets == set(Dataset.objects.filter(authority=calderdale).values_list("pk", flat=True))


def test_the_page_about_the_form_is_what_the_code_does() -> None:
    written = (REPOSITORY / "docs" / "export-format.md").read_text(encoding="utf-8")
    assert written == page(), "run: evenhand export --describe > docs/export-format.md"
    said = io.StringIO()
    call_command("export", "--describe", stdout=said)
    assert said.getvalue() == written
