"""An administrator answers an access request and an erasure, on a wide screen and on a telephone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from sign_in_sites import PASSWORD, Site, served

Axe = Callable[[Page], list[str]]
A = "/work/anywhere"
WIDTHS = (1280, 320)
LEAVERS = """
from django.utils import timezone
from evenhand.authorities.models import Authority, Membership, User
for name in {names}:
    left = User.objects.create_user(f"lena.{{name.lower()}}@anywhere.example", f"Lena {{name}}")
    Membership.objects.create(authority=Authority.objects.get(), user=left, role="viewer", ended_at=timezone.now())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An authority with an administrator, and a few people called Lena who have left."""
    with served(tmp_path_factory.mktemp("privacy"), {"ada": "administrator"}) as site:
        site.python(LEAVERS.format(names=[f"{what}{width}" for what in ("Access", "Erasure") for width in WIDTHS]))
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def desk(context: Callable[..., BrowserContext], site: Site) -> Callable[[int], Page]:
    def sit(width: int) -> Page:
        page = context(width=width, base_url=site.address).new_page()
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill("ada@anywhere.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
        return page

    return sit


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls to the side"


def clean(page: Page, axe: Axe) -> None:
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)
    assert axe(page) == []


def write_down(page: Page, axe: Axe, name: str, what: str) -> None:
    page.goto(f"{A}/requests/")
    clean(page, axe)
    page.get_by_role("link", name="Write down a request").click()
    clean(page, axe)
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    clean(page, axe)
    page.get_by_label("Who asks").select_option(label=f"Lena {name}")
    page.get_by_label(what).check()
    page.get_by_label("Received on").fill("2026-01-05")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("status")).to_contain_text("Its clock runs")
    expect(page.get_by_text("5 February 2026")).to_be_visible()
    clean(page, axe)


@pytest.mark.parametrize("width", WIDTHS)
def test_an_access_request_is_answered(desk: Callable[[int], Page], axe: Axe, width: int) -> None:
    page = desk(width)
    write_down(page, axe, f"Access{width}", "To see what is held about them")
    page.get_by_role("link", name="See what is held").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"What is held about Lena Access{width}")
    clean(page, axe)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download it for the person").click()
    assert waiting.value.suggested_filename == "what-is-held.zip"
    page.get_by_role("link", name="Close the request").click()
    clean(page, axe)
    page.get_by_label("Refused, with the reason").check()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what the person was told")
    clean(page, axe)
    page.get_by_label("Done as asked").check()
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_text("Done as asked")).to_be_visible()
    clean(page, axe)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_person_is_erased_once_the_name_is_typed(
    desk: Callable[[int], Page], axe: Axe, site: Site, width: int
) -> None:
    page = desk(width)
    write_down(page, axe, f"Erasure{width}", "To have their data erased")
    page.get_by_role("link", name="See what would go").click()
    expect(page.get_by_role("heading", name="What stays, and why")).to_be_visible()
    clean(page, axe)
    page.get_by_label("Why").fill("asked on 5 January")
    page.get_by_label("The person's name, as it stands above").fill("Lena Someone Else")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the name of the person")
    clean(page, axe)
    page.get_by_label("The person's name, as it stands above").fill(f"Lena Erasure{width}")
    page.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_role("status")).to_contain_text("Erased.")
    expect(page.get_by_text("A person who has left")).to_be_visible()
    clean(page, axe)
    page.goto(f"{A}/requests/")
    expect(page.get_by_role("main")).not_to_contain_text(f"Erasure{width}")
    clean(page, axe)
    files = [file for file in site.var.rglob("*") if file.is_file()]
    assert not [file for file in files if f"erasure{width}".encode() in file.read_bytes().lower()]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_other_pages_about_people_and_the_documents(desk: Callable[[int], Page], axe: Axe, width: int) -> None:
    page = desk(width)
    for address in (
        "/work/my-data/",
        "/work/my-data/ask/",
        f"{A}/requests/objections/",
        f"{A}/requests/objections/end/",
    ):
        page.goto(address)
        clean(page, axe)
    page.goto(f"{A}/documents/")
    clean(page, axe)
    links = page.locator(".eh-list__title").all()
    assert len(links) == 6
    for address in [link.get_attribute("href") for link in links]:
        page.goto(str(address))
        assert re.search(r"\[to be completed", page.get_by_role("main").inner_text())
        clean(page, axe)


def test_an_objection_is_kept_and_what_it_means_is_said(desk: Callable[[int], Page], axe: Axe) -> None:
    page = desk(1280)
    page.goto(f"{A}/requests/objections/")
    page.get_by_label("Staff number").fill("00417")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("status")).to_contain_text("Kept: this person objects.")
    expect(page.get_by_role("main")).to_contain_text("An objection changes nothing in them")
    expect(page.get_by_role("main")).not_to_contain_text("00417")
    clean(page, axe)
