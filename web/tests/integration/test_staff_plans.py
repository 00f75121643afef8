"""The staff pages of plans: upload with every problem listed, the check, and publication."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.ledger.models import Entry
from evenhand.plans import queries
from evenhand.plans.example import example_text
from evenhand.plans.models import Plan
from evenhand.plans.reading import MAX_BYTES
from evenhand.records import slugs
from evenhand.records.identity import new_id
from support.staff_pages import cast_client, main_text

W = "/work/exampleton-city-council-invented/"
NEW = f"{W}new-plan/"
DRAFT = f"{W}plans/made-up-example/"
PLAN = """format: evenhand-plan/1
authority: exampleton-city-council-invented
slug: example
title: Example objectives
status: draft
source: {title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}
nodes:
  - {kind: objective, ref: "1", wording: To be <b>fair</b>}
"""


@pytest.fixture
def cast(db) -> Callable[[Role], Client]:
    return cast_client


@pytest.fixture
def officer(cast: Callable[[Role], Client]) -> Client:
    return cast(Role.OFFICER)


def plan_file(content: bytes | str, name: str = "plan.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_a_check_stores_nothing_and_an_upload_stores_a_draft(officer: Client, client: Client) -> None:
    plans_before = Plan.objects.count()
    checked = officer.post(NEW, {"file": plan_file(PLAN), "check": "yes"})
    assert "“Example objectives” is ready to upload" in main_text(checked)
    assert "The objective does not say how it would be measured." in main_text(checked)
    assert escape(PLAN) in checked.content.decode(), "the text is in the box"
    assert Plan.objects.count() == plans_before
    uploaded = officer.post(NEW, {"text": PLAN, "keep": "yes"}, follow=True)
    assert "has been uploaded as a draft" in main_text(uploaded)
    assert "To be &lt;b&gt;fair&lt;/b&gt;" in main_text(uploaded)
    assert client.get("/authorities/exampleton-city-council-invented/plans/example/").status_code == 404
    again = officer.post(NEW, {"file": plan_file(PLAN), "keep": "yes"}, follow=True)
    assert "has been uploaded before, with the same text" in main_text(again)
    other = officer.post(NEW, {"text": PLAN.replace("To be", "To become"), "keep": "yes"})
    assert (
        "Exampleton City Council (invented) already has a plan with the slug “example” and a different text"
        in main_text(other)
    )
    assert Plan.objects.count() == plans_before + 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("title: Example objectives", "titel: Example objectives"), "Line 4, column 1 (titel)"),
        (("status: draft", "status: perhaps"), "Line 5, column 9"),
        (
            ("exampleton-city-council-invented", "exampleton-combined-authority-invented"),
            "but you are uploading it for “exampleton-city-council-invented”",
        ),
        (
            ("exampleton-city-council-invented", "nowhere"),
            "but you are uploading it for “exampleton-city-council-invented”",
        ),
        (("status: draft", "status:\tdraft\n\tx: y"), "Line 5"),
    ],
)
def test_an_invalid_file_lists_each_problem_and_shows_its_text(
    officer: Client, change: tuple[str, str], message: str
) -> None:
    counts_before = (Plan.objects.count(), Entry.objects.count())
    broken = PLAN.replace(*change)
    for data in ({"file": plan_file(broken)}, {"text": broken}):
        response = officer.post(NEW, {**data, "keep": "yes"})
        assert response.status_code == 200
        assert message in main_text(response)
        assert "<title>Error: Upload a plan" in response.content.decode()
        assert change[1].split("\n")[0] in response.content.decode()
    assert (Plan.objects.count(), Entry.objects.count()) == counts_before


def test_a_problem_is_shown_with_its_line(officer: Client) -> None:
    text = main_text(officer.post(NEW, {"text": PLAN.replace("status: draft", "status: perhaps"), "check": "yes"}))
    assert "Line 5, column 9 (status) : “perhaps” is not one of the options." in text
    assert "status: perhaps The plan" not in text
    assert text.count("status: perhaps") == 2  # under the problem, and in the box


def archive(*names: str, first: tuple[str, str] = ("", "")) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as zip_file:
        for name, text in (first, *((name, "x" * 10) for name in names)):
            if name:
                zip_file.writestr(name, text)
    return content.getvalue()


ODT = "application/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive("[Content_Types].xml", "word/document.xml"), "a Word document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook"),
        (archive("content.xml", first=("mimetype", ODT)), "an OpenDocument text (LibreOffice Writer)"),
        (b"\xd0\xcf\x11\xe0" + "WordDocument\0".encode("utf-16-le"), "a Word document"),
        (b"\xd0\xcf\x11\xe0" + "Workbook\0".encode("utf-16-le"), "an Excel workbook"),
        (archive("word/document.xml", first=("word/media/a.png", "x" * MAX_BYTES)), "a Word document"),
        (archive("word/document.xml")[:60], "a ZIP archive, or a Word, Excel or OpenDocument file"),
        (b"%PDF-1.7" + b"\0" * MAX_BYTES, "a PDF"),
    ],
    ids=["docx", "xlsx", "odt", "doc", "xls", "large-docx", "cut-off", "pdf"],
)
def test_a_document_is_recognised_whatever_its_name_and_size(officer: Client, content: bytes, kind: str) -> None:
    response = officer.post(NEW, {"file": plan_file(content, "plan.yaml"), "text": "kept", "check": "yes"})
    text = main_text(response)
    assert f"this is {kind}, not a plan. Plans cannot be read from such a file." in text
    assert "must be smaller" not in text
    assert "See an example of a plan file" in text
    assert ">\nkept</textarea>" in response.content.decode()  # the box is not filled with the bytes of the file


def test_the_example_on_the_page_is_a_plan(officer: Client) -> None:
    example = example_text(EXAMPLE_AUTHORITY)
    assert escape(example) in officer.get(NEW).content.decode()
    assert "is ready to upload" in main_text(officer.post(NEW, {"text": example, "check": "yes"}))


def test_the_check_finds_what_the_upload_would_refuse(officer: Client) -> None:
    officer.post(NEW, {"text": PLAN, "keep": "yes"})
    other = PLAN.replace("To be", "To become")
    answers = [main_text(officer.post(NEW, {"text": other, button: "yes"})) for button in ("check", "keep")]
    for answer in answers:
        assert "already has a plan with the slug “example” and a different text" in answer
        assert "is ready to upload" not in answer
    authority = Authority.objects.get(slug=EXAMPLE_AUTHORITY)
    slugs.reserve(queries.namespace(authority), "former", new_id())
    former = PLAN.replace("slug: example", "slug: former")
    for button in ("check", "keep"):
        text = main_text(officer.post(NEW, {"text": former, button: "yes"}))
        assert "The slug “former” is, or has been, the address of another plan" in text
        assert "is ready to upload" not in text
    again = main_text(officer.post(NEW, {"text": PLAN, "check": "yes"}))
    assert "It has been uploaded before, with the same text." in again


def test_an_uploaded_plan_is_assigned_until_it_is_published(cast: Callable[[Role], Client], officer: Client) -> None:
    officer.post(NEW, {"text": PLAN, "keep": "yes"})
    assert "Example objectives" in main_text(officer.get(f"{W}assignments/"))
    assert "No work is assigned" not in main_text(officer.get(f"{W}assignments/"))
    cast(Role.APPROVER).post(f"{W}plans/example/publish/")
    assert "Example objectives" not in main_text(officer.get(f"{W}assignments/"))


BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "plan.yaml", "the file is empty"),
        (b"%PDF-1.7", "plan.yaml", "this is a PDF, not a plan"),
        (b"PK\x03\x04....", "plan.docx", "this is a ZIP archive"),
        ("plan".encode("utf-16"), "plan.yaml", "the file is saved as UTF-16"),
        (b"title: caf\xe9", "plan.yaml", "this character is not saved as UTF-8"),
        (b"title: a\x00b", "plan.yaml", "there is a control character here"),
        (b"a,b,c\n1,2,3\n", "plan.csv", "this looks like a table (CSV)"),
        (b"<html></html>", "plan.yaml", "this looks like a web page or XML"),
        (BOMB.encode(), "plan.yaml", "is an anchor"),
        (b"- " * 5_000, "plan.yaml", "nested more than"),
        (b"!!python/object/apply:os.system [id]", "plan.yaml", "is a tag"),
        (b"x: y\n" + b"# " * MAX_BYTES, "plan.yaml", "must be smaller than 1 MB"),
        (PLAN.encode(), "../../<script>.yaml", "is ready to upload"),
    ],
)
def test_a_file_that_is_not_a_plan_is_refused_with_a_message(
    officer: Client, content: bytes, name: str, message: str
) -> None:
    plans_before = Plan.objects.count()
    response = officer.post(NEW, {"file": plan_file(content, name), "check": "yes"})
    assert response.status_code == 200
    assert message in main_text(response)
    assert "<script>" not in response.content.decode()
    assert Plan.objects.count() == plans_before


def test_an_empty_form_asks_for_a_file_or_text(officer: Client) -> None:
    assert "Choose a file or paste the text of the plan." in main_text(officer.post(NEW))


def test_a_long_list_of_problems_is_shortened(officer: Client) -> None:
    many = PLAN + "".join(f"odd{n}: 1\n" for n in range(200))
    text = main_text(officer.post(NEW, {"text": many}))
    assert "The plan has 200 problems." in text
    assert "There are 150 more problems." in text


def test_publishing_asks_for_confirmation_and_happens_once(cast: Callable[[Role], Client], client: Client) -> None:
    approver, public = cast(Role.APPROVER), "/authorities/exampleton-city-council-invented/plans/made-up-example/"
    assert "Publish this plan" in main_text(approver.get(DRAFT))
    assert "You cannot undo this" in main_text(approver.get(f"{DRAFT}publish/"))
    assert client.get(public).status_code == 404
    assert "Anyone can read it now" in main_text(approver.post(f"{DRAFT}publish/", follow=True))
    assert "Nothing was changed" in main_text(approver.post(f"{DRAFT}publish/", follow=True))
    assert "Nothing was changed" in main_text(approver.get(f"{DRAFT}publish/", follow=True))
    assert client.get(public).status_code == 200
    plan = Plan.objects.get(slug="made-up-example")
    assert Entry.objects.filter(subject_id=plan.id, action="plans.publish").count() == 1


def test_an_officer_who_submits_the_publish_form_is_refused(officer: Client) -> None:
    response = officer.post(f"{DRAFT}publish/")
    assert (response.status_code, "You need the Approver role" in main_text(response)) == (403, True)
    assert Plan.objects.get(slug="made-up-example").published_at is None
    assert "Publish this plan" not in main_text(officer.get(DRAFT))


def test_a_draft_is_listed_for_people_who_may_see_drafts(cast: Callable[[Role], Client]) -> None:
    assert "A made-up example" in main_text(cast(Role.VIEWER).get(f"{W}plans/"))
    assert "A made-up example" not in main_text(cast(Role.SCRUTINY).get(f"{W}plans/"))
    assert "Equality objectives of" in main_text(cast(Role.SCRUTINY).get(f"{W}plans/"))


def test_the_document_of_a_published_plan_is_cached(db, django_assert_num_queries) -> None:
    plan = Plan.objects.select_related("authority").get(slug="equality-objectives")
    first = queries.document(plan)
    with django_assert_num_queries(0):
        assert queries.document(plan) is first
    draft = Plan.objects.select_related("authority").get(slug="made-up-example")
    assert queries.document(draft) is not queries.document(draft)


def test_the_document_has_the_new_slug_of_its_authority(db) -> None:
    plan = Plan.objects.select_related("authority").get(slug="equality-objectives")
    queries.document(plan)
    Authority.objects.filter(id=plan.authority_id).update(slug="lcrca")
    moved = Plan.objects.select_related("authority").get(id=plan.id)
    assert queries.document(moved).authority == "lcrca"
