"""The staff's pages of plans: taking one in with every fault named, its check, and publishing it for good."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.ledger.models import Entry
from evenhand.plans import queries
from evenhand.plans.models import Plan
from evenhand.plans.reading import LARGEST
from staff_pages import of_the_cast, words

W = "/work/calderdale-council/"
NEW = f"{W}new-plan/"
DRAFT = f"{W}plans/made-up-example/"
PLAN = """format: evenhand-plan/1
authority: calderdale-council
slug: example
title: Example objectives
status: draft
source: {title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}
nodes:
  - {kind: objective, ref: "1", wording: To be <b>fair</b>}
"""


@pytest.fixture
def cast(db) -> Callable[[Role], Client]:
    return of_the_cast


@pytest.fixture
def officer(cast: Callable[[Role], Client]) -> Client:
    return cast(Role.OFFICER)


def file(content: bytes | str, name: str = "plan.yaml") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_checking_keeps_nothing_and_keeping_makes_a_draft(officer: Client, client: Client) -> None:
    held = Plan.objects.count()
    checked = officer.post(NEW, {"file": file(PLAN), "check": "yes"})
    assert "“Example objectives” can be taken in" in words(checked)
    assert "No objective says how it would be measured." in words(checked)
    assert escape(PLAN) in checked.content.decode(), "the text stands in the box"
    assert Plan.objects.count() == held
    kept = officer.post(NEW, {"text": PLAN, "keep": "yes"}, follow=True)
    assert "is taken in as a draft" in words(kept)
    assert "To be &lt;b&gt;fair&lt;/b&gt;" in words(kept)
    assert client.get("/authorities/calderdale-council/plans/example/").status_code == 404
    again = officer.post(NEW, {"file": file(PLAN), "keep": "yes"}, follow=True)
    assert "is held already, with the same words" in words(again)
    other = officer.post(NEW, {"text": PLAN.replace("To be", "To become"), "keep": "yes"})
    assert "is held already for Calderdale Council, with other words" in words(other)
    assert Plan.objects.count() == held + 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("title: Example objectives", "titel: Example objectives"), "Line 4, column 1 (titel)"),
        (("status: draft", "status: perhaps"), "Line 5, column 9"),
        (("calderdale-council", "leeds-city-council"), "this page takes in plans of “calderdale-council” alone"),
        (("calderdale-council", "nowhere"), "this page takes in plans of “calderdale-council” alone"),
        (("status: draft", "status:\tdraft\n\tx: y"), "Line 5"),
    ],
)
def test_a_broken_file_names_each_fault_and_leaves_its_text_to_be_mended(
    officer: Client, change: tuple[str, str], says: str
) -> None:
    held, entries = Plan.objects.count(), Entry.objects.count()
    broken = PLAN.replace(*change)
    for sent in ({"file": file(broken)}, {"text": broken}):
        response = officer.post(NEW, {**sent, "keep": "yes"})
        assert response.status_code == 200
        assert says in words(response)
        assert change[1].split("\n")[0] in response.content.decode()
    assert (Plan.objects.count(), Entry.objects.count()) == (held, entries)


BOMB = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(50))


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "plan.yaml", "the file is empty"),
        (b"%PDF-1.7", "plan.yaml", "this is a PDF, not a plan"),
        (b"PK\x03\x04....", "plan.docx", "this is a ZIP archive"),
        ("plan".encode("utf-16"), "plan.yaml", "the file is saved as UTF-16"),
        (b"title: caf\xe9", "plan.yaml", "this character is not saved as UTF-8"),
        (b"title: a\x00b", "plan.yaml", "a control character stands here"),
        (b"a,b,c\n1,2,3\n", "plan.csv", "this looks like a table (CSV)"),
        (b"<html></html>", "plan.yaml", "this looks like a web page or XML"),
        (BOMB.encode(), "plan.yaml", "is an anchor"),
        (b"- " * 5_000, "plan.yaml", "nested more than"),
        (b"!!python/object/apply:os.system [id]", "plan.yaml", "is a tag"),
        (b"x: y\n" + b"# " * LARGEST, "plan.yaml", "larger than 1 MB"),
        (PLAN.encode(), "../../<script>.yaml", "can be taken in"),
    ],
)
def test_what_is_no_plan_is_refused_in_words(officer: Client, content: bytes, name: str, says: str) -> None:
    held = Plan.objects.count()
    response = officer.post(NEW, {"file": file(content, name), "check": "yes"})
    assert response.status_code == 200
    assert says in words(response)
    assert "<script>" not in response.content.decode()
    assert Plan.objects.count() == held


def test_nothing_sent_is_asked_for(officer: Client) -> None:
    assert "Choose a file, or write the text below." in words(officer.post(NEW))


def test_a_list_of_faults_ends_somewhere(officer: Client) -> None:
    many = PLAN + "".join(f"odd{n}: 1\n" for n in range(200))
    said = words(officer.post(NEW, {"text": many}))
    assert "200 things are wrong with it" in said
    assert "And 150 more." in said


def test_publishing_asks_first_and_twice_is_once(cast: Callable[[Role], Client], client: Client) -> None:
    approver, public = cast(Role.APPROVER), "/authorities/calderdale-council/plans/made-up-example/"
    assert "Publish it" in words(approver.get(DRAFT))
    assert "It can't be undone" in words(approver.get(f"{DRAFT}publish/"))
    assert client.get(public).status_code == 404
    assert "anyone can read it now" in words(approver.post(f"{DRAFT}publish/", follow=True))
    assert "nothing was changed" in words(approver.post(f"{DRAFT}publish/", follow=True))
    assert "nothing was changed" in words(approver.get(f"{DRAFT}publish/", follow=True))
    assert client.get(public).status_code == 200
    plan = Plan.objects.get(slug="made-up-example")
    assert Entry.objects.filter(subject_id=plan.id, action="plans.publish").count() == 1


def test_an_officer_who_sends_the_form_all_the_same_is_refused(officer: Client) -> None:
    response = officer.post(f"{DRAFT}publish/")
    assert (response.status_code, "that takes the role Approver" in words(response)) == (403, True)
    assert Plan.objects.get(slug="made-up-example").published_at is None
    assert "Publish it" not in words(officer.get(DRAFT))


def test_a_draft_is_in_the_list_of_those_who_may_see_it(cast: Callable[[Role], Client]) -> None:
    assert "A made-up example" in words(cast(Role.VIEWER).get(f"{W}plans/"))
    assert "A made-up example" not in words(cast(Role.SCRUTINY).get(f"{W}plans/"))
    assert "No plan is published yet." in words(cast(Role.SCRUTINY).get(f"{W}plans/"))


def test_a_published_plan_is_put_together_once(db, django_assert_num_queries) -> None:
    plan = Plan.objects.select_related("authority").get(slug="equality-objectives")
    first = queries.document(plan)
    with django_assert_num_queries(0):
        assert queries.document(plan) is first
    draft = Plan.objects.select_related("authority").get(slug="made-up-example")
    assert queries.document(draft) is not queries.document(draft)


def test_a_plan_of_an_authority_that_has_moved_names_its_new_address(db) -> None:
    plan = Plan.objects.select_related("authority").get(slug="equality-objectives")
    queries.document(plan)
    Authority.objects.filter(id=plan.authority_id).update(slug="lcrca")
    moved = Plan.objects.select_related("authority").get(id=plan.id)
    assert queries.document(moved).authority == "lcrca"
