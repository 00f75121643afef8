"""What a browser is told: on every address, whatever the answer, for a stranger and for someone signed in.

The list is that of the OWASP Secure Headers Project.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from addresses import addresses
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.config.middleware.headers import Headers

ALWAYS = {
    "Content-Security-Policy": r"(?=.*default-src 'none')(?=.*frame-ancestors 'none')(?=.*base-uri 'none')",
    "X-Content-Type-Options": r"^nosniff$",
    "X-Frame-Options": r"^DENY$",
    "Referrer-Policy": r"^(no-referrer|same-origin|strict-origin)$",
    "Permissions-Policy": r"(?=.*camera=\(\))(?=.*microphone=\(\))(?=.*geolocation=\(\))(?=.*payment=\(\))",
    "Cross-Origin-Opener-Policy": r"^same-origin$",
    "Cross-Origin-Resource-Policy": r"^same-(origin|site)$",
    "Cross-Origin-Embedder-Policy": r"^require-corp$",
    "X-Permitted-Cross-Domain-Policies": r"^none$",
    "X-DNS-Prefetch-Control": r"^off$",
    "X-Request-ID": r"^[0-9a-f]{32}$",
}
NEVER = ("Server", "X-Powered-By", "X-AspNet-Version", "Public-Key-Pins", "Expect-CT", "X-XSS-Protection")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")


def faults_of(response: HttpResponse) -> Iterator[str]:
    for name, form in ALWAYS.items():
        if not re.search(form, response.headers.get(name, "")):
            yield f"{name}: {response.headers.get(name)}"
    policy = response.headers.get("Content-Security-Policy", "")
    for lax in ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "data:", "http:"):
        if lax in policy:
            yield f"the policy has {lax}"
    yield from (f"{name} is sent" for name in NEVER if name in response.headers)


@pytest.fixture
def people(calderdale: Authority, member: Callable[..., User]) -> dict[str, Client]:
    officer = Client(raise_request_exception=False)
    officer.force_login(member(calderdale, Role.OFFICER), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return {"a stranger": Client(raise_request_exception=False), "an officer": officer}


def answers(client: Client, values: dict[str, str]) -> Iterator[tuple[str, HttpResponse]]:
    for address in addresses():
        for method in METHODS:
            sent = Client(raise_request_exception=False)  # so that no answer is changed by the one before
            sent.cookies.update(client.cookies)
            yield f"{method} {address.name}", sent.generic(method, address.filled(values))


@pytest.mark.parametrize("who", ["a stranger", "an officer"])
def test_every_answer_of_every_address(people: dict[str, Client], calderdale: Authority, who: str) -> None:
    wrong, statuses = [], set()
    for what, response in answers(people[who], {"authority": calderdale.slug}):
        statuses.add(response.status_code)
        wrong += [f"{what} {response.status_code}: {fault}" for fault in faults_of(response)]
        if who == "an officer" and response.headers.get("Cache-Control") != "no-store":
            wrong.append(f"{what} {response.status_code}: Cache-Control {response.headers.get('Cache-Control')}")
    assert wrong == []
    assert {200, 302, 404, 405} <= statuses, "so many kinds of answer were looked at"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/nothing/here/"}, 404),
        ({"path": "/authorities"}, 301),
        ({"path": "/static/nothing.css"}, 404),
        ({"path": "/", "HTTP_HOST": "evil.example"}, 400),
        ({"path": f"/{'a' * 2000}/"}, 414),
        ({"path": "/?%00"}, 400),
        ({"path": "/", "CONTENT_LENGTH": "99999999"}, 413),
    ],
)
def test_refusals_have_them_too(db, asked: dict[str, str], status: int) -> None:
    response = Client().get(asked.pop("path"), **asked)
    assert response.status_code == status
    assert list(faults_of(response)) == []


def test_a_fault_of_ours_has_them_and_says_nothing(db, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("evenhand.public.queries.plan_summaries", breaks)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert list(faults_of(response)) == []
    assert response.headers["Cache-Control"] == "no-store"
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text


def test_over_https_browsers_keep_to_it(db, settings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    for path in ("/", "/nothing/", "/?%00"):
        response = Client().get(path, secure=True)
        assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert "Strict-Transport-Security" not in Client().get(path).headers


def test_static_files_have_them_and_may_be_kept(db, settings, tmp_path) -> None:
    """With the middleware that serves them, which tests otherwise go without."""
    (tmp_path / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = tmp_path
    settings.MIDDLEWARE = [each for name in settings.MIDDLEWARE for each in _with_static_files(name)]
    response = Client().get("/static/mark.svg")
    assert response.status_code == 200
    assert list(faults_of(response)) == []
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "no-store" not in response.headers["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"<svg")


def _with_static_files(name: str) -> list[str]:
    return [name, "whitenoise.middleware.WhiteNoiseMiddleware"] if name.startswith("csp.") else [name]


def test_signing_out_clears_what_the_browser_kept(people: dict[str, Client]) -> None:
    assert "Clear-Site-Data" not in people["an officer"].get("/sign-out/").headers
    response = people["an officer"].post("/sign-out/")
    assert response.status_code == 302
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_published_page_may_be_kept_by_whoever_is_not_signed_in(db) -> None:
    assert "no-store" not in Client().get("/").headers.get("Cache-Control", "")


def test_an_answer_that_sets_a_cookie_is_not_kept_by_anyone() -> None:
    def sets(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("a", "b")
        return response

    assert Headers(sets)(RequestFactory().get("/")).headers["Cache-Control"] == "no-store"
