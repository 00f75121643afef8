"""The real site, as `make run` serves it, and a real browser in front of it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from own_databases import evenhand, laid_out, settings_of, with_static_files
from own_servers import free_port
from sign_in_sites import gunicorn, wait_for

REPOSITORY = Path(__file__).resolve().parents[3]
AXE = REPOSITORY / ".build" / "axe.min.js"
CHROMIUM = os.environ.get("EVENHAND_CHROMIUM", "")
# What passed is not asked for: on a long page that takes longer than the search.
ASK_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations)"
# WCAG 2.0 to 2.2, A and AA, and what axe calls best practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

expect.set_options(timeout=20_000)  # milliseconds: a machine with all its processors taken is no fault of the page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of its own, with the demonstration loaded."""
    folder = tmp_path_factory.mktemp("site")
    with_static_files(folder)
    with laid_out("sqlite", folder) as database:
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
            pytest.fail("Chromium is required here, and EVENHAND_CHROMIUM does not name it")
        pytest.skip("EVENHAND_CHROMIUM names no browser: run `make test`")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browsers of any width, colour scheme and script setting, and closes them."""
    opened: list[BrowserContext] = []

    def open_one(width: int = 1280, height: int = 900, **options: object) -> BrowserContext:
        made = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(made)
        return made

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def page(context: Callable[..., BrowserContext], site: str) -> Page:
    """A page that fails the test when anything on it goes wrong or leaves this machine."""
    made = context(base_url=site).new_page()
    faults: list[str] = []
    made.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    made.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
    made.on("request", lambda request: None if request.url.startswith(site) else faults.append(request.url))
    made.faults = faults  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds on a page as it now stands, one line each."""
    source = AXE.read_text(encoding="utf-8")

    def violations(page: Page) -> list[str]:
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(source)
        found = page.evaluate(ASK_AXE, RULES)
        return [
            f"{page.url} {each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            for node in each["nodes"]
        ]

    return violations
