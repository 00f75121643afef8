"""Figures from a file to the public page through the staff pages, by three people, in a real browser."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.sign_in_sites import PASSWORD, Site, served

W = "/work/anywhere/"
ONE = f"{W}publications/workforce-2026/"
PUBLIC = "/authorities/anywhere/publications/workforce-2026/"
COUNTS = (
    "published,organisation,employees,gender_female,gender_male,religion_muslim,religion_no\n"
    "2026,Anywhere Council,300,200,100,7,280\n"
)
PLAN = """format: evenhand-plan/1
authority: anywhere
slug: example
title: Example objectives
status: draft
source: {title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}
nodes:
  - {kind: objective, ref: "1", wording: To be fair}
"""
SHOTS = os.environ.get("EVENHAND_SHOTS", "")
Sign = Callable[..., Page]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    people = {"ann": "analyst", "ola": "officer", "pat": "approver"}
    with served(tmp_path_factory.mktemp("publications"), people) as site:
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def signed_in(browser: Browser, site: Site) -> Iterator[Sign]:
    contexts: list[BrowserContext] = []

    def sign_in(name: str, *, scripts: bool = True) -> Page:
        contexts.append(browser.new_context(base_url=site.address, java_script_enabled=scripts))
        page = contexts[-1].new_page()
        page.goto("/sign-in/")
        page.get_by_label("Email").fill(f"{name}@anywhere.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
        return page

    yield sign_in
    for context in contexts:
        context.close()


@pytest.fixture
def clean(axe: Callable[[Page], list[str]]) -> Callable[[Page, str], None]:
    """Checks that a page has no axe violations and is no wider than the screen, at two widths."""

    def check(page: Page, name: str) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)

    return check


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_from_a_file_to_the_public_page_by_three_people(
    signed_in: Sign, clean: Callable[[Page, str], None], tmp_path: Path, site: Site
) -> None:
    ann, pat = signed_in("ann"), signed_in("pat")
    ann.goto(f"{W}publications/")
    expect(ann.get_by_text("There are no publications yet.")).to_be_visible()
    clean(ann, "list-empty")

    ann.goto(f"{W}new-figures/")
    broken, counts = tmp_path / "broken.csv", tmp_path / "counts.csv"
    broken.write_text(COUNTS.replace("200", "many"))
    counts.write_text(COUNTS)
    ann.get_by_label("File of counts").set_input_files(broken)
    ann.get_by_label("Publisher").fill("Anywhere Council")
    ann.get_by_label("Licence").fill("Open Government Licence v3.0")
    press(ann, "Upload")
    expect(ann.get_by_role("alert")).to_contain_text("Row 2, column gender_female")
    clean(ann, "figures-broken")
    ann.get_by_label("File of counts").set_input_files(counts)
    press(ann, "Upload")
    expect(ann.get_by_role("status")).to_contain_text("1 year uploaded.")
    clean(ann, "figures")

    ann.goto(f"{W}new-publication/")
    ann.get_by_label("Title").fill("")
    press(ann, "Create draft")
    expect(ann.get_by_role("alert")).to_contain_text("There is a problem")
    clean(ann, "draft-wrong")
    ann.get_by_label("Title").fill("Workforce, 2026")
    press(ann, "Create draft")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Workforce, 2026")
    clean(ann, "draft-created")

    ann.get_by_role("button", name="Protect", exact=True).dblclick()
    expect(ann.get_by_text("2 rows are hidden to protect people.")).to_be_visible()
    ann.get_by_role("link", name="Preview the tables as the public will see them").click()
    expect(ann.get_by_text("Not published.")).to_be_visible()
    clean(ann, "preview")
    ann.go_back()
    expect(ann.get_by_role("heading", level=1)).to_have_text("Workforce, 2026")
    before = ann.context.new_page()  # left open until its button is out of date
    before.goto(ONE)
    press(ann, "Check")
    expect(ann.get_by_role("status")).to_contain_text("has passed its check")
    clean(ann, "checked")
    press(before, "Check")
    expect(before.get_by_role("status")).to_contain_text("This has already been done")

    pat.goto("/work/")
    pat.get_by_role("link", name="Decide whether to approve “Workforce, 2026”").click()
    pat.get_by_role("link", name="Review and approve").click()
    clean(pat, "approve")
    pat.get_by_role("link", name="Cancel").click()
    pat.get_by_role("link", name="Review and approve").click()
    press(pat, "Approve")
    expect(pat.get_by_role("status")).to_contain_text("is approved")
    pat.get_by_role("link", name="Review and publish").click()
    expect(pat.get_by_text("You can’t undo this")).to_be_visible()
    clean(pat, "publish")
    response = ann.request.get(f"{site.address}{PUBLIC}")
    assert response.status == 404
    pat.get_by_role("button", name="Publish permanently").dblclick()
    expect(pat.get_by_role("heading", level=1)).to_have_text("Workforce, 2026")
    clean(pat, "published")
    pat.get_by_role("link", name=PUBLIC).click()
    expect(pat.get_by_role("heading", level=1)).to_have_text("Workforce, 2026")
    pat.goto(f"{ONE}publish/")
    expect(pat.get_by_role("status")).to_contain_text("This has already been done")
    pat.goto("/work/")
    expect(pat.get_by_role("link", name="Workforce, 2026”")).to_have_count(0)
    pat.goto(f"{ONE}approve/")
    expect(pat.get_by_role("heading", level=1)).to_have_text("You can’t do this yet")
    clean(pat, "refused")
    ann.goto(f"{W}figures/workforce/2026/religion/")
    expect(ann.get_by_text("Unprotected figures: do not share.")).to_be_visible()
    clean(ann, "unprotected")


def test_an_officer_cannot_approve_by_submitting_the_form(
    signed_in: Sign, clean: Callable[[Page, str], None], site: Site
) -> None:
    """Posts to the approver's addresses with the officer's own CSRF token."""
    ola = signed_in("ola")
    ola.goto(f"{W}new-plan/")
    token = ola.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    for step in ("approve", "publish", "protect"):
        response = ola.request.post(
            f"{site.address}{ONE}{step}/",
            form={"csrfmiddlewaretoken": token, "seen": "0" * 64},
            headers={"Referer": f"{site.address}{W}"},
        )
        assert response.status in (403, 404), step
        assert "You do not have permission to open this page" in response.text() or response.status == 404


def test_a_plan_is_corrected_uploaded_and_published_without_scripts(
    signed_in: Sign, clean: Callable[[Page, str], None], tmp_path: Path
) -> None:
    ola = signed_in("ola", scripts=False)
    ola.goto(f"{W}plans/")
    ola.get_by_role("link", name="Upload a plan").click()
    broken = tmp_path / "plan.yaml"
    broken.write_text(PLAN.replace("title: Example objectives", "titel: Example objectives"))
    ola.get_by_label("Plan file").set_input_files(broken)
    press(ola, "Check")
    expect(ola.get_by_role("alert")).to_contain_text("Line 4, column 1")
    box = ola.get_by_label("Or paste the text of the plan")
    box.fill(re.sub("titel", "title", box.input_value()))
    press(ola, "Check again")
    expect(ola.get_by_role("heading", name="“Example objectives” is ready to upload")).to_be_visible()
    press(ola, "Upload as a draft")
    expect(ola.get_by_role("status")).to_contain_text("has been uploaded as a draft")
    pat = signed_in("pat", scripts=False)
    pat.get_by_role("link", name="Decide whether to publish “Example objectives”").click()
    pat.get_by_role("link", name="Publish this plan").click()
    press(pat, "Publish permanently")
    expect(pat.get_by_role("status")).to_contain_text("Anyone can read it now")


def test_the_staff_pages_are_clean(signed_in: Sign, clean: Callable[[Page, str], None]) -> None:
    page = signed_in("ola")
    for address in ("publications/", "plans/", "plans/example/", "new-plan/", "figures/"):
        page.goto(f"{W}{address}")
        clean(page, address.strip("/").replace("/", "-"))
