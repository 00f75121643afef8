"""Every page in a real browser: axe, reflow, colours, print, and requests to this site only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

C = "/authorities/calderdale-council/"
L = "/authorities/liverpool-city-council/"
R = "/authorities/liverpool-city-region-combined-authority/"
PAGES = [
    "/",
    "/authorities/",
    "/authorities/?q=city",
    "/authorities/?q=atlantis",
    C,
    L,
    R,
    f"{R}plans/equality-objectives/",
    f"{L}plans/equality-objectives-2024-2028-draft/",
    f"{C}measures/representation-sex/",
    f"{C}measures/representation-ethnicity/",
    f"{C}measures/representation-religion/2020/",
    f"{C}measures/representation-age/",
    "/authorities/leeds-city-council/measures/representation-sexual-orientation/",
    f"{C}publications/workforce-2019-to-2026/",
    f"{C}publications/workforce-2019-to-2026/2020/",
    "/methods/",
    "/sources/",
    "/accessibility/",
    "/nowhere/",
]
Open = Callable[..., BrowserContext]
Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    context: Open, site: str, axe: Axe, address: str, width: int
) -> None:
    page = context(width).new_page()
    page.goto(site + address)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_with_all_details_open(context: Open, site: str, axe: Axe, width: int) -> None:
    page = context(width).new_page()
    page.goto(f"{site}{R}plans/equality-objectives/")
    closed = page.locator("details:not([open]) > summary")
    assert closed.count() > 5
    while closed.count():
        closed.first.click()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", ["/", f"{C}measures/representation-ethnicity/", f"{R}plans/equality-objectives/"])
def test_dark_mode_has_enough_contrast(context: Open, site: str, axe: Axe, address: str) -> None:
    page = context(color_scheme="dark").new_page()
    page.goto(site + address)
    light = context().new_page()
    light.goto(site + address)
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) != light.evaluate(background)
    assert axe(page) == []


def test_charts_are_visible_in_forced_colours(context: Open, site: str) -> None:
    page = context(forced_colors="active").new_page()
    page.goto(f"{site}{C}measures/representation-ethnicity/")
    style = "element => { const s = getComputedStyle(element); return [s.fill, s.stroke] }"
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for mark in (".eh-chart__dot", ".eh-chart__range", ".eh-chart__benchmark"):
        drawn = page.locator(mark).first.evaluate(style)
        assert any(colour not in ("none", canvas) for colour in drawn), mark


def test_navigation_is_not_printed(page: Page) -> None:
    page.goto(f"{C}measures/representation-ethnicity/")
    page.emulate_media(media="print")
    assert not page.locator(".eh-nav").is_visible()
    assert page.locator(".eh-table").first.is_visible()
    assert page.locator(".eh-notice").is_visible()


@pytest.mark.parametrize("address", PAGES)
def test_nothing_fails_and_nothing_is_loaded_from_other_sites(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("load")
    errors = [error for error in page.errors if not ("404" in error and address == "/nowhere/")]  # type: ignore[attr-defined]
    assert errors == []
    assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].some(f => f.status == 'loaded'))")


def test_more_text_spacing_does_not_break_the_page(context: Open, site: str) -> None:
    """WCAG 1.4.12: line height 1.5, paragraphs 2, letters 0.12, words 0.16."""
    page = context(320).new_page()
    page.goto(f"{site}{C}measures/representation-ethnicity/")
    page.evaluate("document.documentElement.style.cssText = 'letter-spacing:.12em;word-spacing:.16em;line-height:1.5'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
