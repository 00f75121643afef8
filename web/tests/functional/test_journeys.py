"""A resident uses the public site: by keyboard, without JavaScript, and with the back button."""

import hashlib
from collections.abc import Callable
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import BrowserContext, Page, expect

Open = Callable[..., BrowserContext]
Axe = Callable[[Page], list[str]]


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.innerText || document.activeElement.value || ''").strip()


def tab_to(page: Page, text: str) -> None:
    """Press Tab until the element with the text has the focus. Every focused element must show a focus ring."""
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWS), f"no focus ring on {focused(page)!r}"
        if text in focused(page):
            return
    raise AssertionError(f"{text!r} cannot be reached by keyboard")


FOCUS_SHOWS = """() => {
    const style = getComputedStyle(document.activeElement);
    const box = document.activeElement.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const shadow = style.boxShadow !== 'none';
    return (ring || shadow) && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


def follow(page: Page) -> None:
    """Press Enter on the focused element and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_promise_and_a_figure_can_be_reached_by_keyboard(page: Page, axe: Axe) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_to(page, "Liverpool City Region Combined Authority")
    follow(page)
    expect(page).to_have_title(
        "Our Equality Vision and Objectives – Liverpool City Region Combined Authority – Evenhand"
    )
    tab_to(page, "How to fix what is missing")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Without a measure, no one can tell").first).to_be_visible()
    assert axe(page) == []
    page.keyboard.press("Space")
    expect(page.get_by_text("Without a measure, no one can tell").first).to_be_hidden()
    page.goto("/")
    tab_to(page, "Authorities")
    follow(page)
    page.get_by_label("Find an authority").focus()
    page.keyboard.type("calder")
    follow(page)
    expect(page.get_by_role("status")).to_contain_text("1 authority matches “calder”.")
    assert axe(page) == []
    tab_to(page, "Calderdale Council")
    follow(page)
    tab_to(page, "Representation in the workforce: ethnic group")
    follow(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Representation in the workforce: ethnic group")
    tab_to(page, "2019")
    follow(page)
    expect(page.locator(".eh-lead")).to_contain_text("In 2019 it had 2,779 staff.")
    assert axe(page) == []
    page.go_back()
    expect(page.locator(".eh-lead")).to_contain_text("In 2026 it had 2,779 staff.")


def test_the_downloaded_figures_have_the_stated_sha256(page: Page) -> None:
    page.goto("/authorities/calderdale-council/publications/workforce-2019-to-2026/")
    sha256 = page.get_by_text("SHA-256").inner_text().split()[-1]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    assert download.value.suggested_filename == "calderdale-council-workforce-2019-to-2026.csv"
    assert hashlib.sha256(download.value.path().read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("every_page", [False, pytest.param(True, marks=pytest.mark.long)])
def test_the_whole_site_works_without_javascript(context: Open, site: str, every_page: bool) -> None:
    """Every page can be reached by links without JavaScript, or one of each kind. Search and details work too."""
    page = context(java_script_enabled=False).new_page()
    seen: set[str] = set()
    queue = [f"{site}/"]
    while queue:
        address = queue.pop()
        kind = address if every_page else resolve(urlsplit(address).path).view_name
        if kind in seen or address.endswith(".csv"):
            continue
        seen.add(kind)
        response = page.goto(address)
        assert response is not None
        assert response.status == 200, address
        if not response.headers["content-type"].startswith("text/html"):
            continue  # the record's proofs, its signed statement and its key are for programs
        assert page.locator("h1").count() == 1
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        queue += [f"{site}{urldefrag(link).url}" for link in links if link.startswith("/")]
    assert len(seen) > (70 if every_page else 15)
    page.goto(f"{site}/authorities/")
    page.get_by_label("Find an authority").fill("leeds")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".eh-list__title")).to_have_text(["Leeds City Council"])
    page.goto(f"{site}/authorities/liverpool-city-council/plans/equality-objectives-2024-2028-draft/")
    first = page.locator("details").first
    first.locator("summary").click()
    expect(first).to_have_attribute("open", "")


def test_a_double_click_on_search_searches_once(page: Page) -> None:
    page.goto("/authorities/")
    page.get_by_label("Find an authority").fill("leeds")
    page.get_by_role("button", name="Search").dblclick()
    expect(page.locator(".eh-list__title")).to_have_text(["Leeds City Council"])
    assert page.get_by_label("Find an authority").input_value() == "leeds"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "%%%", "'; DROP TABLE", "a" * 5000])
def test_unusual_searches_find_nothing_and_cause_no_error(page: Page, text: str) -> None:
    page.goto("/authorities/")
    page.get_by_label("Find an authority").fill(text)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("0 authorities match")
    assert page.errors == []  # type: ignore[attr-defined]
