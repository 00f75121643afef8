"""What is logged, and what never is: markers are sent in every possible way, and the whole log is searched for them."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.config.log_lines import JsonLines, PlainLines
from support.addresses import addresses

MARKER = "xyzzy-plugh"
EMAIL = f"{MARKER}@example.org"


@pytest.fixture(params=[JsonLines, PlainLines])
def log_stream(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that any logger logs at DEBUG level, formatted as in production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    root, loggers = logging.getLogger(), [logging.getLogger(name) for name in ("evenhand", "django", "django.request")]
    levels = [logger.level for logger in (root, *loggers)]
    root.addHandler(handler)
    for logger in (root, *loggers):
        logger.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # logs statements only if DEBUG is on
    yield stream
    root.removeHandler(handler)
    for logger, level in zip((root, *loggers), levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def officer(calderdale: Authority, member: Callable[..., User]) -> Client:
    person = member(calderdale, Role.OFFICER)
    User.objects.filter(id=person.id).update(email=EMAIL, name=f"{MARKER} the officer")
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(id=person.id), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_nothing_that_was_sent_or_stored_about_people_is_logged(
    officer: Client, calderdale: Authority, log_stream: io.StringIO
) -> None:
    headers = {"HTTP_USER_AGENT": MARKER, "HTTP_REFERER": f"https://{MARKER}.example/", "HTTP_X_REQUEST_ID": MARKER}
    for address in addresses():
        path = address.filled(
            {"authority": calderdale.slug, **{part: MARKER for part in address.placeholders if part != "authority"}}
        )
        for client in (officer, Client(raise_request_exception=False)):
            fresh = Client(raise_request_exception=False)
            fresh.cookies.update(client.cookies)
            fresh.get(f"{path}?q={MARKER}&email={EMAIL}", **headers)
            fields = dict.fromkeys(("login", "email", "password", "name", "reason", "code", "q"), EMAIL)
            fresh.post(f"{path}?q={MARKER}", fields, **headers)
    Client(raise_request_exception=False).get("/", HTTP_HOST=f"{MARKER}.example")
    Client().get(f"/nothing/{MARKER}/{EMAIL}")
    log = log_stream.getvalue()
    assert log.count("\n") > len(addresses()) * 2
    for forbidden in (MARKER, "127.0.0.1", "calderdale", "@"):
        lines = [line for line in log.splitlines() if forbidden in line]
        assert lines[:3] == [], forbidden


def test_an_error_is_logged_with_its_code_lines_but_not_its_message(
    officer: Client, log_stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        password = MARKER
        raise LookupError(f"the password is {password}")

    monkeypatch.setattr("evenhand.public.queries.plan_summaries", fail)
    assert officer.get("/").status_code == 500
    log = log_stream.getvalue()
    assert "LookupError" in log
    assert "evenhand/public/views/site.py:" in log
    assert MARKER not in log
    assert "/site-packages" not in log


def test_a_request_is_logged_with_route_status_and_user(officer: Client, calderdale: Authority) -> None:
    stream, logger = io.StringIO(), logging.getLogger("evenhand.requests")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        response = officer.get("/work/")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    (line,) = [json.loads(text) for text in stream.getvalue().splitlines()]
    person = User.objects.get(email=EMAIL)
    assert line["route"] == "authorities:home"
    assert (line["method"], line["status"], line["user"]) == ("GET", response.status_code, str(person.id))
    assert line["request"] == response.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert line["level"] == "info"
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize(
    ("name", "message", "arguments", "expected"),
    [
        ("evenhand.ledger", "entry %s", ("7",), "entry 7"),
        ("evenhand.ledger", "to %s", ("ana@example.org",), "to (address)"),
        ("django.request", "Not Found: %s", ("/invitation/secret/",), "Not Found: …"),
        ("axes", "login by %(who)s, %d", ({"who": "ana"},), "login by …, …"),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'evil'", (), "Invalid HTTP_HOST header…"),
        ("library", "user ana@example.org did", (), "user ana…"),
    ],
)
def test_only_the_constant_part_of_a_librarys_message_is_logged(
    name: str, message: str, arguments: tuple[object, ...], expected: str
) -> None:
    record = logging.LogRecord(name, logging.INFO, "", 0, message, arguments, None)
    assert json.loads(JsonLines().format(record))["message"] == expected


def test_a_message_with_line_breaks_is_logged_as_one_line() -> None:
    record = logging.LogRecord("evenhand", logging.INFO, "", 0, 'a\n{"level": "error"}', (), None)
    assert JsonLines().format(record).count("\n") == PlainLines().format(record).count("\n") == 0
