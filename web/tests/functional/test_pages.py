"""Every page in a real browser: axe, reflow, colours, print, and requests to this site only."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

C = "/authorities/calderdale-council/"
L = "/authorities/liverpool-city-council/"
R = "/authorities/liverpool-city-region-combined-authority/"
INVENTED = "/authorities/exampleton-city-council-invented/"
EXAMPLES = [  # of each template
    "/",
    "/authorities/",
    "/authorities/?q=atlantis",
    C,
    R,
    f"{R}plans/equality-objectives/",
    f"{C}measures/representation-ethnicity/",
    f"{C}measures/representation-religion/2020/",
    f"{C}publications/workforce-2019-to-2026/",
    f"{C}publications/workforce-2019-to-2026/2020/",
    "/worked-example/",
    INVENTED,
    "/methods/",
    "/sources/",
    "/accessibility/",
    "/nowhere/",
]
OTHERS = [
    f"{INVENTED}plans/adopted-equality-objectives/",
    f"{INVENTED}measures/representation-ethnicity/",
    f"{INVENTED}publications/workforce-2023-to-2026/",
    "/authorities/?q=city",
    L,
    f"{L}plans/equality-objectives-2024-2028-draft/",
    f"{C}measures/representation-sex/",
    f"{C}measures/representation-age/",
    "/authorities/leeds-city-council/measures/representation-sexual-orientation/",
]
PAGES = [*EXAMPLES, *(pytest.param(address, marks=pytest.mark.long) for address in OTHERS)]
Axe = Callable[[Page], list[str]]


def check(page: Page, axe: Axe) -> None:
    """axe finds nothing and the page does not scroll sideways, at two widths."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_fails_or_is_loaded_from_other_sites(page: Page, axe: Axe, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("load")
    errors = [error for error in page.errors if not ("404" in error and address == "/nowhere/")]  # type: ignore[attr-defined]
    assert errors == []
    assert page.evaluate("document.fonts.ready.then(() => [...document.fonts].some(f => f.status == 'loaded'))")
    check(page, axe)


def test_axe_finds_nothing_with_all_details_open(page: Page, axe: Axe) -> None:
    page.goto(f"{R}plans/equality-objectives/")
    closed = page.locator("details:not([open]) > summary")
    assert closed.count() > 5
    page.locator("details").evaluate_all("all => all.forEach(details => details.open = true)")
    assert closed.count() == 0
    check(page, axe)


@pytest.mark.parametrize("address", ["/", f"{C}measures/representation-ethnicity/", f"{R}plans/equality-objectives/"])
def test_dark_mode_has_enough_contrast(page: Page, axe: Axe, address: str) -> None:
    page.goto(address)
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light
    assert axe(page) == []


def test_charts_are_visible_in_forced_colours(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{C}measures/representation-ethnicity/")
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


def test_more_text_spacing_does_not_break_the_page(page: Page) -> None:
    """WCAG 1.4.12: line height 1.5, paragraphs 2, letters 0.12, words 0.16."""
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{C}measures/representation-ethnicity/")
    page.evaluate("document.documentElement.style.cssText = 'letter-spacing:.12em;word-spacing:.16em;line-height:1.5'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
