"""Managing people in a real browser, with axe at two widths after each step."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from support.sign_in_sites import PASSWORD, Site, served

W = "/work/anywhere/"
ASSIGN_WORK = """
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


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def expect_message(page: Page, text: str) -> None:
    expect(page.get_by_role("status").first).to_contain_text(text)


def test_an_administrator_invites_a_colleague_changes_a_role_and_adds_units(
    site: Site, visitor: Callable[[], Page], signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    ada = signed_in("ada")
    clean(ada)
    ada.get_by_role("link", name="Anywhere Council").first.click()
    clean(ada)
    ada.get_by_role("link", name="People").click()
    clean(ada)
    ada.get_by_role("link", name="Invite a colleague").click()
    press(ada, "Send invitation")
    expect(ada.get_by_role("alert")).to_contain_text("There is a problem")
    clean(ada)
    ada.get_by_label("Email address").fill("nia@anywhere.example")
    ada.get_by_label("Name").fill("Nia New")
    ada.get_by_label("Officer:").check()
    press(ada, "Send invitation")
    expect_message(ada, "Invitation created")
    clean(ada)
    ada.get_by_role("link", name="Invite a colleague").click()
    ada.get_by_label("Email address").fill("nia@anywhere.example")
    ada.get_by_label("Name").fill("Nia New")
    ada.get_by_label("Officer:").check()
    press(ada, "Send invitation")
    expect(ada.get_by_role("alert")).to_contain_text("Send it again or withdraw it")

    nia = visitor()
    nia.goto(site.link("nia@anywhere.example"))
    for label in ("Password", "Confirm password"):
        nia.get_by_label(label, exact=True).fill(PASSWORD)
    press(nia, "Accept and sign in")
    expect(nia.get_by_role("heading", level=1)).to_have_text("Your work")
    expect(nia.get_by_text("Your roles: Officer")).to_be_visible()
    response = nia.goto(f"{W}people/invite/")
    assert response.status == 403
    expect(nia.get_by_role("main")).to_contain_text("You need the Administrator role")
    clean(nia)

    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Nia New").click()
    clean(ada)
    ada.get_by_role("link", name="Change roles").click()
    clean(ada)
    ada.get_by_label("Officer:").uncheck()
    ada.get_by_label("Analyst:").check()
    press(ada, "Change roles")
    expect_message(ada, "Roles of Nia New changed")
    expect(ada.get_by_role("definition").filter(has_text="Analyst")).to_be_visible()
    nia.goto("/work/")
    expect(nia.get_by_text("Your roles: Analyst")).to_be_visible()

    ada.goto(f"{W}units/")
    clean(ada)
    for name, parent in (("Place", None), ("Highways", "Place")):
        ada.get_by_role("link", name="Add a unit").click()
        ada.get_by_label("Name of the unit").fill(name)
        if parent:
            ada.get_by_label("Part of").select_option(label=parent)
        clean(ada)
        press(ada, "Add unit")
        expect_message(ada, "Unit added")
    clean(ada)
    ada.get_by_role("link", name="Close Place").click()
    clean(ada)
    press(ada, "Close unit")
    expect(ada.get_by_role("alert")).to_contain_text("Highways")
    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Nia New").click()
    ada.get_by_role("link", name="Change unit").click()
    ada.get_by_label("Unit").select_option(label="Highways (Place)")
    clean(ada)
    press(ada, "Save unit")
    expect(ada.get_by_role("definition").filter(has_text="Highways")).to_be_visible()


def test_a_leaver_hands_over_work_and_their_session_ends(
    site: Site, signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    site.run_script(ASSIGN_WORK)
    ola, ada = signed_in("ola"), signed_in("ada")
    expect(ola.get_by_role("link", name="Workforce figures of 2026").first).to_be_visible()
    clean(ola)
    ada.goto(f"{W}people/")
    ada.get_by_role("link", name="Ola").click()
    ada.get_by_role("link", name="End access").click()
    expect(ada.get_by_role("main")).to_contain_text("Workforce figures of 2026")
    clean(ada)
    press(ada, "End access")
    expect(ada.get_by_role("alert")).to_contain_text("There is a problem")
    clean(ada)
    ada.get_by_label("Hand over to").select_option(label="Ann")
    ada.get_by_label("Reason").fill("A new post elsewhere")
    press(ada, "End access")
    expect_message(ada, "The access of Ola has ended")
    clean(ada)
    ola.get_by_role("link", name="Anywhere Council").first.click()
    expect(ola).to_have_url(f"{site.address}/sign-in/?next={W}")
    ada.goto(f"{W}people/?left=1")
    expect(ada.get_by_role("link", name="Ola")).to_be_visible()
    clean(ada)
    ada.goto(f"{W}assignments/")
    expect(ada.get_by_role("row").filter(has_text="Workforce figures of 2026")).to_contain_text("Ann")
    clean(ada)


def test_arranging_cover_with_the_keyboard_only(
    signed_in: Callable[[str], Page], clean: Callable[[Page], None]
) -> None:
    ann = signed_in("ann")
    ann.goto(f"{W}cover/")
    clean(ann)
    tab_to(ann, "Arrange cover for your absence")
    ann.keyboard.press("Enter")
    expect(ann.get_by_role("heading", level=1)).to_have_text("Arrange cover for your absence")
    clean(ann)
    for label, keys in (("Your role", "Analyst"), ("Colleague who covers for you", "Vic"), ("Reason", "Annual leave")):
        tab_to_label(ann, label)
        ann.keyboard.type(keys)
    ann.get_by_label("Last day").fill(ann.get_by_label("First day").input_value())
    tab_to(ann, "Arrange cover")
    with ann.expect_navigation():
        ann.keyboard.press("Enter")
    expect_message(ann, "Cover arranged")
    clean(ann)
    vic = signed_in("vic")
    expect(vic.get_by_text("Analyst for Ann until")).to_be_visible()
    clean(vic)
    vic.goto(f"{W}cover/")
    vic.get_by_role("link", name="End cover early").click()
    clean(vic)
    press(vic, "End cover now")
    expect(vic.get_by_role("main")).to_contain_text("No cover is arranged")


def test_other_administrator_pages(signed_in: Callable[[str], Page], clean: Callable[[Page], None]) -> None:
    ada = signed_in("ada")
    for path in ("settings/", "settings/details/", "settings/before/", "settings/close/", "members/"):
        ada.goto(f"{W}{path}")
        clean(ada)


def test_the_roles_page(visitor: Callable[[], Page], clean: Callable[[Page], None]) -> None:
    page = visitor()
    page.goto("/roles/")
    clean(page)


def tab_to(page: Page, text: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.innerText || ''"):
            return
    raise AssertionError(f"{text!r} cannot be reached with the keyboard")


def tab_to_label(page: Page, label: str) -> None:
    for _ in range(60):
        if page.get_by_label(label).evaluate("field => field === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{label!r} cannot be reached with the keyboard")
