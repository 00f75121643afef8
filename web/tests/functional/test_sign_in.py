"""Coming in and looking after one's way in, in a real browser on the real server, with axe on every page."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from sign_in_sites import PASSWORD, Site, served

Axe = Callable[[Page], list[str]]
PEOPLE = {"ana": "analyst", "vic": "viewer", "pat": "viewer", "sam": "viewer", "kim": "approver", "tot": "officer"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("sign-in"), PEOPLE, EVENHAND_SECOND_FACTOR_REQUIRED="true") as site:
        yield site


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        opened.append(browser.new_context(base_url=site.address, **options))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def new_page(context: Callable[..., BrowserContext], **options: object) -> Page:
    """A page that keeps a list of what goes wrong on it."""
    page = context(**options).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    # what a click on the way to the next page cuts off has not failed
    page.on(
        "requestfailed",
        lambda request: None if request.failure == "net::ERR_ABORTED" else faults.append(f"failed: {request.url}"),
    )
    page.faults = faults  # type: ignore[attr-defined]
    return page


def email(name: str) -> str:
    return f"{name}@anywhere.example"


def give_password(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.get_by_label("E-mail address").fill(email(name))
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def code_of(key: str, *, steps: int = 0) -> str:
    """RFC 6238, worked out here and not by the site."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def clean(page: Page, axe: Axe) -> None:
    """Nothing for axe to say, wide and at 320 pixels, where nothing may stick out either."""
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def set_up_app(page: Page) -> str:
    page.goto("/account/second-step/app/")
    if page.get_by_role("heading", level=1).inner_text() == "Is it you?":
        prove(page)
    key = page.locator("code").inner_text()
    page.get_by_label("The six figures").fill(code_of(key, steps=-1))  # so that the code of now is still unused
    page.get_by_role("button", name="Add the app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return key


def test_a_role_that_needs_it_sets_up_an_app_and_signs_in_with_its_codes(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    page = new_page(context, java_script_enabled=True)
    give_password(page, "ana")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second step")  # and not her work
    expect(page.get_by_text("Your role asks for it: Analyst")).to_be_visible()
    clean(page, axe)
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second step")
    page.goto("/account/second-step/app/")
    clean(page, axe)
    prove(page)
    clean(page, axe)
    picture = page.get_by_role("img", name="The key as a picture")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    key = set_up_app(page)
    codes = page.locator(".eh-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    clean(page, axe)
    page.reload()
    expect(page.get_by_text("They were shown once")).to_be_visible()
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    assert page.faults == []  # type: ignore[attr-defined]

    later = new_page(context, java_script_enabled=False)
    give_password(later, "ana")
    expect(later.get_by_role("heading", level=1)).to_have_text("The second step")
    later.get_by_label("Code").fill("000000")
    later.get_by_role("button", name="Sign in").click()
    expect(later.get_by_text("That code is not right").first).to_be_visible()
    code = code_of(key)
    later.get_by_label("Code").fill(code)
    later.get_by_role("button", name="Sign in").click()
    expect(later.get_by_role("heading", level=1)).to_have_text("Your work")

    again = new_page(context)
    give_password(again, "ana")
    again.get_by_label("Code").fill(code)  # each code once, whichever process asks
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_text("That code is not right").first).to_be_visible()
    clean(again, axe)
    again.get_by_label("Code").fill(codes[3])
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Your work")
    again.goto("/account/second-step/")
    expect(again.get_by_text("9 codes are left")).to_be_visible()

    used = new_page(context)
    give_password(used, "ana")
    used.get_by_label("Code").fill(codes[3])
    used.get_by_role("button", name="Sign in").click()
    expect(used.get_by_text("That code is not right").first).to_be_visible()
    kept = site.python("from allauth.mfa.models import Authenticator; print(Authenticator.objects.values_list('data'))")
    assert key not in kept


def test_a_passkey_is_added_and_then_opens_alone(site: Site, context: Callable[..., BrowserContext], axe: Axe) -> None:
    page = new_page(context)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    give_password(page, "kim")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second step")
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    clean(page, axe)
    page.get_by_label("A name for it").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.goto("/account/passkeys/")
    expect(page.get_by_role("rowheader", name="My telephone")).to_be_visible()
    clean(page, axe)
    sign_out(page)

    page.goto("/sign-in/")
    clean(page, axe)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    sign_out(page)

    give_password(page, "kim")  # or after the password
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    clean(page, axe)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")

    page.goto("/account/confirm/passkey/?next=/account/passkeys/")  # or in place of the password, where one is asked
    clean(page, axe)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your passkeys")
    page.get_by_role("link", name="Name My telephone").click()
    page.get_by_label("Name").fill("Old telephone")
    page.get_by_role("button", name="Keep the name").click()
    page.get_by_role("link", name="remove Old telephone").click()
    clean(page, axe)
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("You have none yet.")).to_be_visible()
    assert page.faults == []  # type: ignore[attr-defined]
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()  # the device still offers it; the site forgot it
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    kinds = [after for action, after in site.record() if action.endswith("_second_step")]
    assert {"kind": "webauthn"} in kinds


def test_a_passkey_that_fails_says_so_and_what_has_no_name_has_none(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    page = new_page(context)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "isUserVerified": False, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"hasResidentKey": True}})
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")
    clean(page, axe)
    by_figures = new_page(context)
    by_figures.goto(site.address.replace("localhost", "127.0.0.1") + "/sign-in/")
    expect(by_figures.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    without = new_page(context, java_script_enabled=False)
    without.goto("/sign-in/")
    expect(without.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_scripts_run_on_the_passkey_pages_alone(context: Callable[..., BrowserContext]) -> None:
    page = new_page(context)
    with_script = page.goto("/sign-in/").headers["content-security-policy"]
    assert "script-src 'self'" in with_script
    assert "unsafe-inline" not in with_script
    for address in ("/sign-in/forgotten/", "/", "/sign-in/no-access/"):
        answer = page.goto(address)
        assert "script-src" not in answer.headers["content-security-policy"]
        assert page.locator("script").count() == 0


def sign_out(page: Page) -> None:
    page.get_by_role("link", name="Sign out").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Staff sign-in")).to_be_visible()


def test_sessions_are_listed_and_an_ended_one_opens_nothing(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    here, there, elsewhere = (new_page(context) for _browser in range(3))
    for page in (here, there, elsewhere):
        give_password(page, "vic")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    here.get_by_role("link", name="Your account").click()
    clean(here, axe)
    here.get_by_role("link", name="See where, and sign out").click()
    expect(here.get_by_role("rowheader", name="Chrome on Linux")).to_have_count(3)
    expect(here.get_by_text("this one")).to_have_count(1)
    clean(here, axe)
    here.get_by_role("button", name=re.compile("^Sign out Chrome")).last.click()
    expect(here.get_by_role("status")).to_contain_text("That browser is signed out.")
    opened = [page for page in (there, elsewhere) if _opens_work(page)]
    assert len(opened) == 1
    here.get_by_role("button", name="Sign out everywhere else").click()
    expect(here.get_by_role("status")).to_contain_text("1 other browser is signed out.")
    assert not _opens_work(opened[0])
    assert _opens_work(here)
    assert ("sign_in.end_sessions", {"ended": 1}) in site.record()


def _opens_work(page: Page) -> bool:
    page.goto("/work/")
    return page.get_by_role("heading", level=1).inner_text() == "Your work"


def test_the_cookie_of_a_session_is_closed_to_scripts_and_new_at_each_sign_in(
    context: Callable[..., BrowserContext],
) -> None:
    page = new_page(context)
    page.goto("/sign-in/passkey/", wait_until="commit")
    page.request.get("/sign-in/passkey/", headers={"Accept": "application/json"})  # opens a stranger's session
    before = {each["name"]: each["value"] for each in page.context.cookies()}
    give_password(page, "vic")
    (cookie,) = (each for each in page.context.cookies() if "session" in each["name"])
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert before["sessionid"] != cookie["value"]


def test_someone_whose_access_ends_is_out_at_the_next_click(site: Site, context: Callable[..., BrowserContext]) -> None:
    page = new_page(context)
    give_password(page, "pat")
    assert _opens_work(page)
    site.python(
        "from evenhand.authorities.actions import end_access\n"
        "from evenhand.authorities.queries import authority, operator, person\n"
        "end_access(person('pat@anywhere.example'), authority('anywhere'), by=operator(), reason='left')"
    )
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    give_password(page, "pat")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your access has ended")


def test_a_forgotten_password_is_replaced_once(site: Site, context: Callable[..., BrowserContext], axe: Axe) -> None:
    page, signed_in = new_page(context), new_page(context)
    give_password(signed_in, "sam")
    page.goto("/sign-in/")
    page.get_by_role("link", name="I have forgotten my password").click()
    clean(page, axe)
    answers = []
    for address in (email("sam"), email("nobody")):
        page.goto("/sign-in/forgotten/")
        page.get_by_label("E-mail address").fill(address)
        page.get_by_role("button", name="Send the link").click()
        answers.append(page.locator("main").inner_html())
    assert answers[0] == answers[1]
    clean(page, axe)
    link = site.link(email("sam"))
    assert site.messages(email("nobody")) == []
    page.goto(link)
    assert link.split("-")[-1].strip("/") not in page.url  # the secret is out of the address before the page shows
    clean(page, axe)
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("The new password again").fill("password1234")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("alert")).to_contain_text("too common")
    clean(page, axe)
    page.get_by_label("New password", exact=True).fill("seven slow boats and a lamp")
    page.get_by_label("The new password again").fill("seven slow boats and a lamp")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your new password is kept")
    clean(page, axe)
    assert not _opens_work(signed_in)
    twice = new_page(context)
    answer = twice.goto(link)
    assert answer.status == 410
    expect(twice.get_by_role("heading", level=1)).to_have_text("This link opens nothing")
    clean(twice, axe)
    give_password(twice, "sam")
    expect(twice.get_by_text("don’t go together").first).to_be_visible()
    give_password(twice, "sam", "seven slow boats and a lamp")
    expect(twice.get_by_role("heading", level=1)).to_have_text("Your work")
    assert "changed by a link" in site.messages(email("sam"))[-1]


def test_a_changed_password_signs_the_others_out(site: Site, context: Callable[..., BrowserContext], axe: Axe) -> None:
    here, there = new_page(context), new_page(context)
    for page in (here, there):
        give_password(page, "tot")
    here.goto("/account/password/")
    clean(here, axe)
    here.get_by_label("Your password now").fill(PASSWORD)
    for label in ("New password", "The new password again"):
        here.get_by_label(label, exact=True).fill("nine quiet foxes under glass")
    here.get_by_role("button", name="Change the password").click()
    expect(here.get_by_role("status")).to_contain_text("Your password is changed")
    assert _opens_work(here)
    assert not _opens_work(there)


@pytest.fixture(scope="module", autouse=True)
def _nothing_broke(site: Site) -> Iterator[None]:
    """No page ended in a fault of ours, and no line of the log names a person."""
    yield
    log = Path(site.var / "server.log").read_text()
    assert "Traceback" not in log
    assert "@anywhere.example" not in log
