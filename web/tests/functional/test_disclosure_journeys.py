"""Hidden figures, reasons, other options, additional tables and the certificate, in a browser without scripts."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.sign_in_sites import PASSWORD, Site, served

W = "/work/anywhere/publications/"
PUBLIC = "/authorities/anywhere/publications/workforce-2025/"
HEADER = (
    "published,organisation,employees,gender_female,gender_male,ethnicity_white,ethnicity_mixed,ethnicity_asian,"
    "ethnicity_black,ethnicity_other,religion_christian,religion_muslim,religion_sikh,religion_no\n"
)
COUNTS = (
    HEADER
    + "2025,Anywhere Council,300,200,100,240,30,20,6,4,100,20,7,160\n"
    + "2026,Anywhere Council,310,205,105,245,31,22,7,5,100,25,8,170\n"
)
SHOTS = os.environ.get("EVENHAND_SHOTS", "")
Sign = Callable[[str], Page]
Clean = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One publication is published and another needs approval. Both hide rows."""
    people = {"ann": "analyst", "ola": "officer", "pat": "approver"}
    folder = tmp_path_factory.mktemp("disclosure")
    with served(folder, people) as site:
        counts = folder / "counts.csv"
        counts.write_text(COUNTS)
        counts.with_suffix(".source.toml").write_text('publisher = "Anywhere Council"\nlicence = "OGL v3.0"\n')
        site.evenhand("evidence", "import", str(counts))
        for year in ("2025", "2026"):
            name = f"anywhere/workforce-{year}"
            title = ("--title", f"Workforce, {year}", "--policy", "council_lt10", "--year", year)
            site.evenhand("release", "draft", "anywhere", f"workforce-{year}", *title)
            for step in ("protect", "check", *(["approve", "publish"] if year == "2025" else [])):
                site.evenhand("release", step, name)
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def signed_in(browser: Browser, site: Site) -> Iterator[Sign]:
    contexts: list[BrowserContext] = []

    def sign_in(name: str) -> Page:
        contexts.append(browser.new_context(base_url=site.address, java_script_enabled=False))
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
def clean(browser: Browser, site: Site, axe: Callable[[Page], list[str]]) -> Iterator[Clean]:
    """Checks that a page has no axe violations and is no wider than the screen. Opens it again where axe can run."""
    context = browser.new_context(base_url=site.address)
    copy = context.new_page()

    def check(page: Page, name: str) -> None:
        context.add_cookies(page.context.cookies())
        copy.goto(page.url)
        for width in (320, 1280):
            copy.set_viewport_size({"width": width, "height": 900})
            assert axe(copy) == []
            assert copy.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"
            if SHOTS:
                copy.screenshot(path=Path(SHOTS) / f"disclosure-{name}-{width}.png", full_page=True)

    yield check
    context.close()


def test_the_approver_sees_hidden_figures_reasons_and_other_options(signed_in: Sign, clean: Clean) -> None:
    pat = signed_in("pat")
    pat.goto(f"{W}workforce-2026/")
    pat.get_by_role("link", name="Review and approve").click()
    hidden = pat.get_by_role("table", name="Ethnic group: hidden figures")
    row = hidden.get_by_role("row").filter(has_text="Other ethnic group")
    expect(row).to_contain_text("small count")
    expect(pat.get_by_text("2 of 5 rows are hidden, with 12 of 310 people in them").first).to_be_visible()
    expect(pat.get_by_role("heading", name="Certificate of protection")).to_be_visible()
    compared = pat.get_by_role("table", name="Religion", exact=True)
    expect(compared.get_by_role("row").filter(has_text="all other religions together").first).to_be_visible()
    expect(compared.get_by_text("(this publication)")).to_be_visible()
    clean(pat, "approve")
    pat.get_by_role("button", name="Approve", exact=True).click()
    expect(pat.get_by_role("status")).to_contain_text("is approved")


def test_the_analyst_compares_options_and_creates_another_draft(signed_in: Sign, clean: Clean) -> None:
    ann = signed_in("ann")
    ann.goto(f"{W}workforce-2026/")
    ann.get_by_role("link", name="What is hidden and why, and the other options").click()
    expect(ann.get_by_role("heading", name="Other options")).to_be_visible()
    clean(ann, "hidden")
    ann.get_by_role("link", name="Create a draft for the same years: Counts below 5 hidden").click()
    expect(ann.get_by_label("Counts below 5 hidden.")).to_be_checked()
    expect(ann.get_by_label("2026", exact=True)).to_be_checked()
    clean(ann, "another-option")


def test_the_officer_sees_what_is_hidden_but_not_why(signed_in: Sign, clean: Clean) -> None:
    ola = signed_in("ola")
    ola.goto(f"{W}workforce-2026/")
    ola.get_by_role("link", name="What is hidden in each year").click()
    expect(ola.get_by_role("heading", level=1)).to_have_text("What is hidden")
    expect(ola.get_by_text("small count")).to_have_count(0)
    clean(ola, "hidden-officer")


def test_the_analyst_checks_a_table_and_finds_one_that_can_be_published(signed_in: Sign, clean: Clean) -> None:
    ann = signed_in("ann")
    ann.goto(f"{W}workforce-2025/")
    ann.get_by_role("link", name="Check whether another table can be published").click()
    clean(ann, "another-table")
    ann.get_by_role("link", name="Ethnic group").click()
    clean(ann, "another-table-form")
    ann.get_by_role("button", name="Check this table").click()
    expect(ann.get_by_role("alert")).to_contain_text("Select at least two groups.")
    ann.get_by_label("Asian or Asian British").check()
    ann.get_by_label("Black, Black British, Caribbean or African").check()
    ann.get_by_role("button", name="Check this table").click()
    expect(ann.get_by_role("heading", name="No, this table can’t be published")).to_be_visible()
    refused = ann.get_by_role("region", name="No, this table can’t be published")
    expect(refused).to_contain_text("anyone could work out these hidden figures exactly")
    expect(refused).to_contain_text("Other ethnic group")
    clean(ann, "refused-table")
    refused.get_by_role("link").click()
    expect(ann.get_by_role("heading", name="Yes, this table can be published")).to_be_visible()
    clean(ann, "closest-table")


def test_the_public_can_read_the_certificate(browser: Browser, site: Site, clean: Clean) -> None:
    context = browser.new_context(base_url=site.address, java_script_enabled=False)
    page = context.new_page()
    page.goto(PUBLIC)
    page.get_by_role("link", name="Read the certificate").click()
    section = page.get_by_role("region", name="Certificate of protection")
    expect(section).to_be_visible()
    expect(section.get_by_role("row")).to_have_count(4)
    expect(section).to_contain_text("numbers are possible")
    clean(page, "public")
    section.get_by_role("link", name="How figures are protected").click()
    expect(page.get_by_role("heading", name="How figures are protected")).to_be_visible()
    context.close()
