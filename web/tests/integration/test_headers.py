"""Security headers on every response of every address, for anonymous visitors and signed-in users.

The list is that of the OWASP Secure Headers Project.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.config.middleware.security_headers import SecurityHeadersMiddleware
from support.addresses import addresses

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


def header_problems(response: HttpResponse) -> Iterator[str]:
    for name, pattern in ALWAYS.items():
        if not re.search(pattern, response.headers.get(name, "")):
            yield f"{name}: {response.headers.get(name)}"
    policy = response.headers.get("Content-Security-Policy", "")
    for unsafe in ("unsafe-inline", "unsafe-eval", "unsafe-hashes", "*", "data:", "http:"):
        if unsafe in policy:
            yield f"the policy has {unsafe}"
    yield from (f"{name} is sent" for name in NEVER if name in response.headers)


@pytest.fixture
def clients(calderdale: Authority, member: Callable[..., User]) -> dict[str, Client]:
    officer = Client(raise_request_exception=False)
    officer.force_login(member(calderdale, Role.OFFICER), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return {"anonymous": Client(raise_request_exception=False), "an officer": officer}


def responses(client: Client, values: dict[str, str]) -> Iterator[tuple[str, HttpResponse]]:
    for address in addresses():
        for method in METHODS:
            fresh = Client(raise_request_exception=False)  # so that earlier requests do not affect the response
            fresh.cookies.update(client.cookies)
            yield f"{method} {address.name}", fresh.generic(method, address.filled(values))


@pytest.mark.parametrize("visitor", ["anonymous", "an officer"])
def test_every_response_of_every_address(clients: dict[str, Client], calderdale: Authority, visitor: str) -> None:
    problems, statuses = [], set()
    for request, response in responses(clients[visitor], {"authority": calderdale.slug}):
        statuses.add(response.status_code)
        problems += [f"{request} {response.status_code}: {problem}" for problem in header_problems(response)]
        if visitor == "an officer" and response.headers.get("Cache-Control") != "no-store":
            problems.append(f"{request} {response.status_code}: Cache-Control {response.headers.get('Cache-Control')}")
    assert problems == []
    assert {200, 302, 404, 405} <= statuses, "the test covers every kind of response"


@pytest.mark.parametrize(
    ("request_options", "status"),
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
def test_refusals_have_the_headers(db, request_options: dict[str, str], status: int) -> None:
    response = Client().get(request_options.pop("path"), **request_options)
    assert response.status_code == status
    assert list(header_problems(response)) == []


def test_a_server_error_has_the_headers_and_reveals_nothing(db, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("evenhand.public.queries.plan_summaries", fail)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert list(header_problems(response)) == []
    assert response.headers["Cache-Control"] == "no-store"
    assert "hunter2" not in response.text
    assert "RuntimeError" not in response.text


@pytest.mark.parametrize(
    ("subdomains", "preload", "value"),
    [
        (False, False, "max-age=63072000"),
        (True, False, "max-age=63072000; includeSubDomains"),
        (True, True, "max-age=63072000; includeSubDomains; preload"),
    ],
)
def test_every_response_has_the_hsts_value_of_the_settings(
    db, settings, subdomains: bool, preload: bool, value: str
) -> None:
    """Django's own middleware gives it to pages, and ours to the responses that Django's does not see."""
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS, settings.SECURE_HSTS_PRELOAD = subdomains, preload
    for path in ("/", "/nothing/", "/?%00"):
        assert Client().get(path, secure=True).headers["Strict-Transport-Security"] == value, path


def test_over_https_hsts_is_sent(db, settings) -> None:
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 63_072_000, True
    for path in ("/", "/nothing/", "/?%00"):
        response = Client().get(path, secure=True)
        assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert "Strict-Transport-Security" not in Client().get(path).headers


def test_static_files_have_the_headers_and_may_be_cached(db, settings, tmp_path) -> None:
    """With the middleware that serves static files, which other tests leave out."""
    (tmp_path / "mark.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = tmp_path
    settings.MIDDLEWARE = [name for listed in settings.MIDDLEWARE for name in _with_static_files(listed)]
    response = Client().get("/static/mark.svg")
    assert response.status_code == 200
    assert list(header_problems(response)) == []
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "no-store" not in response.headers["Cache-Control"]
    assert b"".join(response.streaming_content).startswith(b"<svg")


def _with_static_files(name: str) -> list[str]:
    return [name, "whitenoise.middleware.WhiteNoiseMiddleware"] if name.startswith("csp.") else [name]


def test_signing_out_clears_the_browsers_stored_data(clients: dict[str, Client]) -> None:
    assert "Clear-Site-Data" not in clients["an officer"].get("/sign-out/").headers
    response = clients["an officer"].post("/sign-out/")
    assert response.status_code == 302
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_public_page_may_be_cached_for_anonymous_visitors(db) -> None:
    assert "no-store" not in Client().get("/").headers.get("Cache-Control", "")


def test_a_response_that_sets_a_cookie_is_not_cached() -> None:
    def set_cookie(_request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("a", "b")
        return response

    assert SecurityHeadersMiddleware(set_cookie)(RequestFactory().get("/")).headers["Cache-Control"] == "no-store"
