"""Invalid files given to the import commands: a clear error that names the place, and nothing stored."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from evenhand.authorities.models import Authority
from evenhand.evidence.models import Count, Dataset, Snapshot
from evenhand.ledger.models import Entry, Payload
from evenhand.plans.models import NodeClause, Plan, PlanNode
from evenhand.records.models import TakenSlug

pytestmark = pytest.mark.usefixtures("in_production")

STORED_MODELS = (Authority, Count, Dataset, Snapshot, Entry, Payload, NodeClause, Plan, PlanNode, TakenSlug)

HEAD = "published,organisation,employees,gender_female,gender_male\n"
ROW = "2031,Calderdale Council,100,60,40\n"
COUNTS = {
    "cut off": (f"{HEAD}{ROW}2032,Calderdale".encode(), "row 3"),
    "malformed": (f'{HEAD}{ROW}2032,"Calderdale Council,100,60,40\n'.encode(), "row 3"),
    "wrong encoding": (f"{HEAD}{ROW}2032,Caldérdale,100,60,40\n".encode("latin-1"), "row 3"),
    "parts above the total": (f"{HEAD}{ROW}{ROW.replace('2031', '2032').replace('60', '61')}".encode(), "row 3"),
    "negative": (f"{HEAD}{ROW.replace('60', '-60')}".encode(), "row 2, column gender_female"),
    "fractional": (f"{HEAD}{ROW.replace('60', '59.5')}".encode(), "row 2, column gender_female"),
    "unknown category": (f"{HEAD.replace('gender_male', 'gender_robot')}{ROW}".encode(), "column gender_robot"),
    "duplicate year": (f"{HEAD}{ROW}{ROW}".encode(), "row 3, column published"),
    "formula": (f"{HEAD}{ROW.replace('60', '=60')}".encode(), "row 2, column gender_female"),
    "empty": (b"", "The file is empty"),
    "wrong type": (b"PK\x03\x04" + b"\x00" * 100, "Excel workbook"),
    "unknown organisation": (f"{HEAD}{ROW.replace('Calderdale', 'Nowhere')}".encode(), "row 2, column organisation"),
    "already stored with other figures": (
        f"{HEAD}2026,Calderdale Council,100,60,40\n".encode(),
        "row 2, column published",
    ),
}
PLAN_HEAD = "format: evenhand-plan/1\nauthority: calderdale-council\nslug: x\ntitle: X\nstatus: draft\n"
PLANS = {
    "bomb": (b"a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "line 1"),
    "wrong type": (b"PK\x03\x04" + b"\x00" * 100, "Nothing was imported"),
    "empty": (b"", "Nothing was imported"),
    "wrong encoding": ("title: Égalité\n".encode("latin-1"), "line 1"),
    "cut off": ((PLAN_HEAD + 'nodes:\n  - kind: "objective').encode(), "line 7"),
    "no nodes": (PLAN_HEAD.encode(), "nodes"),
}


def row_counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in STORED_MODELS}


@pytest.mark.parametrize("kind", COUNTS)
def test_invalid_counts_store_nothing(db, file_roots: dict[str, Path], tmp_path: Path, kind: str) -> None:
    data, place = COUNTS[kind]
    assert_refused(tmp_path / "counts.csv", data, place, file_roots, "evidence", "import")


@pytest.mark.parametrize("kind", PLANS)
def test_an_invalid_plan_stores_nothing(db, file_roots: dict[str, Path], tmp_path: Path, kind: str) -> None:
    data, place = PLANS[kind]
    assert_refused(tmp_path / "plan.yaml", data, place, file_roots, "plan", "import")


def assert_refused(file: Path, data: bytes, place: str, roots: dict[str, Path], *command: str) -> None:
    file.write_bytes(data)
    before = row_counts(), sorted(roots["private"].rglob("*"))
    with pytest.raises(CommandError) as error:
        call_command(*command, str(file), stdout=StringIO(), stderr=StringIO())
    assert place in str(error.value)
    assert file.name in str(error.value)
    assert (row_counts(), sorted(roots["private"].rglob("*"))) == before


@pytest.mark.parametrize("command", ["evidence", "plan"])
@pytest.mark.parametrize(
    ("path", "message"),
    [("nowhere.csv", "there is no such file"), (".", "is not a file"), ("/dev/zero", "is not a file")],
)
def test_a_path_that_is_not_a_file(db, command: str, path: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command(command, "import", path, stdout=StringIO(), stderr=StringIO())


SOURCE = 'publisher = "{}"\n[[not_comparable]]\norganisation = "{}"\ncharacteristic = "religion"\n'
REASON = 'category = "other"\nreason = "{}"\n'


def write_counts_and_source(tmp_path: Path, publisher: str, organisation: str, reason: str) -> str:
    (tmp_path / "counts.csv").write_text(HEAD + ROW.replace("Calderdale Council", "Liverpool City Council"))
    text = (SOURCE + REASON).format(publisher, organisation, reason)
    (tmp_path / "counts.source.toml").write_text(text)
    return str(tmp_path / "counts.csv")


def test_a_source_description_may_add_but_not_contradict(db, tmp_path: Path) -> None:
    streams = {"stdout": StringIO(), "stderr": StringIO()}
    file = write_counts_and_source(tmp_path, "The council", "Liverpool City Council", "Other people.")
    (tmp_path / "counts.source.toml").rename(tmp_path / "later.toml")
    call_command("evidence", "import", file, **streams)
    dataset = Dataset.objects.get(authority__slug="liverpool-city-council")
    assert (dataset.publisher, dataset.comparability_notes.count()) == ("", 0)
    call_command("evidence", "import", file, "--source", str(tmp_path / "later.toml"), **streams)
    dataset.refresh_from_db()
    assert (dataset.publisher, dataset.comparability_notes.get().reason) == ("The council", "Other people.")
    assert Entry.objects.filter(action="evidence.describe", subject_id=dataset.id).count() == 2
    for publisher, reason in (("Another", "Other people."), ("The council", "Another reason.")):
        write_counts_and_source(tmp_path, publisher, "Liverpool City Council", reason)
        with pytest.raises(CommandError, match="A stored description can't be replaced"):
            call_command("evidence", "import", file, **streams)


def test_a_comparability_note_applies_to_the_organisation_that_it_names(db, tmp_path: Path) -> None:
    file = write_counts_and_source(tmp_path, "The council", "Liverpool City Council", "Other people.")
    region = "Liverpool City Region Combined Authority"
    (tmp_path / "counts.csv").write_text(
        HEAD + ROW.replace("Calderdale Council", region) + ROW.replace("Calderdale Council", "Liverpool City Council")
    )
    call_command("evidence", "import", file, stdout=StringIO(), stderr=StringIO())
    notes = {dataset.authority.name: dataset.comparability_notes.count() for dataset in Dataset.objects.all()}
    assert (notes["Liverpool City Council"], notes[region]) == (1, 0)


def test_a_comparability_note_for_an_unknown_organisation_is_refused(db, tmp_path: Path) -> None:
    file = write_counts_and_source(tmp_path, "The council", "Liverpol City Council", "Other people.")
    with pytest.raises(CommandError, match="names “Liverpol City Council”, which is not in the file"):
        call_command("evidence", "import", file, stdout=StringIO(), stderr=StringIO())


def test_different_months_of_a_year_are_different_figures(db, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(HEAD + ROW.replace("2031", "2031-04"))
    call_command("evidence", "import", str(file), stdout=StringIO(), stderr=StringIO())
    file.write_text(HEAD + ROW.replace("2031", "2031-10"))
    with pytest.raises(CommandError, match=r"different figures for Calderdale Council in 2031 \(published\)"):
        call_command("evidence", "import", str(file), stdout=StringIO(), stderr=StringIO())


def test_importing_twice_changes_nothing(db, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(HEAD + ROW)
    call_command("evidence", "import", str(file), stdout=StringIO(), stderr=StringIO())
    before = row_counts()
    output = StringIO()
    call_command("evidence", "import", str(file), stdout=output, stderr=StringIO())
    assert row_counts() == before
    assert "Already imported, with the same figures: Calderdale Council" in output.getvalue()


def test_a_missing_source_description_is_reported(db, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text(HEAD + ROW.replace("Calderdale Council", "Liverpool City Council"))
    errors = StringIO()
    call_command("evidence", "import", str(file), stdout=StringIO(), stderr=errors)
    assert "Liverpool City Council: the publisher and the licence of the figures must be stated" in errors.getvalue()
