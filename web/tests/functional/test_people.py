"""An administrator's day and a leaver's last one, in a real browser, with axe at two widths after each step."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sign_in_sites import PASSWORD, Site, served

W = "/work/anywhere/"
HAVE_IN_HAND = """
from uuid import uuid4
from evenhand.authorities import actions
from evenhand.authorities.queries import authority, person
from evenhand.ledger.actions import Subject
ola, body = person("ola@anywhere.example"), authority("anywhere")
actions.assign(body, by=ola, person=ola, about=Subject("publication", uuid4(), body.id),
               title="Workforce figures of 2026", link="/work/anywhere/publications/")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    people = {"ada": "administrator", "ola": "officer", "ann": "analyst", "vic": "viewer"}
    with served(tmp_path_factory.mktemp("people"), people) as site:
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    opened: list[BrowserContext] = []

    def open_one() -> Page:
        opened.append(browser.new_context(base_url=site.address, java_script_enabled=True))
        return opened[-1].new_page()

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def signed_in(visitor: Callable[[], Page]) -> Callable[[str], Page]:
    def sign_in(name: str) -> Page:
        page = visitor()
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill(f"{name}@anywhere.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
        return page

    return sign_in


@pytest.fixture
def clean(axe: Callable[[Page], list[str]]) -> Callable[[Page], None]:
    """Nothing wrong and nothing wider than the screen, wide and narrow."""

    def check(page: Page) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width}"

    return check


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words).click()


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(words)


def test_an_administrator_invites_changes_a_role_and_makes_a_unit(
    site: Site, visitor: Callable[[], Page], signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    ada = signed_in("ada")
    clean(ada)
    ada.get_by_role("link", name="Anywhere Council").first.click()
    clean(ada)
    ada.get_by_role("link", name="People").click()
    clean(ada)
    ada.get_by_role("link", name="Invite a colleague").click()
    press(ada, "Send the invitation")
    expect(ada.get_by_role("alert")).to_contain_text("There is a problem")
    clean(ada)
    ada.get_by_label("E-mail address").fill("nia@anywhere.example")
    ada.get_by_label("Name").fill("Nia New")
    ada.get_by_label("Officer:").check()
    press(ada, "Send the invitation")
    said(ada, "The invitation is on its way")
    clean(ada)
    ada.get_by_role("link", name="Invite a colleague").click()
    ada.get_by_label("E-mail address").fill("nia@anywhere.example")
    ada.get_by_label("Name").fill("Nia New")
    ada.get_by_label("Officer:").check()
    press(ada, "Send the invitation")
    expect(ada.get_by_role("alert")).to_contain_text("waits for an answer")

    nia = visitor()
    nia.goto(site.link("nia@anywhere.example"))
    for label in ("Password", "The password again"):
        nia.get_by_label(label, exact=True).fill(PASSWORD)
    press(nia, "Accept and sign in")
    expect(nia.get_by_role("heading", level=1)).to_have_text("Your work")
    expect(nia.get_by_text("You are: Officer")).to_be_visible()
    answer = nia.goto(f"{W}people/invite/")
    assert answer.status == 403
    expect(nia.get_by_role("main")).to_contain_text("that takes the role Administrator")
    clean(nia)

    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Nia New").click()
    clean(ada)
    ada.get_by_role("link", name="Change the roles").click()
    clean(ada)
    ada.get_by_label("Officer:").uncheck()
    ada.get_by_label("Analyst:").check()
    press(ada, "Change the roles")
    said(ada, "as you chose them")
    expect(ada.get_by_role("definition").filter(has_text="Analyst")).to_be_visible()
    nia.goto("/work/")
    expect(nia.get_by_text("You are: Analyst")).to_be_visible()

    ada.goto(f"{W}units/")
    clean(ada)
    for name, above in (("Place", None), ("Highways", "Place")):
        ada.get_by_role("link", name="Add a unit").click()
        ada.get_by_label("Name of the unit").fill(name)
        if above:
            ada.get_by_label("Part of").select_option(label=above)
        clean(ada)
        press(ada, "Add the unit")
        said(ada, "The unit is added")
    clean(ada)
    ada.get_by_role("link", name="Close Place").click()
    clean(ada)
    press(ada, "Close the unit")
    expect(ada.get_by_role("alert")).to_contain_text("Highways")
    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Nia New").click()
    ada.get_by_role("link", name="Change the unit").click()
    ada.get_by_label("Unit").select_option(label="Highways (Place)")
    clean(ada)
    press(ada, "Save the unit")
    expect(ada.get_by_role("definition").filter(has_text="Highways")).to_be_visible()


def test_a_leaver_hands_over_and_their_open_session_ends(
    site: Site, signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    site.python(HAVE_IN_HAND)
    ola, ada = signed_in("ola"), signed_in("ada")
    expect(ola.get_by_role("link", name="Workforce figures of 2026").first).to_be_visible()
    clean(ola)
    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Ola").click()
    ada.get_by_role("link", name="End the access").click()
    expect(ada.get_by_role("main")).to_contain_text("Workforce figures of 2026")
    clean(ada)
    press(ada, "End the access")
    expect(ada.get_by_role("alert")).to_contain_text("There is a problem")
    clean(ada)
    ada.get_by_label("Who takes it over").select_option(label="Ann")
    ada.get_by_label("Why").fill("A new post elsewhere")
    press(ada, "End the access")
    said(ada, "Ola works here no more")
    clean(ada)
    ola.get_by_role("link", name="Anywhere Council").first.click()
    expect(ola).to_have_url(f"{site.address}/sign-in/?next={W}")
    ada.goto(f"{W}people/?left=1")
    expect(ada.get_by_role("link", name="Ola")).to_be_visible()
    clean(ada)
    ada.goto(f"{W}in-hand/")
    expect(ada.get_by_role("row").filter(has_text="Workforce figures of 2026")).to_contain_text("Ann")
    clean(ada)


def test_a_colleague_stands_in_by_keyboard_alone(
    signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    ann = signed_in("ann")
    ann.goto(f"{W}standing-in/")
    clean(ann)
    tab_to(ann, "Let a colleague stand in for you")
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Let a colleague stand in for you")
    clean(ann)
    for label, keys in (("Your role", "Analyst"), ("Who stands in for you", "Vic"), ("Why", "Annual leave")):
        tab_to_label(ann, label)
        ann.keyboard.type(keys)
    ann.get_by_label("Last day").fill(ann.get_by_label("First day").input_value())
    tab_to(ann, "Lend the role")
    with ann.expect_navigation():
        ann.keyboard.press("Enter")
    said(ann, "stands in for you")
    clean(ann)
    vic = signed_in("vic")
    expect(vic.get_by_text("Analyst for Ann until")).to_be_visible()
    clean(vic)
    vic.goto(f"{W}standing-in/")
    vic.get_by_role("link", name="End it early").click()
    clean(vic)
    press(vic, "End it now")
    expect(vic.get_by_role("main")).to_contain_text("Nobody stands in for anybody")


@pytest.mark.parametrize("path", ["settings/", "settings/details/", "settings/before/", "settings/close/", "members/"])
def test_the_other_pages_of_an_administrator(
    signed_in: Callable[[str], Page], clean: Callable[[Page], None], path: str
) -> None:
    ada = signed_in("ada")
    ada.goto(f"{W}{path}")
    clean(ada)


def test_the_page_of_the_roles(visitor: Callable[[], Page], clean: Callable[[Page], None]) -> None:
    page = visitor()
    page.goto("/roles/")
    clean(page)


def tab_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"{words!r} is not reached by keyboard")


def tab_to_label(page: Page, label: str) -> None:
    for _ in range(60):
        if page.get_by_label(label).evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label!r} is not reached by keyboard")
