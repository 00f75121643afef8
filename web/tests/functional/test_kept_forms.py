"""In a real browser: a form sent after the session ended, a double click, Back after a form, and long choices."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from support.sign_in_sites import PASSWORD, Site, served

W = "/work/anywhere/"
PLAN = "title: Our own words\nstatus: perhaps\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("kept"), {"ola": "officer", "ada": "administrator"}) as site:
        yield site
        assert "Traceback" not in (site.var / "server.log").read_text()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site.address, java_script_enabled=False, viewport={"width": 320, "height": 800}
    )
    yield context
    context.close()


def enter_password(page: Page, name: str) -> None:
    page.get_by_label("Email").fill(f"{name}@anywhere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def signed_in(context: BrowserContext, name: str) -> Page:
    page = context.new_page()
    page.goto("/sign-in/")
    enter_password(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    return page


def test_a_plan_pasted_after_the_session_ended_is_given_back_and_back_works(context: BrowserContext) -> None:
    page = signed_in(context, "ola")
    page.goto(f"{W}new-plan/")
    page.get_by_label("Or paste the text").fill(PLAN)
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("What you entered is kept for 30 minutes")
    enter_password(page, "ola")
    expect(page.get_by_role("status")).to_contain_text("You were signed out. What you entered has been kept")
    expect(page.get_by_label("Or paste the text")).to_have_value(PLAN)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("status: perhaps")
    result = page.url
    page.get_by_role("link", name="Cancel").click()
    page.go_back()
    expect(page).to_have_url(result)
    expect(page.get_by_role("alert")).to_contain_text("status: perhaps")


def test_a_double_click_does_one_thing_and_shows_its_message(context: BrowserContext) -> None:
    page = signed_in(context, "ada")
    page.goto(f"{W}units/add/")
    page.get_by_label("Name").fill("Housing")
    page.locator("main form button[type=submit]").dblclick()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Housing")


def test_the_text_of_a_choice_does_not_wrap_under_its_button(context: BrowserContext) -> None:
    page = signed_in(context, "ada")
    page.goto(f"{W}people/invite/")
    choices = page.locator(".eh-field > div > div > label")
    assert choices.count() == 6
    for choice in choices.all():
        button = choice.locator("input").bounding_box()
        label = choice.bounding_box()
        assert button
        assert label
        assert label["height"] > 2 * button["height"], "the text is long enough to wrap at this width"
        assert choice.evaluate("label => getComputedStyle(label).display") == "flex"
