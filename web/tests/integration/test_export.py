"""Exports: of everything, in open formats; and of one authority, without the data of others."""

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
from evenhand.config.documents import GENERATED, document
from evenhand.evidence.models import Count, Dataset, Snapshot
from evenhand.ledger.models import Entry
from evenhand.operations.backup.tables import tables
from evenhand.operations.export.files import SHARED
from evenhand.operations.export.schema import schema
from evenhand.operations.export.scope import LEFT_OUT, ExportScope, exported_columns, secret_columns
from evenhand.operations.export.writing import export
from evenhand.plans.models import Plan, PlanNode
from evenhand.records.files import Root, fingerprint, store
from evenhand.releases.models import Release, ReleaseTable
from support.authorities import leeds_with_staff, with_own_staff
from support.people_actions import somebody
from support.portable import file_contents

pytestmark = pytest.mark.both_databases

REPOSITORY = Path(__file__).resolve().parents[3]
LOOKS_SECRET = re.compile(r"pass|secret|token|key|salt|hash|session|blind|credential|pin\b", re.IGNORECASE)
NOT_SECRET = {
    "account.emailconfirmation.email_address_id",  # the id of a row
    "ledger.entry.blind",  # needed to verify who acted
    "ledger.entry.entry_hash",
    "ledger.head.hash",
    "ledger.payload.salt",  # needed to verify the details of an entry
    "ledger.subtree.hash",
}


@pytest.fixture
def exported(db: None, tmp_path: Path) -> Path:
    export(tmp_path / "export")
    return tmp_path / "export"


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_every_table_is_exported_or_listed_as_left_out(exported: Path) -> None:
    files = {file.stem for file in (exported / "tables").glob("*.csv")}
    models = {model._meta.label_lower for model in apps.get_models(include_auto_created=True)}
    assert files == models - set(LEFT_OUT)
    assert set(LEFT_OUT) <= models, "tables listed as left out must exist"


def test_every_row_is_exported_unchanged(exported: Path) -> None:
    for model in (Authority, Snapshot, Count, Plan, PlanNode, Release, Entry):
        assert [row["id"] for row in rows(exported, model._meta.label_lower)] == [
            str(id) for id in model.objects.order_by("id").values_list("id", flat=True)
        ]
    for row, count in zip(rows(exported, "evidence.count"), Count.objects.order_by("id"), strict=True):
        assert row["count"] == ("" if count.count is None else str(count.count))
    nested = [
        json.loads(line) for line in (exported / "tables" / "releases.releasetable.jsonl").read_text().splitlines()
    ]
    assert [row["content"] for row in nested] == [table.content for table in ReleaseTable.objects.order_by("id")]


def test_the_schema_describes_every_column_of_every_file(exported: Path) -> None:
    metadata = json.loads((exported / "schema.json").read_text())
    assert {table["url"] for table in metadata["tables"]} == {
        f"tables/{file.name}" for file in (exported / "tables").glob("*.csv")
    }
    for table in metadata["tables"]:
        with (exported / table["url"]).open(newline="") as file:
            header = next(csv.reader(file))
        columns = table["tableSchema"]["columns"]
        assert header == [column["name"] for column in columns]
        assert all(column["dc:description"] and column["datatype"] for column in columns)
        for key in table["tableSchema"]["foreignKeys"]:
            assert (exported / key["reference"]["resource"]).exists()


def test_every_reference_in_the_schema_is_to_an_exported_row(exported: Path) -> None:
    metadata = json.loads((exported / "schema.json").read_text())
    ids = {
        table["url"]: {row[table["tableSchema"]["primaryKey"]] for row in _rows_of(exported, table)}
        for table in metadata["tables"]
    }
    for table in metadata["tables"]:
        for key in table["tableSchema"]["foreignKeys"]:
            referenced = {row[key["columnReference"]] for row in _rows_of(exported, table)} - {""}
            assert referenced <= ids[key["reference"]["resource"]], table["url"]


def _rows_of(folder: Path, table: dict[str, Any]) -> list[dict[str, str]]:
    return rows(folder, table["dc:title"])


def test_no_secret_is_exported(exported: Path) -> None:
    User.objects.update(password=make_password("a password that nobody has"))
    columns = {
        f"{label}.{column.name}" for label, model, _all in ExportScope().tables() for column in exported_columns(model)
    }
    assert {name for name in columns if LOOKS_SECRET.search(name.partition(".")[2].partition(".")[2])} <= NOT_SECRET
    assert "password" in secret_columns(User)
    left_out = {table["dc:title"]: table["evenhand:leftOut"] for table in schema(ExportScope())["tables"]}
    assert left_out["authorities.user"] == ["password"]
    assert left_out["mfa.authenticator"] == ["data"]


def test_the_same_data_gives_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    export(tmp_path / "again")
    assert file_contents(tmp_path / "again") == file_contents(exported)
    for name in ("a.zip", "b.zip"):
        export(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        assert {name: file.read(name) for name in file.namelist()} == file_contents(exported)


def test_every_stored_file_is_exported_under_its_digest(exported: Path) -> None:
    with (exported / "files.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert lines
    for line in lines:
        content = (exported / "files" / line["root"] / line["sha256"]).read_bytes()
        assert (fingerprint(content), str(len(content))) == (line["sha256"], line["bytes"])
    assert {line["names"] for line in lines} >= {"council_workforce.csv"}
    assert len(list((exported / "files").rglob("*"))) == len(lines) + 2  # and the two folders


def test_only_this_user_can_read_it_and_nothing_is_overwritten(exported: Path) -> None:
    assert {file.stat().st_mode & 0o077 for file in (exported, *exported.rglob("*"))} == {0}
    with pytest.raises(CommandError, match="already exists"):
        call_command("export", "--everything", str(exported))
    with pytest.raises(CommandError, match="Give a target"):
        call_command("export", "--everything")
    with pytest.raises(CommandError, match="There is no authority “nowhere”"):
        call_command("export", "--authority", "nowhere", str(exported / "x"))


def test_a_failed_export_leaves_nothing_behind(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.operations.export.writing.export_ledger_files", _disk_full)
    for name in ("folder", "file.zip"):
        with pytest.raises(CommandError, match="No space left on device"):
            call_command("export", "--everything", str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


def _disk_full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


def verify(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs verify.py as an outsider would: in an isolated process without Evenhand on its path."""
    command = [sys.executable, "-I", str(folder / "record" / "verify.py")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_outsider_can_verify_the_ledger(exported: Path) -> None:
    result = verify(exported)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"The record of changes is valid: {Entry.objects.count()} entries" in result.stdout


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("action", lambda _value: "something.else", "does not match its own hash"),
        ("actor_id", lambda _value: "01a212d2-9f34-7552-bec3-914071c731f3", "does not match its own hash"),
        ("at", lambda value: value.replace("2", "3", 1), "does not match its own hash"),
        ("said", lambda value: value.replace("reason", "raisin"), "has details that do not match"),
        ("position", lambda value: value + 1, "is not in its place"),
        ("previous", lambda _value: "0" * 64, "the entry before it"),
    ],
)
def test_an_outsider_detects_a_change(exported: Path, name: str, change: Any, message: str) -> None:
    file = max((exported / "record").glob("*.jsonl"), key=lambda file: file.stat().st_size)
    lines = file.read_text().splitlines()
    entry = json.loads(lines[1])
    lines[1] = json.dumps(entry | {name: change(entry[name])}, ensure_ascii=False)
    file.write_text("\n".join(lines) + "\n")
    result = verify(exported)
    assert result.returncode == 1
    assert f"{file.name}: entry 2: " in result.stdout
    assert message in result.stdout


def test_an_outsider_detects_missing_last_entries_and_a_forged_checkpoint(db: None, tmp_path: Path) -> None:
    call_command("ledger", "checkpoint")
    export(tmp_path / "export")
    record = tmp_path / "export" / "record"
    file = max(record.glob("*.jsonl"), key=lambda file: file.stat().st_size)
    whole = file.read_text()
    file.write_text("".join(f"{line}\n" for line in whole.splitlines()[:-1]))
    assert "entries was signed, but there are only" in verify(tmp_path / "export").stdout
    file.write_text(whole)
    assert verify(tmp_path / "export").returncode == 0
    checkpoints = file.with_suffix(".checkpoints.txt")
    lines = checkpoints.read_text().splitlines(keepends=True)
    checkpoints.write_text("".join([lines[0], lines[1], f"{'A' * 43}=\n", *lines[3:]]))
    output = verify(tmp_path / "export").stdout
    assert "is not signed with key.pem" in output
    assert "was signed for other entries" in output


def values_of_others(authority: Authority) -> Iterator[tuple[str, str]]:
    """The ids, titles and e-mail addresses of rows that belong to other authorities."""
    for label, model, _all in ExportScope().tables():
        condition = ExportScope(authority).condition(label, model)
        others = (
            model._base_manager.all()
            if condition is None
            else model._base_manager.exclude(pk__in=model._base_manager.filter(condition).values("pk"))
        )
        for row in others:
            yield label, str(row.pk)
            yield from ((label, str(getattr(row, name))) for name in ("title", "email") if _is_distinctive(row, name))


def _is_distinctive(row: Model, name: str) -> bool:
    return len(str(getattr(row, name, "") or "")) > 12


@pytest.mark.parametrize("slug", ["calderdale-council", "leeds-city-council", "liverpool-city-council"])
def test_the_export_of_an_authority_has_its_data_and_not_that_of_others(db: None, slug: str, tmp_path: Path) -> None:
    authority = with_own_staff(slug)
    somebody(at=authority)
    call_command("ledger", "checkpoint")
    result = export(tmp_path / "part", authority)
    files = file_contents(tmp_path / "part")
    for table in ("evidence.dataset", "releases.release", "plans.plan", "ledger.entry", "authorities.membership"):
        count = apps.get_model(table)._base_manager.filter(authority_id=authority.pk).count()
        assert len(rows(tmp_path / "part", table)) == count
    text = b"\n".join(content for name, content in files.items() if not name.startswith("schema")).decode()
    members = {str(id) for id in User.objects.filter(memberships__authority=authority).values_list("pk", flat=True)}
    leaked = [
        (label, value)
        for label, value in values_of_others(authority)
        if value in text and len(value) > 30 and value not in members and not _is_public(label)
    ]
    assert leaked == []
    assert verify(tmp_path / "part").returncode == 0
    assert all(SHARED in file for file in result.left_out)


def _is_public(label: str) -> bool:
    """Any visitor can see that another authority exists, and that it is the parent of this one."""
    return label == "authorities.authority"


def test_a_file_that_also_has_figures_of_other_authorities_is_not_exported(
    calderdale: Authority, tmp_path: Path
) -> None:
    shared = Snapshot.objects.filter(dataset__authority=calderdale)[0].file_sha256
    own = fingerprint(b"ours alone")
    store(Root.PRIVATE, b"ours alone")
    Plan.objects.create(
        authority=calderdale, slug="own", title="Own", source={}, file_sha256=own, imported_at="2026-01-01T00:00Z"
    )
    others_too = Snapshot.objects.filter(file_sha256=shared).exclude(dataset__authority=calderdale).exists()
    result = export(tmp_path / "part", calderdale)
    assert (tmp_path / "part" / "files" / "private" / own).read_bytes() == b"ours alone"
    assert (tmp_path / "part" / "files" / "private" / shared).exists() is not others_too
    assert any(shared in file for file in result.left_out) is others_too


def test_a_reference_to_another_authority_is_empty(db: None, tmp_path: Path) -> None:
    member = Authority.objects.exclude(parent=None)[0]
    export(tmp_path / "part", member)
    (row,) = rows(tmp_path / "part", "authorities.authority")
    assert row["parent_id"] == ""


def test_a_person_at_two_authorities_is_exported_with_one_membership(calderdale: Authority, tmp_path: Path) -> None:
    person = somebody(at=calderdale)
    other = Membership.objects.create(user=person, authority=leeds_with_staff(), role="viewer")
    export(tmp_path / "part", calderdale)
    assert str(person.pk) in {row["id"] for row in rows(tmp_path / "part", "authorities.user")}
    assert str(other.pk) not in {row["id"] for row in rows(tmp_path / "part", "authorities.membership")}


def test_a_table_that_belongs_to_no_authority_is_not_in_the_export_of_one(calderdale: Authority) -> None:
    part = {label for label, _model, _rows in ExportScope(calderdale).tables()}
    assert part.isdisjoint({"account.emailaddress", "mfa.authenticator", "axes.accesslog", "notifications.message"})
    assert {label for label, _model in tables()} - part - set(LEFT_OUT)


def test_counts_are_exported_by_the_authority_of_their_data_set(calderdale: Authority) -> None:
    """The foreign keys from a count to its authority go through snapshot and data set."""
    condition = ExportScope(calderdale).condition("evidence.count", Count)
    assert condition is not None
    datasets = set(Count.objects.filter(condition).values_list("snapshot__dataset", flat=True))
    assert datasets == set(Dataset.objects.filter(authority=calderdale).values_list("pk", flat=True))


def test_the_page_about_the_format_is_up_to_date() -> None:
    written = (REPOSITORY / "docs" / "export-format.md").read_text(encoding="utf-8")
    assert written == document("export-format.md"), "run: .venv/bin/evenhand docs"
    output = io.StringIO()
    call_command("export", "--describe", stdout=output)
    assert f"{GENERATED}\n{output.getvalue()}" == written
