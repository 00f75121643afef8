"""An outsider with Python and `cryptography` follows docs/how-to/verify-the-record.md exactly."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from evenhand.authorities.models import Authority, User
from evenhand.ledger import checkpoints, form, notes
from evenhand.ledger.actions import Subject, recording
from evenhand.ledger.keys import public_pem
from evenhand.ledger.models import Checkpoint, Entry
from evenhand.public.record import public_sentences
from evenhand.records import slugs

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "verify-the-record.md"
TEXT = PAGE.read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.M | re.S)
KEY, EARLIER, CHECKPOINT, ENTRY, CONSISTENCY, PROGRAM, OUTPUT, CANONICAL, DETAILS = BLOCKS
R = "/authorities/calderdale-council/record/"


@pytest.fixture(autouse=True)
def _temporary_key(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def run(folder: Path, **files: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    names = {"key": "key.pem", "earlier": "earlier.txt", "checkpoint": "checkpoint.txt"}
    for name, text in files.items():
        (folder / names.get(name, f"{name}.json")).write_text(text, encoding="utf-8")
    (folder / "check.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-I", "check.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


EXAMPLE = {
    "key": KEY,
    "earlier": EARLIER,
    "checkpoint": CHECKPOINT,
    "entry": ENTRY,
    "consistency": CONSISTENCY,
}


def test_the_example_in_the_guide_is_correct(tmp_path: Path) -> None:
    completed = run(tmp_path / "outside", **EXAMPLE)
    assert (completed.stdout, completed.stderr) == (OUTPUT, "")
    entry = json.loads(ENTRY)["entry"]
    fields = {name: value for name, value in entry.items() if name not in ("position", "previous")}
    assert form.canonical(fields, entry["position"], entry["previous"]).decode() == CANONICAL.strip()
    assert set(entry) == set(re.findall(r"`(\w+)`", TEXT[TEXT.index("1. **An entry**") : TEXT.index("2. **Its")])) - {
        "null"
    } | {"form"}
    (salt,) = re.findall(r"the salt is `([0-9a-f]{64})`", TEXT)
    assert hashlib.sha256((salt + DETAILS.strip()).encode()).hexdigest() == entry["commitment"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entry", "plans.publish", "plans.import"),
        ("entry", '"position": 3', '"position": 2'),
        ("checkpoint", "\n3\n", "\n2\n"),
        ("earlier", "\n2\n", "\n1\n"),
    ],
)
def test_the_program_in_the_guide_detects_changes(tmp_path: Path, name: str, old: str, new: str) -> None:
    assert old in EXAMPLE[name]
    completed = run(tmp_path / "outside", **EXAMPLE | {name: EXAMPLE[name].replace(old, new)})
    assert completed.returncode == 1


def checkpoints_before_and_after_changes(authority: Authority, by: User) -> tuple[Checkpoint, Checkpoint]:
    earlier = checkpoints.issue(authority.id)
    for _ in range(3):
        with recording("plans.import", by=by, on=Subject("plan", uuid4(), authority.id)) as change:
            change.after = {}
    return earlier, checkpoints.issue(authority.id)


def test_the_program_in_the_guide_verifies_this_site(
    client: Client, calderdale: Authority, by: User, tmp_path: Path
) -> None:
    earlier, later = checkpoints_before_and_after_changes(calderdale, by)
    consistency = client.get(f"{R}consistency/", {"from": earlier.size, "to": later.size}).content.decode()
    for position in range(1, later.size + 1):
        completed = run(
            tmp_path / "outside",
            key=client.get("/record/key").content.decode(),
            earlier=earlier.note,
            checkpoint=client.get(f"{R}checkpoint").content.decode(),
            entry=client.get(f"{R}entries/{position}/").content.decode(),
            consistency=consistency,
        )
        assert (completed.returncode, completed.stderr) == (0, "")
        assert f"Entry {position} is in the signed record" in completed.stdout


def test_only_the_fingerprint_of_a_non_public_entry_is_published(
    client: Client, calderdale: Authority, by: User
) -> None:
    _earlier, later = checkpoints_before_and_after_changes(calderdale, by)
    public_or_not = set()
    for entry in Entry.objects.filter(chain=calderdale.id):
        proof = client.get(f"{R}entries/{entry.position}/").json()
        public_or_not.add(entry.action in public_sentences())
        assert set(proof) - {"entry"} == {"position", "leaf", "size", "root", "path"}
        assert ("entry" in proof) == (entry.action in public_sentences())
        assert (proof["leaf"], proof["size"]) == (entry.entry_hash, later.size)
        text = json.dumps(proof)
        assert str(entry.actor_id) not in text
        assert entry.blind not in text
        if entry.action not in public_sentences():
            for secret in (
                entry.action,
                str(entry.id),
                str(entry.subject_id),
                entry.commitment,
                f"{entry.at:%Y-%m-%d}",
            ):
                assert secret not in text
    assert public_or_not == {True, False}


def test_an_entry_is_not_available_before_a_checkpoint_covers_it(
    client: Client, calderdale: Authority, by: User
) -> None:
    earlier, later = checkpoints_before_and_after_changes(calderdale, by)
    with recording("plans.publish", by=by, on=Subject("plan", uuid4(), calderdale.id)) as change:
        change.after = {}
    assert client.get(f"{R}entries/{later.size + 1}/").status_code == 404
    assert client.get(f"{R}checkpoint").content.decode() == later.note
    assert "Its proof will be available when the record is next signed" in client.get(R).content.decode()
    assert client.get(f"{R}entries/1/", {"size": earlier.size}).json()["size"] == earlier.size
    assert client.get(f"{R}entries/{later.size}/", {"size": earlier.size}).status_code == 404


@pytest.mark.parametrize("position", ["0", "-1", "x", "1e3", "9" * 17, "9" * 30, "٣"])
def test_an_invalid_position_is_not_found(client: Client, db, position: str) -> None:
    assert client.get(f"{R}entries/{position}/").status_code == 404


@pytest.mark.parametrize("size", ["", "0", "-1", "x", "9" * 17, "9" * 30, "٣", "1\x00"])
def test_a_size_that_was_not_signed_is_refused(client: Client, db, size: str) -> None:
    for address, query in (
        ("entries/1/", {"size": size}),
        ("consistency/", {"from": size}),
        ("consistency/", {"to": size}),
    ):
        response = client.get(f"{R}{address}", query)
        assert response.status_code == 400


def test_consistency_can_only_be_asked_from_a_smaller_to_a_larger_size(
    client: Client, calderdale: Authority, by: User
) -> None:
    earlier, later = checkpoints_before_and_after_changes(calderdale, by)
    response = client.get(f"{R}consistency/", {"from": later.size, "to": earlier.size})
    assert (response.status_code, response.json()) == (400, {"error": "“from” must not be larger than “to”."})


def test_the_public_page_shows_only_public_entries(client: Client, calderdale: Authority, by: User) -> None:
    page = client.get(R).content.decode()
    assert "Figures were published." in page
    assert "Workforce representation, 2019 to 2026</a>" in page
    assert "The authority was added to this site." in page
    for private_word in ("draft", "approved", "imported", "hidden below 5", "Command on the server"):
        assert private_word not in page
    assert page.index("Figures were published") < page.index("The authority was added")


def test_an_authority_without_public_entries(client: Client, db) -> None:
    bare = Authority.objects.create(
        slug="bare", name="Bare", kind="metropolitan_district", area_code="E99999999", area_name="B"
    )
    slugs.reserve("authorities", "bare", bare.id)
    page = client.get("/authorities/bare/record/").content.decode()
    assert "Bare has no public entries yet" in page
    assert "There is nothing to check yet" in page
    for path in ("checkpoint", "entries/1/", "consistency/"):
        assert client.get(f"/authorities/bare/record/{path}").status_code == 404


def test_a_long_record_is_paged(client: Client, calderdale: Authority, by: User) -> None:
    for number in range(60):
        with recording("plans.publish", by=by, on=Subject("plan", uuid4(), calderdale.id)) as change:
            change.after = {"number": number}
    first, second = (client.get(R, {"page": page}).content.decode() for page in ("1", "2"))
    assert first.count("A plan was published.") == 50
    assert (second.count("A plan was published."), second.count("Page 2 of 2")) == (10, 1)
    for invalid_page in ("0", "-1", "x", "9" * 30):
        assert client.get(R, {"page": invalid_page}).status_code == 200


def test_the_key_is_created_once_and_readable_only_by_its_owner(settings, tmp_path: Path) -> None:
    assert public_pem() == public_pem()
    assert (tmp_path / "ledger_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "ledger" in path.name] == ["ledger_key"]


def test_a_key_in_the_settings_is_used(settings, tmp_path: Path) -> None:
    settings.EVENHAND_LEDGER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert public_pem() == KEY
    assert not (tmp_path / "ledger_key").exists()


def test_one_checkpoint_is_issued_for_each_size(calderdale: Authority, by: User) -> None:
    first, again = checkpoints.issue(calderdale.id), checkpoints.issue(calderdale.id)
    assert first == again
    assert notes.read(first.note).size == first.size
    count = checkpoints.issue_all()
    assert count == Entry.objects.values("chain").distinct().count() == Checkpoint.objects.count()
