"""An administrator answers a subject access request and an erasure request, on a wide screen and a phone."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from support.sign_in_sites import PASSWORD, Site, served

Axe = Callable[[Page], list[str]]
WORK = "/work/anywhere"
WIDTHS = (1280, 320)
ON_A_PHONE_AND_WIDE = pytest.mark.parametrize("width", [320, pytest.param(1280, marks=pytest.mark.long)])
LEAVERS = """
from django.utils import timezone
from evenhand.authorities.models import Authority, Membership, User
for name in {names}:
    leaver = User.objects.create_user(f"lena.{{name.lower()}}@anywhere.example", f"Lena {{name}}")
    Membership.objects.create(authority=Authority.objects.get(), user=leaver, role="viewer", ended_at=timezone.now())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An authority with an administrator, and a few people called Lena who have left."""
    with served(tmp_path_factory.mktemp("privacy"), {"ada": "administrator"}) as site:
        site.run_script(LEAVERS.format(names=[f"{kind}{width}" for kind in ("Access", "Erasure") for width in WIDTHS]))
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def signed_in_page(context: Callable[..., BrowserContext], site: Site) -> Callable[[int], Page]:
    def open_page(width: int) -> Page:
        page = context(width=width, base_url=site.address).new_page()
        page.goto("/sign-in/")
        page.get_by_label("Email").fill("ada@anywhere.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
        return page

    return open_page


def check_width(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls to the side"


def check_page(page: Page, axe: Axe) -> None:
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    size = page.viewport_size
    assert size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": size["height"]})
        check_width(page)
        assert axe(page) == []
    page.set_viewport_size(size)


def record_request(page: Page, axe: Axe, name: str, kind: str) -> None:
    page.goto(f"{WORK}/requests/")
    check_page(page, axe)
    page.get_by_role("link", name="Record a request").click()
    check_page(page, axe)
    page.get_by_role("button", name="Record request").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    check_page(page, axe)
    page.get_by_label("Who made the request").select_option(label=f"Lena {name}")
    page.get_by_label(kind).check()
    page.get_by_label("Date received").fill("2026-01-05")
    page.get_by_role("button", name="Record request").click()
    expect(page.get_by_role("status")).to_contain_text("Request recorded.")
    expect(page.get_by_role("definition").filter(has_text="5 February 2026")).to_be_visible()
    check_page(page, axe)


@ON_A_PHONE_AND_WIDE
def test_a_subject_access_request_is_answered(signed_in_page: Callable[[int], Page], axe: Axe, width: int) -> None:
    page = signed_in_page(width)
    record_request(page, axe, f"Access{width}", "To see the data that we hold about them")
    page.get_by_role("link", name="See the personal data").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Personal data about Lena Access{width}")
    check_page(page, axe)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download for the person").click()
    assert download.value.suggested_filename == "what-is-held.zip"
    page.get_by_role("link", name="Close the request").click()
    check_page(page, axe)
    page.get_by_label("Refused, with a reason").check()
    page.get_by_role("button", name="Close request").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the reason you gave the person")
    check_page(page, axe)
    page.get_by_label("Done in full").check()
    page.get_by_role("button", name="Close request").click()
    expect(page.get_by_text("Done in full")).to_be_visible()
    check_page(page, axe)


@ON_A_PHONE_AND_WIDE
def test_a_person_is_erased_once_the_name_is_typed(
    signed_in_page: Callable[[int], Page], axe: Axe, site: Site, width: int
) -> None:
    page = signed_in_page(width)
    record_request(page, axe, f"Erasure{width}", "To have their data erased")
    page.get_by_role("link", name="Check what would be erased").click()
    expect(page.get_by_role("heading", name="What will be kept, and why")).to_be_visible()
    check_page(page, axe)
    page.get_by_label("Reason for the erasure").fill("asked on 5 January")
    page.get_by_label("The person’s name").fill("Lena Someone Else")
    page.get_by_role("button", name="Erase permanently").click()
    expect(page.get_by_role("alert")).to_contain_text("The name does not match")
    check_page(page, axe)
    page.get_by_label("The person’s name").fill(f"Lena Erasure{width}")
    page.get_by_role("button", name="Erase permanently").click()
    expect(page.get_by_role("status")).to_contain_text("Person erased.")
    expect(page.get_by_text("A person who has left")).to_be_visible()
    check_page(page, axe)
    page.goto(f"{WORK}/requests/")
    expect(page.get_by_role("main")).not_to_contain_text(f"Erasure{width}")
    check_page(page, axe)
    files = [file for file in site.var.rglob("*") if file.is_file()]
    assert not [file for file in files if f"erasure{width}".encode() in file.read_bytes().lower()]


@ON_A_PHONE_AND_WIDE
def test_the_other_privacy_pages_and_documents(signed_in_page: Callable[[int], Page], axe: Axe, width: int) -> None:
    page = signed_in_page(width)
    for address in (
        "/work/my-data/",
        "/work/my-data/ask/",
        f"{WORK}/requests/objections/",
        f"{WORK}/requests/objections/end/",
    ):
        page.goto(address)
        check_page(page, axe)
    page.goto(f"{WORK}/documents/")
    check_page(page, axe)
    links = page.locator(".eh-list__title").all()
    assert len(links) == 6
    for address in [link.get_attribute("href") for link in links]:
        page.goto(str(address))
        assert re.search(r"\[to be completed", page.get_by_role("main").inner_text())
        check_page(page, axe)


def test_an_objection_is_recorded_and_its_effect_explained(signed_in_page: Callable[[int], Page], axe: Axe) -> None:
    page = signed_in_page(1280)
    page.goto(f"{WORK}/requests/objections/")
    page.get_by_label("Staff number").fill("00417")
    page.get_by_role("button", name="Record objection").click()
    expect(page.get_by_role("status")).to_contain_text("Objection recorded.")
    expect(page.get_by_role("main")).to_contain_text("An objection does not change them")
    expect(page.get_by_role("main")).not_to_contain_text("00417")
    check_page(page, axe)
