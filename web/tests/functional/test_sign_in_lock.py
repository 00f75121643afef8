"""The lock: the real server, many connections at once, on SQLite and on PostgreSQL; and how it is lifted."""

import http.cookiejar
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from own_databases import BOTH
from sign_in_sites import PASSWORD, Site, served

GUESSERS, GUESSES = 40, 200
LIMIT = 5


@pytest.fixture(params=BOTH)
def site(request: pytest.FixtureRequest, tmp_path) -> Iterator[Site]:
    people = {"ann": "viewer", "bob": "viewer"}
    with served(tmp_path, people, engine=request.param, GUNICORN_CMD_ARGS="--threads 16") as site:
        yield site


class Visitor:
    """A plain client with cookies, as a guesser's would be."""

    def __init__(self, site: Site) -> None:
        self.address, self.jar = site.address, http.cookiejar.CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, str, str]:
        sent = None
        if data is not None:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.ask(path)[1])
            assert token
            sent = urlencode(data | {"csrfmiddlewaretoken": token[1]}).encode()
        try:
            with self.opener.open(Request(self.address + path, sent), timeout=120) as answer:
                return answer.status, answer.read().decode(), answer.url
        except HTTPError as refused:
            return refused.code, refused.read().decode(), refused.url

    def guess(self, email: str, password: str) -> tuple[int, str, str]:
        return self.ask("/sign-in/", {"login": email, "password": password})


def wrong(page: str) -> bool:
    return "don’t go together" in page


def test_two_hundred_guesses_at_once_are_five(site: Site) -> None:
    """Each from a browser of its own. A guess that was looked at is answered as wrong, or as the one that locks."""
    email = "ann@anywhere.example"
    with ThreadPoolExecutor(GUESSERS) as pool:
        answers = list(pool.map(lambda number: Visitor(site).guess(email, f"guess {number}"), range(GUESSES)))
    assert {status for status, _page, _url in answers} <= {200, 429}
    looked_at = sum(wrong(page) for _status, page, _url in answers)
    assert looked_at < LIMIT
    counted = site.python(
        "from axes.models import AccessAttempt; print(sum(a.failures_since_start for a in AccessAttempt.objects.all()))"
    )
    assert int(counted) >= LIMIT
    status, page, _url = Visitor(site).guess(email, PASSWORD)  # the right one is not looked at either
    assert status == 429
    assert "Too many attempts" in page
    assert [action for action, _after in site.record()] == ["sign_in.lock"]  # one entry, whoever found it locked


def test_the_lock_says_the_same_of_an_address_that_nobody_has_and_is_lifted(site: Site) -> None:
    pages = []
    for email in ("bob@anywhere.example", "nobody@anywhere.example"):
        visitor = Visitor(site)
        answers = [visitor.guess(email, "not this") for _guess in range(LIMIT)]
        assert [status for status, _page, _url in answers] == [200] * (LIMIT - 1) + [429]
        pages.append(re.sub(r'value="[^"]+"', "", answers[-1][1]))
    assert pages[0] == pages[1]
    assert "lift the lock" in pages[0]
    assert "Locked until" in site.evenhand("sign_in", "status", "bob@anywhere.example")
    assert Visitor(site).guess("bob@anywhere.example", PASSWORD)[0] == 429
    assert "5 failures are forgotten" in site.evenhand("sign_in", "unlock", "bob@anywhere.example")
    status, _page, url = Visitor(site).guess("Bob@Anywhere.example", PASSWORD)
    assert (status, url) == (200, f"{site.address}/work/")
    assert [action for action, _after in site.record()] == [
        "sign_in.lock",
        "sign_in.lock",
        "sign_in.unlock",
        "sign_in.sign_in",
    ]


def test_someone_elses_word_about_where_they_are_is_not_believed(site: Site) -> None:
    """A header for each guess, as if each came from another machine: the account is locked all the same."""
    email = "ann@anywhere.example"
    for number in range(LIMIT):
        visitor = Visitor(site)
        visitor.opener.addheaders = [("X-Forwarded-For", f"203.0.113.{number}"), ("User-Agent", f"guesser {number}")]
        visitor.guess(email, "not this")
    assert Visitor(site).guess(email, PASSWORD)[0] == 429
    places = site.python(
        "from axes.models import AccessAttempt; print({each.ip_address for each in AccessAttempt.objects.all()})"
    )
    assert places == "{'127.0.0.1'}"
