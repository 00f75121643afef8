"""Single sign-on, with an OpenID Connect provider in a separate process and the real server."""

import http.cookiejar
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from support.servers import free_port
from support.sign_in_sites import Site, served, wait_for

PROGRAM = Path(sys.executable).parent / "oidc-provider-mock"
MAP = """
from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.queries import authority, operator
for group, role in (("equality-analysts", Role.ANALYST), ("everyone", Role.VIEWER)):
    actions.map_group(authority("anywhere"), by=operator(), provider="service", group=group, role=role)
"""
ROLES = """
from evenhand.authorities.models import Membership
print(sorted(Membership.objects.filter(user__email={email!r}, ended_at=None).values_list("role", flat=True)))
"""


@dataclass
class Provider:
    address: str
    process: "subprocess.Popen[bytes]"

    def add_user(self, subject: str, **claims: object) -> None:
        user = {"email": f"{subject}@anywhere.example", "email_verified": True, "name": subject.title()} | claims
        request = Request(f"{self.address}/users/{subject}", json.dumps(user).encode(), method="PUT")
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=10) as response:
            assert response.status == 204


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    port = free_port()
    log = tmp_path_factory.mktemp("provider") / "log"
    with (
        log.open("w") as output,
        subprocess.Popen([PROGRAM, "--port", str(port)], stdout=output, stderr=output) as process,
    ):
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/.well-known/openid-configuration", process)
        yield Provider(address, process)
        process.terminate()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[Site]:
    with served(
        tmp_path_factory.mktemp("service"),
        {"known": "officer", "linked": "viewer", "doubted": "administrator"},
        EVENHAND_OIDC_SERVER_URL=provider.address,
        EVENHAND_OIDC_NAME="Anywhere Council’s sign-in",
        EVENHAND_OIDC_CLIENT_ID="evenhand",
        EVENHAND_OIDC_CLIENT_SECRET="a secret between the two",
        EVENHAND_FETCH_ALLOWED=urlsplit(provider.address).netloc,
        EVENHAND_SECOND_FACTOR_REQUIRED="true",
    ) as site:
        site.run_script(MAP)
        yield site
        log = (site.var / "server.log").read_text()
        assert "Traceback" not in log
        assert "anywhere.example" not in log


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


class BrowserClient:
    """An HTTP client that follows one redirect at a time, so that a test can change any of them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirects)

    def request(self, address: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = urlencode(data).encode() if data is not None else None
        url = address if address.startswith("http") else self.site.address + address
        try:
            with self.opener.open(Request(url, body), timeout=30) as response:
                return response.status, response.headers.get("Location", ""), response.read().decode()
        except HTTPError as error:
            return error.code, error.headers.get("Location", ""), error.read().decode()

    def start_sign_in(self) -> str:
        status, provider_url, page = self.request("/sign-in/service/service/")
        assert status == 302, page
        return provider_url

    def authorise(self, provider_url: str, subject: str) -> str:
        status, callback_url, page = self.request(provider_url, {"sub": subject})
        assert status == 302, page
        return callback_url

    def sign_in(self, subject: str) -> tuple[int, str, str]:
        return self.request(self.authorise(self.start_sign_in(), subject))

    def status_of(self, path: str = "/work/") -> int:
        return self.request(path)[0]


def roles(site: Site, name: str) -> list[str]:
    return list(json.loads(site.run_script(ROLES.format(email=f"{name}@anywhere.example")).replace("'", '"')))


def test_a_person_with_an_account_signs_in_with_single_sign_on(
    site: Site, provider: Provider, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    provider.add_user("known")
    page.goto("/sign-in/")
    assert axe(page) == []
    page.get_by_role("link", name="Sign in with Anywhere Council’s sign-in").click()
    page.get_by_placeholder("sub").fill("known")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your work")
    assert ("sign_in.sign_in", {"ways": ["socialaccount"]}) in site.record()


@pytest.fixture
def page(context: Callable[..., BrowserContext], site: Site) -> Page:
    return context(base_url=site.address).new_page()


def test_each_sign_in_uses_pkce_and_its_own_state_and_nonce(site: Site) -> None:
    queries = [parse_qs(urlsplit(BrowserClient(site).start_sign_in()).query) for _visit in range(2)]
    assert queries[0]["code_challenge_method"] == ["S256"]
    assert queries[0]["response_type"] == ["code"]
    for secret in ("code_challenge", "state", "nonce"):
        assert queries[0][secret] != queries[1][secret]


def test_roles_follow_the_persons_groups(site: Site, provider: Provider) -> None:
    provider.add_user("newcomer", groups=["everyone", "bowling"])
    client = BrowserClient(site)
    assert client.sign_in("newcomer")[:2] == (302, "/work/")
    assert client.status_of() == 200
    assert roles(site, "newcomer") == ["viewer"]
    provider.add_user("newcomer", groups=["everyone", "equality-analysts"])
    assert BrowserClient(site).sign_in("newcomer")[0] == 302
    assert roles(site, "newcomer") == ["analyst", "viewer"]
    assert client.status_of() == 200  # the second factor of the service counts
    provider.add_user("newcomer", groups=["everyone"])
    assert BrowserClient(site).sign_in("newcomer")[0] == 302
    assert roles(site, "newcomer") == ["viewer"]
    provider.add_user("newcomer", groups=[])
    status, _location, page = BrowserClient(site).sign_in("newcomer")
    assert status == 403
    assert "none of your groups" in page
    assert roles(site, "newcomer") == []
    assert client.status_of() == 302


def test_someone_without_a_mapped_group_is_told_whom_to_contact_and_gets_no_account(
    site: Site, provider: Provider
) -> None:
    provider.add_user("stranger", groups=["bowling"])
    client = BrowserClient(site)
    status, _location, page = client.sign_in("stranger")
    assert status == 403
    assert "Ask an administrator of your authority" in page
    assert client.status_of() == 302
    count = site.run_script(
        "from evenhand.authorities.models import User; print(User.objects.filter(email__startswith='stranger').count())"
    )
    assert count == "0"


@pytest.mark.parametrize("email_verified", [False, "false", "true", None])
def test_an_unverified_email_address_gives_no_access_to_an_account(
    site: Site, provider: Provider, email_verified: object
) -> None:
    provider.add_user("doubted", email_verified=email_verified, groups=["everyone"])
    client = BrowserClient(site)
    status, _location, page = client.sign_in("doubted")
    assert status == 403
    assert "has not verified your email address" in page
    assert client.status_of() == 302


def test_the_link_is_by_subject_even_if_the_email_address_changes(site: Site, provider: Provider) -> None:
    provider.add_user("linked")
    assert BrowserClient(site).sign_in("linked")[0] == 302
    provider.add_user("linked", email="known@anywhere.example")  # even if it is a colleague’s address
    client = BrowserClient(site)
    assert client.sign_in("linked")[0] == 302
    assert "linked@anywhere.example" in client.request("/account/")[2]


def test_a_changed_response_or_one_for_another_browser_is_refused(site: Site, provider: Provider) -> None:
    provider.add_user("known")
    other = BrowserClient(site)
    callback_url = other.authorise(other.start_sign_in(), "known")
    for changed in (
        callback_url,  # in a browser that did not start the sign-in
        callback_url.replace("state=", "state=x"),
        callback_url.replace("code=", "code=x"),
    ):
        client = BrowserClient(site)
        client.start_sign_in()
        assert client.request(changed)[0] in (401, 403)
        assert client.status_of() == 302
    assert other.request(callback_url)[0] == 302
    assert other.request(callback_url)[0] == 401  # it works only once

    client = BrowserClient(site)
    provider_url = client.start_sign_in()
    nonce = parse_qs(urlsplit(provider_url).query)["nonce"][0]
    status, _location, page = client.request(client.authorise(provider_url.replace(nonce, "n" * len(nonce)), "known"))
    assert status == 403
    assert "did not match this sign-in" in page
    assert client.status_of() == 302


def test_someone_who_cancels_at_the_service_can_start_again(site: Site) -> None:
    client = BrowserClient(site)
    status, callback_url, _page = client.request(client.start_sign_in(), {"action": "deny"})
    assert status == 302
    status, location, _page = client.request(callback_url)
    assert (status, location) == (302, "/sign-in/service/cancelled/")
    assert "Nothing has changed" in client.request(location)[2]


@pytest.fixture
def context(browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def open_context(**options: object) -> BrowserContext:
        opened.append(browser.new_context(**options))
        return opened[-1]

    yield open_context
    for browser_context in opened:
        browser_context.close()


def test_an_unavailable_service_shows_an_error_page(site: Site, provider: Provider) -> None:
    """This test is last because it stops the provider."""
    client = BrowserClient(site)
    callback_url = client.authorise(client.start_sign_in(), "known")
    provider.process.terminate()
    provider.process.wait()
    for address in ("/sign-in/service/service/", callback_url):
        status, _location, page = client.request(address)
        assert status in (401, 503)
        assert "There was a problem with the response from the sign-in service" in page
    assert client.request("/sign-in/")[0] == 200
