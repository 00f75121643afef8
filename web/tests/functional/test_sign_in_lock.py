"""Account locking on the real server, with many connections at once, on SQLite and PostgreSQL; and unlocking."""

import http.cookiejar
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from support.databases import BOTH_ENGINES
from support.sign_in_sites import PASSWORD, Site, served

GUESSERS = 40
LIMIT = 5


@pytest.fixture(params=BOTH_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path) -> Iterator[Site]:
    people = {"ann": "viewer", "bob": "viewer"}
    with served(tmp_path, people, engine=request.param, GUNICORN_CMD_ARGS="--threads 16") as site:
        yield site


class Visitor:
    """An HTTP client with cookies, such as an attacker would use."""

    def __init__(self, site: Site) -> None:
        self.address, self.jar = site.address, http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def request(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        body = None
        if data is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.request(path)[1])
            assert token
            body = urlencode(data | {"csrfmiddlewaretoken": token[1]}).encode()
        try:
            with self.opener.open(Request(self.address + path, body), timeout=120) as response:
                return response.status, response.read().decode(), response.url
        except HTTPError as error:
            return error.code, error.read().decode(), error.url

    def guess(self, email: str, password: str) -> tuple[int, str, str]:
        return self.request("/sign-in/", {"login": email, "password": password})


def is_wrong_password(page: str) -> bool:
    return "The email address or password is incorrect" in page


@pytest.mark.parametrize("guesses", [50, pytest.param(200, marks=pytest.mark.long)])
def test_at_most_five_of_many_simultaneous_guesses_are_checked(site: Site, guesses: int) -> None:
    """Each from a separate client. A guess that was checked gets the “incorrect” page, or is the one that locks."""
    email = "ann@anywhere.example"
    with ThreadPoolExecutor(GUESSERS) as pool:
        responses = list(pool.map(lambda number: Visitor(site).guess(email, f"guess {number}"), range(guesses)))
    assert {status for status, _page, _url in responses} <= {200, 429}
    checked = sum(is_wrong_password(page) for _status, page, _url in responses)
    assert checked < LIMIT
    counted = site.run_script(
        "from axes.models import AccessAttempt\n"
        "print(sum(attempt.failures_since_start for attempt in AccessAttempt.objects.all()))"
    )
    assert int(counted) >= LIMIT
    status, page, _url = Visitor(site).guess(email, PASSWORD)  # the right password is not checked either
    assert status == 429
    assert "Too many attempts" in page
    assert [action for action, _after in site.record()] == [
        "sign_in.lock"
    ]  # recorded once, by only one of the requests


def test_the_lock_is_the_same_for_an_unknown_email_address_and_can_be_lifted(site: Site) -> None:
    pages = []
    for email in ("bob@anywhere.example", "nobody@anywhere.example"):
        visitor = Visitor(site)
        responses = [visitor.guess(email, "not this") for _guess in range(LIMIT)]
        assert [status for status, _page, _url in responses] == [200] * (LIMIT - 1) + [429]
        pages.append(re.sub(r'value="[^"]+"', "", responses[-1][1]))
    assert pages[0] == pages[1]
    assert "unlock your account" in pages[0]
    assert "Locked until" in site.evenhand("sign_in", "status", "bob@anywhere.example")
    assert Visitor(site).guess("bob@anywhere.example", PASSWORD)[0] == 429
    assert "Failed attempts cleared: 5" in site.evenhand("sign_in", "unlock", "bob@anywhere.example")
    status, _page, url = Visitor(site).guess("Bob@Anywhere.example", PASSWORD)
    assert (status, url) == (200, f"{site.address}/work/")
    assert [action for action, _after in site.record()] == [
        "sign_in.lock",
        "sign_in.lock",
        "sign_in.unlock",
        "sign_in.sign_in",
    ]


def test_forwarded_for_headers_of_a_client_are_ignored(site: Site) -> None:
    """Each guess has a header as if it came from another machine. The account is still locked."""
    email = "ann@anywhere.example"
    for number in range(LIMIT):
        visitor = Visitor(site)
        visitor.opener.addheaders = [("X-Forwarded-For", f"203.0.113.{number}"), ("User-Agent", f"attacker {number}")]
        visitor.guess(email, "not this")
    assert Visitor(site).guess(email, PASSWORD)[0] == 429
    addresses = site.run_script(
        "from axes.models import AccessAttempt; print({attempt.ip_address for attempt in AccessAttempt.objects.all()})"
    )
    assert addresses == "{'127.0.0.1'}"
