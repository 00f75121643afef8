"""An outsider with Python and `cryptography`, who follows docs/how-to/verify-the-record.md to the letter."""

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
from evenhand.public.record import SENTENCES
from evenhand.records import slugs

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "verify-the-record.md"
TEXT = PAGE.read_text()
BLOCKS = re.findall(r"^```\n(.*?)^```$", TEXT, re.M | re.S)
KEY, EARLIER, CHECKPOINT, ENTRY, CONSISTENCY, PROGRAM, SAYS, CANONICAL, SAID = BLOCKS
R = "/authorities/calderdale-council/record/"


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path: Path) -> None:
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


def test_the_example_on_the_page_is_true(tmp_path: Path) -> None:
    done = run(tmp_path / "outside", **EXAMPLE)
    assert (done.stdout, done.stderr) == (SAYS, "")
    entry = json.loads(ENTRY)["entry"]
    said = {name: value for name, value in entry.items() if name not in ("position", "previous")}
    assert form.canonical(said, entry["position"], entry["previous"]).decode() == CANONICAL.strip()
    assert set(entry) == set(re.findall(r"`(\w+)`", TEXT[TEXT.index("1. **An entry**") : TEXT.index("2. **Its")])) - {
        "null"
    } | {"form"}
    (salt,) = re.findall(r"the salt is `([0-9a-f]{64})`", TEXT)
    assert hashlib.sha256((salt + SAID.strip()).encode()).hexdigest() == entry["commitment"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entry", "plans.publish", "plans.import"),
        ("entry", '"position": 3', '"position": 2'),
        ("checkpoint", "\n3\n", "\n2\n"),
        ("earlier", "\n2\n", "\n1\n"),
    ],
)
def test_the_program_on_the_page_sees_what_was_changed(tmp_path: Path, name: str, old: str, new: str) -> None:
    assert old in EXAMPLE[name]
    done = run(tmp_path / "outside", **EXAMPLE | {name: EXAMPLE[name].replace(old, new)})
    assert done.returncode == 1


def grown(authority: Authority, by: User) -> tuple[Checkpoint, Checkpoint]:
    earlier = checkpoints.issue(authority.id)
    for _ in range(3):
        with recording("plans.import", by=by, on=Subject("plan", uuid4(), authority.id)) as change:
            change.after = {}
    return earlier, checkpoints.issue(authority.id)


def test_the_program_on_the_page_goes_over_this_site(
    client: Client, calderdale: Authority, by: User, tmp_path: Path
) -> None:
    earlier, later = grown(calderdale, by)
    growth = client.get(f"{R}consistency/", {"from": earlier.size, "to": later.size}).content.decode()
    for position in range(1, later.size + 1):
        done = run(
            tmp_path / "outside",
            key=client.get("/record/key").content.decode(),
            earlier=earlier.note,
            checkpoint=client.get(f"{R}checkpoint").content.decode(),
            entry=client.get(f"{R}entries/{position}/").content.decode(),
            consistency=growth,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert f"Entry {position} is in it" in done.stdout


def test_an_entry_about_what_is_not_public_is_a_fingerprint_alone(
    client: Client, calderdale: Authority, by: User
) -> None:
    _earlier, later = grown(calderdale, by)
    seen = set()
    for entry in Entry.objects.filter(chain=calderdale.id):
        answer = client.get(f"{R}entries/{entry.position}/").json()
        seen.add(entry.action in SENTENCES)
        assert set(answer) - {"entry"} == {"position", "leaf", "size", "root", "path"}
        assert ("entry" in answer) == (entry.action in SENTENCES)
        assert (answer["leaf"], answer["size"]) == (entry.entry_hash, later.size)
        text = json.dumps(answer)
        assert str(entry.actor_id) not in text
        assert entry.blind not in text
        if entry.action not in SENTENCES:
            for secret in (
                entry.action,
                str(entry.id),
                str(entry.subject_id),
                entry.commitment,
                f"{entry.at:%Y-%m-%d}",
            ):
                assert secret not in text
    assert seen == {True, False}


def test_what_no_statement_covers_is_not_there_yet(client: Client, calderdale: Authority, by: User) -> None:
    earlier, later = grown(calderdale, by)
    with recording("plans.publish", by=by, on=Subject("plan", uuid4(), calderdale.id)) as change:
        change.after = {}
    assert client.get(f"{R}entries/{later.size + 1}/").status_code == 404
    assert client.get(f"{R}checkpoint").content.decode() == later.note
    assert "Its proof follows when the record is next signed" in client.get(R).content.decode()
    assert client.get(f"{R}entries/1/", {"size": earlier.size}).json()["size"] == earlier.size
    assert client.get(f"{R}entries/{later.size}/", {"size": earlier.size}).status_code == 404


@pytest.mark.parametrize("position", ["0", "-1", "x", "1e3", "9" * 17, "9" * 30, "٣"])
def test_a_position_that_is_none_is_not_found(client: Client, db, position: str) -> None:
    assert client.get(f"{R}entries/{position}/").status_code == 404


@pytest.mark.parametrize("size", ["", "0", "-1", "x", "9" * 17, "9" * 30, "٣", "1\x00"])
def test_a_size_that_was_not_signed_is_refused(client: Client, db, size: str) -> None:
    for address, query in (
        ("entries/1/", {"size": size}),
        ("consistency/", {"from": size}),
        ("consistency/", {"to": size}),
    ):
        answer = client.get(f"{R}{address}", query)
        assert answer.status_code == 400


def test_a_record_does_not_shrink(client: Client, calderdale: Authority, by: User) -> None:
    earlier, later = grown(calderdale, by)
    answer = client.get(f"{R}consistency/", {"from": later.size, "to": earlier.size})
    assert (answer.status_code, answer.json()) == (400, {"error": "“from” is larger than “to”."})


def test_the_public_page_says_what_is_public_and_nothing_else(client: Client, calderdale: Authority, by: User) -> None:
    page = client.get(R).content.decode()
    assert "Figures were published." in page
    assert "Workforce representation, 2019 to 2026</a>" in page
    assert "The authority was added to this site." in page
    for hidden in ("draft", "approved", "imported", "hidden below 5", "Command on the server"):
        assert hidden not in page
    assert page.index("Figures were published") < page.index("The authority was added")


def test_an_authority_without_a_record_says_so(client: Client, db) -> None:
    bare = Authority.objects.create(
        slug="bare", name="Bare", kind="metropolitan_district", area_code="E99999999", area_name="B"
    )
    slugs.take("authorities", "bare", bare.id)
    page = client.get("/authorities/bare/record/").content.decode()
    assert "Nothing about public things of Bare is recorded here yet" in page
    assert "There is nothing to check yet" in page
    for rest in ("checkpoint", "entries/1/", "consistency/"):
        assert client.get(f"/authorities/bare/record/{rest}").status_code == 404


def test_a_long_record_is_paged(client: Client, calderdale: Authority, by: User) -> None:
    for number in range(60):
        with recording("plans.publish", by=by, on=Subject("plan", uuid4(), calderdale.id)) as change:
            change.after = {"number": number}
    first, second = (client.get(R, {"page": page}).content.decode() for page in ("1", "2"))
    assert first.count("A plan was published.") == 50
    assert (second.count("A plan was published."), second.count("Page 2 of 2")) == (10, 1)
    for odd in ("0", "-1", "x", "9" * 30):
        assert client.get(R, {"page": odd}).status_code == 200


def test_the_key_is_made_once_and_for_this_user_alone(settings, tmp_path: Path) -> None:
    assert public_pem() == public_pem()
    assert (tmp_path / "ledger_key").stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if "ledger" in each.name] == ["ledger_key"]


def test_a_key_that_is_given_is_the_key(settings, tmp_path: Path) -> None:
    settings.EVENHAND_LEDGER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    assert public_pem() == KEY
    assert not (tmp_path / "ledger_key").exists()


def test_a_statement_is_issued_once_for_a_size(calderdale: Authority, by: User) -> None:
    first, again = checkpoints.issue(calderdale.id), checkpoints.issue(calderdale.id)
    assert first == again
    assert notes.read(first.note).size == first.size
    count = checkpoints.issue_all()
    assert count == Entry.objects.values("chain").distinct().count() == Checkpoint.objects.count()
