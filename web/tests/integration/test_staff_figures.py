"""Staff pages of figures: the list, uploading a file, and showing unprotected counts only to an analyst."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.demonstration.bodies import EXAMPLE_COMBINED_AUTHORITY
from evenhand.evidence.models import Snapshot
from evenhand.ledger.models import Entry
from support.staff_pages import cast_client, main_text

UPLOAD = "/work/exampleton-city-council-invented/new-figures/"
FIGURES = "/work/exampleton-city-council-invented/figures/"
HEAD = "published,organisation,employees,gender_female,gender_male\n"


@pytest.fixture
def analyst(db) -> Client:
    return cast_client(Role.ANALYST)


def upload(client: Client, content: str, source: str = "", follow: bool = False):
    data = {"file": SimpleUploadedFile("counts.csv", content.encode())}
    if source:
        data["source"] = SimpleUploadedFile("counts.source.toml", source.encode())
    return client.post(UPLOAD, data, follow=follow)


def test_a_file_is_imported_once(analyst: Client) -> None:
    file = f"{HEAD}2031,Exampleton City Council (invented),300,200,100\n"
    assert "1 year uploaded." in main_text(upload(analyst, file, follow=True))
    assert "1 year had been uploaded before, with the same figures." in main_text(upload(analyst, file, follow=True))
    assert Snapshot.objects.get(year=2031).imported_by.email == "analyst@exampleton-city-council-invented.example"
    assert "2031" in main_text(analyst.get(FIGURES))


@pytest.mark.parametrize(
    ("content", "source", "message"),
    [
        (f"{HEAD}2031,Exampleton City Council (invented),300,many,100\n", "", "Row 2, column gender_female"),
        (f"{HEAD}2031,Atlantis Council,300,200,100\n", "", "There is no authority called “Atlantis Council”."),
        (
            f"{HEAD}2026,Exampleton City Council (invented),300,200,100\n",
            "",
            "We already hold different figures for Exampleton City Council (invented)",
        ),
        ("", "", "There is 1 error in counts.csv"),
        ("%PDF-1.7", "", "error in counts.csv"),
        (f"{HEAD}2031,Exampleton City Council (invented),300,200,100\n", "title = ", "error in counts.source.toml"),
    ],
)
def test_a_file_with_errors_is_rejected_as_a_whole_and_each_error_is_shown(
    analyst: Client, content: str, source: str, message: str
) -> None:
    snapshots, entries = Snapshot.objects.count(), Entry.objects.count()
    response = upload(analyst, content, source)
    assert response.status_code == 200
    assert message in main_text(response)
    assert (Snapshot.objects.count(), Entry.objects.count()) == (snapshots, entries)


def test_a_file_that_is_too_large_is_rejected(analyst: Client, settings) -> None:
    settings.EVENHAND_LARGEST_FILE_BYTES = 1_000_000
    assert "must be smaller than 1 MB" in main_text(upload(analyst, HEAD + "x" * 1_000_001))


def test_the_figures_of_another_authority_are_not_imported(analyst: Client) -> None:
    response = upload(analyst, f"{HEAD}2031,Leeds City Council,300,200,100\n")
    assert (
        response.status_code,
        "You need the Analyst role at Leeds City Council to upload figures" in main_text(response),
    ) == (403, True)
    assert not Snapshot.objects.filter(year=2031).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.APPROVER])
def test_the_list_shows_no_figures_and_has_no_links_to_them(db, role: Role) -> None:
    response = cast_client(role).get(FIGURES)
    text = main_text(response)
    assert "Workforce analyst of" in text
    assert "1,874" not in text
    assert "/figures/workforce/" not in response.content.decode()


def test_an_unprotected_table_shows_the_true_counts(analyst: Client) -> None:
    text = main_text(analyst.get(f"{FIGURES}workforce/2026/religion/"))
    assert "Unprotected figures: do not share." in text
    assert re.search(r"Sikh 8 ", text)


def test_an_empty_list_says_who_can_upload_figures(db) -> None:
    officer, analyst = (cast_client(role, EXAMPLE_COMBINED_AUTHORITY) for role in (Role.OFFICER, Role.ANALYST))
    figures = f"/work/{EXAMPLE_COMBINED_AUTHORITY}/figures/"
    assert "You need the Analyst role to upload them." in main_text(officer.get(figures))
    assert "Upload a file of counts" in main_text(analyst.get(figures))
