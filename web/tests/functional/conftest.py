"""Fixtures that run the site as `make run` does, and open it in a real browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from support.databases import copy_static_files, evenhand, migrated_database, settings_of
from support.servers import free_port
from support.sign_in_sites import PASSWORD, Site, gunicorn, wait_for

REPOSITORY = Path(__file__).resolve().parents[3]
AXE = REPOSITORY / ".build" / "axe.min.js"
CHROMIUM = os.environ.get("EVENHAND_CHROMIUM", "")
# Ask for violations only: reporting what passed takes longer than the check on a long page.
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(results => results.violations)"
# WCAG 2.0 to 2.2, levels A and AA, and axe's best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=20_000)  # milliseconds, because a busy machine can be slow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folder = Path(__file__).parent
    for item in items:
        if folder in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a server with the demonstration loaded, and return its address."""
    folder = tmp_path_factory.mktemp("site")
    copy_static_files(folder)
    with migrated_database("sqlite", folder) as database:
        evenhand(folder, database, "demo")
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        with gunicorn(settings_of(folder, database) | {"PORT": str(port)}, folder) as server:
            wait_for(f"{address}/accessibility/", server)
            yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        if os.environ.get("EVENHAND_REQUIRE_SERVICES") == "1":
            pytest.fail("Chromium is required, but EVENHAND_CHROMIUM is not set")
        pytest.skip("EVENHAND_CHROMIUM is not set. Run `make test`.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a browser context. All contexts are closed at the end."""
    opened: list[BrowserContext] = []

    def open_context(width: int = 1280, height: int = 900, **options: object) -> BrowserContext:
        new_context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(new_context)
        return new_context

    yield open_context
    for open_one in opened:
        open_one.close()


@pytest.fixture(scope="session")
def shared_page(browser: Browser, site: str) -> Iterator[Page]:
    """A page that tests of public pages use in turn, because opening one takes longer than most of them."""
    with browser.new_context(base_url=site) as shared_context:
        shared = shared_context.new_page()
        errors: list[str] = []
        shared.errors = errors  # type: ignore[attr-defined]
        shared.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        shared.on("requestfailed", lambda request: errors.append(f"failed: {request.url}"))
        shared.on("request", lambda request: None if request.url.startswith(site) else errors.append(request.url))
        yield shared


@pytest.fixture
def page(shared_page: Page) -> Iterator[Page]:
    """A page that collects console errors, failed requests and requests to other hosts in `errors`."""
    shared_page.goto("about:blank")
    shared_page.errors.clear()  # type: ignore[attr-defined]
    shared_page.context.clear_cookies()
    shared_page.set_viewport_size({"width": 1280, "height": 900})
    yield shared_page
    shared_page.emulate_media(media="null", color_scheme="null", forced_colors="null")


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Return a function that lists the axe violations of a page in its current state, one line each."""
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Page) -> list[str]:
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(source)
        return [
            f"{page.url} {violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in page.evaluate(RUN_AXE, RULES)
            for node in violation["nodes"]
        ]

    return violations


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    """Open pages of somebody who is not signed in, at the site of the test's module."""
    opened: list[BrowserContext] = []

    def open_page() -> Page:
        opened.append(browser.new_context(base_url=site.address, java_script_enabled=True))
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def signed_in(visitor: Callable[[], Page]) -> Callable[[str], Page]:
    """Open a page of somebody of `served`, by the first part of their email address."""

    def sign_in(name: str) -> Page:
        page = visitor()
        page.goto("/sign-in/")
        page.get_by_label("Email").fill(f"{name}@anywhere.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
        return page

    return sign_in


@pytest.fixture
def clean(axe: Callable[[Page], list[str]]) -> Callable[[Page], None]:
    """Check that axe finds nothing and that nothing is wider than the screen, at two widths."""

    def check(page: Page) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"

    return check
