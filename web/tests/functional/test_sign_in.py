"""Signing in and managing how you sign in, in a real browser on the real server, with axe on every page."""

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

from support.sign_in_sites import PASSWORD, Site, served

Axe = Callable[[Page], list[str]]
PEOPLE = {"ana": "analyst", "vic": "viewer", "pat": "viewer", "sam": "viewer", "kim": "approver", "tot": "officer"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("sign-in"), PEOPLE, EVENHAND_SECOND_FACTOR_REQUIRED="true") as site:
        yield site


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        opened.append(browser.new_context(base_url=site.address, **options))
        return opened[-1]

    yield open_context
    for browser_context in opened:
        browser_context.close()


def new_page(context: Callable[..., BrowserContext], **options: object) -> Page:
    """A page that keeps a list of its errors."""
    page = context(**options).new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    # a request that is cancelled by leaving the page has not failed
    page.on(
        "requestfailed",
        lambda request: None if request.failure == "net::ERR_ABORTED" else errors.append(f"failed: {request.url}"),
    )
    page.errors = errors  # type: ignore[attr-defined]
    return page


def email(name: str) -> str:
    return f"{name}@anywhere.example"


def sign_in_with_password(page: Page, name: str, password: str = PASSWORD) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Email address").fill(email(name))
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm_password(page: Page) -> None:
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def totp_code(key: str, *, steps: int = 0) -> str:
    """RFC 6238, implemented without the site's code."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def check_page(page: Page, axe: Axe) -> None:
    """axe finds no problems, on a wide screen and at 320 pixels, where the page must not scroll sideways."""
    assert axe(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def set_up_app(page: Page) -> str:
    page.goto("/account/second-step/app/")
    if page.get_by_role("heading", level=1).inner_text() == "Confirm it’s you":
        confirm_password(page)
    key = page.locator("code").inner_text()
    page.get_by_label("6-digit code").fill(totp_code(key, steps=-1))  # leaves the current code unused
    page.get_by_role("button", name="Add app").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    return key


def test_an_analyst_sets_up_an_authenticator_app_and_signs_in_with_its_codes(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    page = new_page(context, java_script_enabled=True)
    sign_in_with_password(page, "ana")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-factor authentication")  # and not “Your work”
    expect(page.get_by_text("Your role requires two-factor authentication: Analyst")).to_be_visible()
    check_page(page, axe)
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-factor authentication")
    page.goto("/account/second-step/app/")
    check_page(page, axe)
    confirm_password(page)
    check_page(page, axe)
    qr_code = page.get_by_role("img", name="QR code for your authenticator app")
    assert qr_code.evaluate("image => image.complete && image.naturalWidth > 100")
    key = set_up_app(page)
    codes = page.locator(".eh-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    check_page(page, axe)
    page.reload()
    expect(page.get_by_text("They were shown when they were created")).to_be_visible()
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    assert page.errors == []  # type: ignore[attr-defined]

    without_script = new_page(context, java_script_enabled=False)
    sign_in_with_password(without_script, "ana")
    expect(without_script.get_by_role("heading", level=1)).to_have_text("Confirm your sign-in")
    without_script.get_by_label("Security code").fill("000000")
    without_script.get_by_role("button", name="Sign in").click()
    expect(without_script.get_by_text("The security code is incorrect").first).to_be_visible()
    code = totp_code(key)
    without_script.get_by_label("Security code").fill(code)
    without_script.get_by_role("button", name="Sign in").click()
    expect(without_script.get_by_role("heading", level=1)).to_have_text("Your work")

    again = new_page(context)
    sign_in_with_password(again, "ana")
    again.get_by_label("Security code").fill(code)  # each code works once, in all server processes
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_text("The security code is incorrect").first).to_be_visible()
    check_page(again, axe)
    again.get_by_label("Security code").fill(codes[3])
    again.get_by_role("button", name="Sign in").click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Your work")
    again.goto("/account/second-step/")
    expect(again.get_by_text("You have 9 recovery codes left")).to_be_visible()

    used = new_page(context)
    sign_in_with_password(used, "ana")
    used.get_by_label("Security code").fill(codes[3])
    used.get_by_role("button", name="Sign in").click()
    expect(used.get_by_text("The security code is incorrect").first).to_be_visible()
    stored = site.run_script(
        "from allauth.mfa.models import Authenticator; print(Authenticator.objects.values_list('data'))"
    )
    assert key not in stored


def test_a_passkey_is_added_and_works_without_a_password(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
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
    sign_in_with_password(page, "kim")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-factor authentication")
    page.get_by_role("link", name="Add a passkey").click()
    confirm_password(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a passkey")
    check_page(page, axe)
    page.get_by_label("Passkey name").fill("My phone")
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1
    page.goto("/account/passkeys/")
    expect(page.get_by_role("rowheader", name="My phone")).to_be_visible()
    check_page(page, axe)
    sign_out(page)

    page.goto("/sign-in/")
    check_page(page, axe)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    sign_out(page)

    sign_in_with_password(page, "kim")  # or as the second factor after the password
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your sign-in")
    check_page(page, axe)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")

    page.goto("/account/confirm/passkey/?next=/account/passkeys/")  # or to confirm it’s you
    check_page(page, axe)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your passkeys")
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("Name").fill("Old phone")
    page.get_by_role("button", name="Save name").click()
    page.get_by_role("link", name="Remove Old phone").click()
    check_page(page, axe)
    page.get_by_role("button", name="Remove passkey").click()
    expect(page.get_by_text("You have no passkeys.")).to_be_visible()
    assert page.errors == []  # type: ignore[attr-defined]
    sign_out(page)
    page.goto("/sign-in/")
    page.get_by_role(
        "button", name="Sign in with a passkey"
    ).click()  # the device still offers it, but the site has removed it
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    kinds = [after for action, after in site.record() if action.endswith("_second_step")]
    assert {"kind": "webauthn"} in kinds


def test_a_failed_passkey_shows_an_error_and_passkeys_are_not_offered_at_an_ip_address(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    page = new_page(context)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "isUserVerified": False, "hasUserVerification": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"hasResidentKey": True}})
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey did not work")
    check_page(page, axe)
    by_ip_address = new_page(context)
    by_ip_address.goto(site.address.replace("localhost", "127.0.0.1") + "/sign-in/")
    expect(by_ip_address.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    without_script = new_page(context, java_script_enabled=False)
    without_script.goto("/sign-in/")
    expect(without_script.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_only_passkey_pages_have_scripts(context: Callable[..., BrowserContext]) -> None:
    page = new_page(context)
    with_script = page.goto("/sign-in/").headers["content-security-policy"]
    assert "script-src 'self'" in with_script
    assert "unsafe-inline" not in with_script
    for address in ("/sign-in/forgotten/", "/", "/sign-in/no-access/"):
        response = page.goto(address)
        assert "script-src" not in response.headers["content-security-policy"]
        assert page.locator("script").count() == 0


def sign_out(page: Page) -> None:
    page.get_by_role("link", name="Sign out").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Staff sign-in")).to_be_visible()


def test_sessions_are_listed_and_an_ended_session_has_no_access(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    current, second, third = (new_page(context) for _browser in range(3))
    for page in (current, second, third):
        sign_in_with_password(page, "vic")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    current.get_by_role("link", name="Your account").click()
    check_page(current, axe)
    current.get_by_role("link", name="See where you are signed in").click()
    expect(current.get_by_role("rowheader", name="Chrome on Linux")).to_have_count(3)
    expect(current.get_by_text("This browser")).to_have_count(1)
    check_page(current, axe)
    current.get_by_role("button", name=re.compile("^Sign out Chrome")).last.click()
    expect(current.get_by_role("status")).to_contain_text("Signed out of that browser.")
    still_open = [page for page in (second, third) if _can_open_work(page)]
    assert len(still_open) == 1
    current.get_by_role("button", name="Sign out of all other browsers").click()
    expect(current.get_by_role("status")).to_contain_text("Signed out of 1 other browser.")
    assert not _can_open_work(still_open[0])
    assert _can_open_work(current)
    assert ("sign_in.end_sessions", {"ended": 1}) in site.record()


def _can_open_work(page: Page) -> bool:
    page.goto("/work/")
    return page.get_by_role("heading", level=1).inner_text() == "Your work"


def test_the_session_cookie_is_http_only_and_changes_at_sign_in(
    context: Callable[..., BrowserContext],
) -> None:
    page = new_page(context)
    page.goto("/sign-in/passkey/", wait_until="commit")
    page.request.get("/sign-in/passkey/", headers={"Accept": "application/json"})  # starts an anonymous session
    before = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    sign_in_with_password(page, "vic")
    (cookie,) = (cookie for cookie in page.context.cookies() if cookie["name"] in ("sessionid", "__Host-session"))
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert before["sessionid"] != cookie["value"]


def test_someone_whose_access_ends_is_signed_out_on_the_next_request(
    site: Site, context: Callable[..., BrowserContext]
) -> None:
    page = new_page(context)
    sign_in_with_password(page, "pat")
    assert _can_open_work(page)
    site.run_script(
        "from evenhand.authorities.actions import end_access\n"
        "from evenhand.authorities.queries import authority, operator, person\n"
        "end_access(person('pat@anywhere.example'), authority('anywhere'), by=operator(), reason='left')"
    )
    page.goto("/work/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff sign-in")
    sign_in_with_password(page, "pat")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your access has ended")


def test_a_password_reset_link_works_once(site: Site, context: Callable[..., BrowserContext], axe: Axe) -> None:
    page, signed_in = new_page(context), new_page(context)
    sign_in_with_password(signed_in, "sam")
    page.goto("/sign-in/")
    page.get_by_role("link", name="Forgotten your password?").click()
    check_page(page, axe)
    pages = []
    for address in (email("sam"), email("nobody")):
        page.goto("/sign-in/forgotten/")
        page.get_by_label("Email address").fill(address)
        page.get_by_role("button", name="Send link").click()
        pages.append(page.locator("main").inner_html())
    assert pages[0] == pages[1]
    check_page(page, axe)
    link = site.link(email("sam"))
    assert site.messages(email("nobody")) == []
    page.goto(link)
    assert link.split("-")[-1].strip("/") not in page.url  # the token is removed from the URL before the page is shown
    check_page(page, axe)
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("Confirm new password").fill("password1234")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("alert")).to_contain_text("too common")
    check_page(page, axe)
    page.get_by_label("New password", exact=True).fill("seven slow boats and a lamp")
    page.get_by_label("Confirm new password").fill("seven slow boats and a lamp")
    page.get_by_role("button", name="Save password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Password changed")
    check_page(page, axe)
    assert not _can_open_work(signed_in)
    second_use = new_page(context)
    response = second_use.goto(link)
    assert response.status == 410
    expect(second_use.get_by_role("heading", level=1)).to_have_text("This link does not work")
    check_page(second_use, axe)
    sign_in_with_password(second_use, "sam")
    expect(second_use.get_by_text("The email address or password is incorrect").first).to_be_visible()
    sign_in_with_password(second_use, "sam", "seven slow boats and a lamp")
    expect(second_use.get_by_role("heading", level=1)).to_have_text("Your work")
    assert "reset using a link" in site.messages(email("sam"))[-1]


def test_changing_the_password_ends_other_sessions(
    site: Site, context: Callable[..., BrowserContext], axe: Axe
) -> None:
    current, other = new_page(context), new_page(context)
    for page in (current, other):
        sign_in_with_password(page, "tot")
    current.goto("/account/password/")
    check_page(current, axe)
    current.get_by_label("Current password").fill(PASSWORD)
    for label in ("New password", "Confirm new password"):
        current.get_by_label(label, exact=True).fill("nine quiet foxes under glass")
    current.get_by_role("button", name="Change password").click()
    expect(current.get_by_role("status")).to_contain_text("Password changed")
    assert _can_open_work(current)
    assert not _can_open_work(other)


@pytest.fixture(scope="module", autouse=True)
def _no_server_errors(site: Site) -> Iterator[None]:
    """No page caused a server error, and no line of the log contains an email address."""
    yield
    log = Path(site.var / "server.log").read_text()
    assert "Traceback" not in log
    assert "@anywhere.example" not in log
