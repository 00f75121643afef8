"""The staff's pages of figures: what is held, taking a file in, and nobody but the analyst seeing a count."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.evidence.models import Snapshot
from evenhand.ledger.models import Entry
from staff_pages import of_the_cast, words

NEW = "/work/calderdale-council/new-figures/"
FIGURES = "/work/calderdale-council/figures/"
HEAD = "published,organisation,employees,gender_female,gender_male\n"


@pytest.fixture
def analyst(db) -> Client:
    return of_the_cast(Role.ANALYST)


def send(client: Client, content: str, source: str = "", follow: bool = False):
    sent = {"file": SimpleUploadedFile("counts.csv", content.encode())}
    if source:
        sent["source"] = SimpleUploadedFile("counts.source.toml", source.encode())
    return client.post(NEW, sent, follow=follow)


def test_a_file_is_taken_in_once(analyst: Client) -> None:
    file = f"{HEAD}2031,Calderdale Council,300,200,100\n"
    assert "1 year was taken in." in words(send(analyst, file, follow=True))
    assert "1 year is held already, with the same figures." in words(send(analyst, file, follow=True))
    assert Snapshot.objects.get(year=2031).imported_by.email == "analyst@calderdale-council.example"
    assert "2031" in words(analyst.get(FIGURES))


@pytest.mark.parametrize(
    ("content", "source", "says"),
    [
        (f"{HEAD}2031,Calderdale Council,300,many,100\n", "", "Row 2, column gender_female"),
        (f"{HEAD}2031,Atlantis Council,300,200,100\n", "", "No authority is called “Atlantis Council” here."),
        (f"{HEAD}2026,Calderdale Council,300,200,100\n", "", "is already held for Calderdale Council with other"),
        ("", "", "1 thing is wrong with counts.csv"),
        ("%PDF-1.7", "", "wrong with counts.csv"),
        (f"{HEAD}2031,Calderdale Council,300,200,100\n", "title = ", "wrong with counts.source.toml"),
    ],
)
def test_a_broken_file_is_refused_whole_and_each_fault_named(
    analyst: Client, content: str, source: str, says: str
) -> None:
    held, entries = Snapshot.objects.count(), Entry.objects.count()
    response = send(analyst, content, source)
    assert response.status_code == 200
    assert says in words(response)
    assert (Snapshot.objects.count(), Entry.objects.count()) == (held, entries)


def test_a_file_that_is_too_large_is_not_read(analyst: Client, settings) -> None:
    settings.EVENHAND_LARGEST_FILE_BYTES = 1_000_000
    assert "larger than 1 MB" in words(send(analyst, HEAD + "x" * 1_000_001))


def test_the_figures_of_another_authority_are_not_taken_in(analyst: Client) -> None:
    response = send(analyst, f"{HEAD}2031,Leeds City Council,300,200,100\n")
    assert (response.status_code, "may not import evidence at Leeds City Council" in words(response)) == (403, True)
    assert not Snapshot.objects.filter(year=2031).exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OFFICER, Role.APPROVER])
def test_the_list_shows_no_figure_and_leads_to_none(db, role: Role) -> None:
    response = of_the_cast(role).get(FIGURES)
    said = words(response)
    assert "Command on the server" in said
    assert "2,779" not in said
    assert "/figures/workforce/" not in response.content.decode()


def test_an_unprotected_table_is_the_counts_as_they_are(analyst: Client) -> None:
    said = words(analyst.get(f"{FIGURES}workforce/2026/religion/"))
    assert "Not protected: do not pass this on." in said
    assert re.search(r"Sikh 5 ", said)
    assert "The source gives no figure for: Jewish" in said


def test_where_nothing_is_held_the_page_says_who_takes_it_in(db) -> None:
    officer, analyst = (of_the_cast(role, "wirral-council") for role in (Role.OFFICER, Role.ANALYST))
    assert "Someone with the role Analyst takes them in." in words(officer.get("/work/wirral-council/figures/"))
    assert "Take in a file of counts" in words(analyst.get("/work/wirral-council/figures/"))
