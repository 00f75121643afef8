"""The body's own sign-in service: a real OpenID Connect provider in a process of its own, and the real server."""

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

from own_servers import free_port
from sign_in_sites import Site, served, wait_for

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

    def knows(self, subject: str, **claims: object) -> None:
        about = {"email": f"{subject}@anywhere.example", "email_verified": True, "name": subject.title()} | claims
        asked = Request(f"{self.address}/users/{subject}", json.dumps(about).encode(), method="PUT")
        asked.add_header("Content-Type", "application/json")
        with urlopen(asked, timeout=10) as answer:
            assert answer.status == 204


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    port = free_port()
    log = tmp_path_factory.mktemp("provider") / "log"
    with log.open("w") as said, subprocess.Popen([PROGRAM, "--port", str(port)], stdout=said, stderr=said) as process:
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
        site.python(MAP)
        yield site
        log = (site.var / "server.log").read_text()
        assert "Traceback" not in log
        assert "anywhere.example" not in log


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_more: object) -> None:
        return None


class Client:
    """A browser without a screen, which shows each step and can be made to lie."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.opener = build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()), _Stay)

    def ask(self, address: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        sent = urlencode(data).encode() if data is not None else None
        where = address if address.startswith("http") else self.site.address + address
        try:
            with self.opener.open(Request(where, sent), timeout=30) as answer:
                return answer.status, answer.headers.get("Location", ""), answer.read().decode()
        except HTTPError as other:
            return other.code, other.headers.get("Location", ""), other.read().decode()

    def go_there(self) -> str:
        status, there, page = self.ask("/sign-in/service/service/")
        assert status == 302, page
        return there

    def come_back(self, there: str, subject: str) -> str:
        status, back, page = self.ask(there, {"sub": subject})
        assert status == 302, page
        return back

    def sign_in(self, subject: str) -> tuple[int, str, str]:
        return self.ask(self.come_back(self.go_there(), subject))

    def opens(self, path: str = "/work/") -> int:
        return self.ask(path)[0]


def roles(site: Site, name: str) -> list[str]:
    return list(json.loads(site.python(ROLES.format(email=f"{name}@anywhere.example")).replace("'", '"')))


def test_a_known_person_comes_in_by_the_service(
    site: Site, provider: Provider, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    provider.knows("known")
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


def test_the_service_is_asked_with_a_proof_key_and_a_secret_of_its_own(site: Site) -> None:
    asked = [parse_qs(urlsplit(Client(site).go_there()).query) for _visit in range(2)]
    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["response_type"] == ["code"]
    for secret in ("code_challenge", "state", "nonce"):
        assert asked[0][secret] != asked[1][secret]


def test_groups_give_roles_and_take_them_away_again(site: Site, provider: Provider) -> None:
    provider.knows("newcomer", groups=["everyone", "bowling"])
    client = Client(site)
    assert client.sign_in("newcomer")[:2] == (302, "/work/")
    assert client.opens() == 200
    assert roles(site, "newcomer") == ["viewer"]
    provider.knows("newcomer", groups=["everyone", "equality-analysts"])
    assert Client(site).sign_in("newcomer")[0] == 302
    assert roles(site, "newcomer") == ["analyst", "viewer"]
    assert client.opens() == 200  # the service's own second step counts
    provider.knows("newcomer", groups=["everyone"])
    assert Client(site).sign_in("newcomer")[0] == 302
    assert roles(site, "newcomer") == ["viewer"]
    provider.knows("newcomer", groups=[])
    status, _where, said = Client(site).sign_in("newcomer")
    assert status == 403
    assert "none of your groups" in said
    assert roles(site, "newcomer") == []
    assert client.opens() == 302


def test_someone_without_a_mapped_group_is_told_whom_to_ask_and_leaves_no_account(
    site: Site, provider: Provider
) -> None:
    provider.knows("stranger", groups=["bowling"])
    client = Client(site)
    status, _where, said = client.sign_in("stranger")
    assert status == 403
    assert "Ask an administrator of your authority" in said
    assert client.opens() == 302
    found = site.python(
        "from evenhand.authorities.models import User; print(User.objects.filter(email__startswith='stranger').count())"
    )
    assert found == "0"


@pytest.mark.parametrize("says", [False, "false", "true", None])
def test_an_address_that_the_service_does_not_vouch_for_opens_nobodys_account(
    site: Site, provider: Provider, says: object
) -> None:
    provider.knows("doubted", email_verified=says, groups=["everyone"])
    client = Client(site)
    status, _where, said = client.sign_in("doubted")
    assert status == 403
    assert "does not say that your e-mail address is checked" in said
    assert client.opens() == 302


def test_a_link_holds_by_the_subject_though_the_address_changes(site: Site, provider: Provider) -> None:
    provider.knows("linked")
    assert Client(site).sign_in("linked")[0] == 302
    provider.knows("linked", email="known@anywhere.example")  # even if it is a colleague's
    client = Client(site)
    assert client.sign_in("linked")[0] == 302
    assert "linked@anywhere.example" in client.ask("/account/")[2]


def test_an_answer_that_was_changed_or_belongs_to_another_browser_is_refused(site: Site, provider: Provider) -> None:
    provider.knows("known")
    another = Client(site)
    back = another.come_back(another.go_there(), "known")
    for changed in (
        back,  # in a browser that did not ask
        back.replace("state=", "state=x"),
        back.replace("code=", "code=x"),
    ):
        client = Client(site)
        client.go_there()
        assert client.ask(changed)[0] in (401, 403)
        assert client.opens() == 302
    assert another.ask(back)[0] == 302
    assert another.ask(back)[0] == 401  # once

    client = Client(site)
    there = client.go_there()
    nonce = parse_qs(urlsplit(there).query)["nonce"][0]
    status, _where, said = client.ask(client.come_back(there.replace(nonce, "n" * len(nonce)), "known"))
    assert status == 403
    assert "does not belong to this sign-in" in said
    assert client.opens() == 302


def test_whoever_stops_at_the_service_can_begin_again(site: Site) -> None:
    client = Client(site)
    status, back, _page = client.ask(client.go_there(), {"action": "deny"})
    assert status == 302
    status, where, _page = client.ask(back)
    assert (status, where) == (302, "/sign-in/service/cancelled/")
    assert "Nothing has changed" in client.ask(where)[2]


@pytest.fixture
def context(browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def open_one(**options: object) -> BrowserContext:
        opened.append(browser.new_context(**options))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


def test_when_the_service_is_down_the_page_says_so(site: Site, provider: Provider) -> None:
    """Last: the provider is ended here."""
    client = Client(site)
    back = client.come_back(client.go_there(), "known")
    provider.process.terminate()
    provider.process.wait()
    for address in ("/sign-in/service/service/", back):
        status, _where, said = client.ask(address)
        assert status in (401, 503)
        assert "did not answer as it should" in said
    assert client.ask("/sign-in/")[0] == 200
