"""What is written down, and what never is: markers are sent by every way there is, and all that is said is searched."""

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.test import Client

from addresses import addresses
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.config.log_lines import JsonLines, PlainLines

MARKER = "xyzzy-plugh"
EMAIL = f"{MARKER}@example.org"


@pytest.fixture(params=[JsonLines, PlainLines])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that any logger says, down to the last detail, as it would be written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    root, loggers = logging.getLogger(), [logging.getLogger(name) for name in ("evenhand", "django", "django.request")]
    levels = [each.level for each in (root, *loggers)]
    root.addHandler(handler)
    for each in (root, *loggers):
        each.setLevel(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # has statements only where DEBUG is on
    yield stream
    root.removeHandler(handler)
    for each, level in zip((root, *loggers), levels, strict=True):
        each.setLevel(level)


@pytest.fixture
def officer(calderdale: Authority, member: Callable[..., User]) -> Client:
    person = member(calderdale, Role.OFFICER)
    User.objects.filter(id=person.id).update(email=EMAIL, name=f"{MARKER} the officer")
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(id=person.id), backend=django_settings.AUTHENTICATION_BACKENDS[-1])
    return client


def test_nothing_that_was_sent_or_is_held_about_people_is_written(
    officer: Client, calderdale: Authority, written: io.StringIO
) -> None:
    headers = {"HTTP_USER_AGENT": MARKER, "HTTP_REFERER": f"https://{MARKER}.example/", "HTTP_X_REQUEST_ID": MARKER}
    for address in addresses():
        path = address.filled(
            {"authority": calderdale.slug, **{part: MARKER for part in address.parts if part != "authority"}}
        )
        for client in (officer, Client(raise_request_exception=False)):
            sent = Client(raise_request_exception=False)
            sent.cookies.update(client.cookies)
            sent.get(f"{path}?q={MARKER}&email={EMAIL}", **headers)
            fields = dict.fromkeys(("login", "email", "password", "name", "reason", "code", "q"), EMAIL)
            sent.post(f"{path}?q={MARKER}", fields, **headers)
    Client(raise_request_exception=False).get("/", HTTP_HOST=f"{MARKER}.example")
    Client().get(f"/nothing/{MARKER}/{EMAIL}")
    said = written.getvalue()
    assert said.count("\n") > len(addresses()) * 2
    for hidden in (MARKER, "127.0.0.1", "calderdale", "@"):
        found = [line for line in said.splitlines() if hidden in line]
        assert found[:3] == [], hidden


def test_a_fault_is_written_with_its_places_and_without_its_words(
    officer: Client, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_args: object, **_kwargs: object) -> None:
        password = MARKER
        raise LookupError(f"the password is {password}")

    monkeypatch.setattr("evenhand.public.queries.plan_summaries", breaks)
    assert officer.get("/").status_code == 500
    said = written.getvalue()
    assert "LookupError" in said
    assert "evenhand/public/views/site.py:" in said
    assert MARKER not in said
    assert "/site-packages" not in said


def test_a_line_says_what_happened(officer: Client, calderdale: Authority) -> None:
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
    (line,) = [json.loads(each) for each in stream.getvalue().splitlines()]
    person = User.objects.get(email=EMAIL)
    assert line["route"] == "authorities:home"
    assert (line["method"], line["status"], line["user"]) == ("GET", response.status_code, str(person.id))
    assert line["request"] == response.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert line["level"] == "info"
    assert line["time"].endswith("+00:00")


@pytest.mark.parametrize(
    ("name", "message", "arguments", "written_as"),
    [
        ("evenhand.ledger", "entry %s", ("7",), "entry 7"),
        ("evenhand.ledger", "to %s", ("ana@example.org",), "to (address)"),
        ("django.request", "Not Found: %s", ("/invitation/secret/",), "Not Found: …"),
        ("axes", "login by %(who)s, %d", ({"who": "ana"},), "login by …, …"),
        ("django.security.DisallowedHost", "Invalid HTTP_HOST header: 'evil'", (), "Invalid HTTP_HOST header…"),
        ("library", "user ana@example.org did", (), "user ana…"),
    ],
)
def test_of_a_librarys_message_only_the_constant_part(
    name: str, message: str, arguments: tuple[object, ...], written_as: str
) -> None:
    record = logging.LogRecord(name, logging.INFO, "", 0, message, arguments, None)
    assert json.loads(JsonLines().format(record))["message"] == written_as


def test_a_line_is_one_line() -> None:
    record = logging.LogRecord("evenhand", logging.INFO, "", 0, 'a\n{"level": "error"}', (), None)
    assert JsonLines().format(record).count("\n") == PlainLines().format(record).count("\n") == 0
