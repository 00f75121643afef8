"""The invitation page: for a new person, for someone with an account, and with links that do not work."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.sign_in_sites import PASSWORD, Site, served

INVITE = """
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator, person
invitation = actions.invite(authority("anywhere"), by=person("ada@anywhere.example"), email={email!r},
                            name="Someone New", roles=[Role({role!r})])
print(invitation.token)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    people = {"ada": "administrator", "una": "viewer", "ulf": "viewer", "uta": "viewer"}
    with served(tmp_path_factory.mktemp("invitation"), people, EVENHAND_SECOND_FACTOR_REQUIRED="true") as site:
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    opened: list[BrowserContext] = []

    def open_page() -> Page:
        opened.append(browser.new_context(base_url=site.address, java_script_enabled=True))
        return opened[-1].new_page()

    yield open_page
    for context in opened:
        context.close()


def invited(site: Site, email: str, role: str) -> str:
    return f"/invitation/{site.run_script(INVITE.format(email=email, role=role))}/"


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def test_a_new_person_accepts_and_is_asked_to_set_up_two_factor_authentication(
    site: Site, page: Callable[[], Page], axe: Callable[[Page], list[str]]
) -> None:
    link, new = invited(site, "nia@anywhere.example", "analyst"), page()
    new.goto(link)
    expect(new.get_by_text("Ada has invited you.")).to_be_visible()
    expect(new.get_by_text("Analyst")).to_be_visible()
    assert axe(new) == []
    new.get_by_label("Your name").fill("Nia New")
    for label in ("Password", "Confirm password"):
        new.get_by_label(label, exact=True).fill("nia new 2026")
    new.get_by_role("button", name="Accept and sign in").click()
    expect(new.get_by_role("alert")).to_contain_text("too similar")
    assert axe(new) == []
    new.set_viewport_size({"width": 320, "height": 700})
    assert axe(new) == []
    for label in ("Password", "Confirm password"):
        new.get_by_label(label, exact=True).fill(PASSWORD)
    new.get_by_role("button", name="Accept and sign in").click()
    expect(new.get_by_role("heading", level=1)).to_have_text("Two-factor authentication")
    again = page()
    response = again.goto(link)
    assert response.status == 404
    assert heading(again) == "This invitation does not work"
    assert axe(again) == []


def test_someone_with_an_account_needs_their_password(site: Site, page: Callable[[], Page]) -> None:
    link, una = invited(site, "una@anywhere.example", "scrutiny"), page()
    una.goto(link)
    una.get_by_label("Your password").fill("not this one, surely")
    una.get_by_role("button", name="Accept and sign in").click()
    expect(una.get_by_role("alert")).to_contain_text("You already have an account")
    una.get_by_label("Your password").fill(PASSWORD)
    una.get_by_role("button", name="Accept and sign in").click()
    expect(una.get_by_role("heading", level=1)).to_have_text("Your work")


def test_password_guesses_on_the_invitation_page_lock_the_account(site: Site, page: Callable[[], Page]) -> None:
    link, guesser = invited(site, "ulf@anywhere.example", "scrutiny"), page()
    for _guess in range(5):
        guesser.goto(link)
        guesser.get_by_label("Your password").fill("not this one, surely")
        guesser.get_by_role("button", name="Accept and sign in").click()
    assert heading(guesser) == "Too many attempts"
    guesser.goto(link)
    guesser.get_by_label("Your password").fill(PASSWORD)
    guesser.get_by_role("button", name="Accept and sign in").click()
    assert heading(guesser) == "Too many attempts"


def test_someone_signed_in_accepts_without_a_password(site: Site, page: Callable[[], Page]) -> None:
    link, uta = invited(site, "uta@anywhere.example", "scrutiny"), page()
    uta.goto("/sign-in/")
    uta.get_by_label("Email address").fill("uta@anywhere.example")
    uta.get_by_label("Password", exact=True).fill(PASSWORD)
    uta.get_by_role("button", name="Sign in", exact=True).click()
    expect(uta.get_by_role("heading", level=1)).to_have_text("Your work")
    assert link == site.link("uta@anywhere.example")  # the same link as in the email
    uta.goto(link)
    uta.get_by_role("button", name="Accept").click()
    expect(uta.get_by_text("You now have access to Anywhere Council.")).to_be_visible()


def test_wrong_used_and_withdrawn_links_look_alike(site: Site, page: Callable[[], Page]) -> None:
    link = invited(site, "wil@anywhere.example", "viewer")
    site.run_script(
        "from evenhand.authorities.actions import withdraw\n"
        "from evenhand.authorities.models import Invitation\n"
        "from evenhand.authorities.queries import operator\n"
        "withdraw(Invitation.objects.get(email='wil@anywhere.example'), by=operator())"
    )
    pages = []
    for address in (link, "/invitation/never-was-one/", re.sub(r".../$", "/", link)):
        visitor = page()
        assert visitor.goto(address).status == 404
        pages.append(visitor.locator("main").inner_html())
    assert len(set(pages)) == 1
