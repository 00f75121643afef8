"""Limits on the content and number of requests, through the whole site."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evenhand.authorities.models import User

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "method", ["TRACE", "PROPFIND", "PUT", "PATCH", "DELETE", "CONNECT", "get", "Post", "GE T", "X"]
)
def test_unsupported_methods_are_refused(db, method: str) -> None:
    for path in ("/", "/sign-in/", "/work/", "/nothing/", "/health/live"):
        response = Client().generic(method, path)
        assert response.status_code == 405, path
        assert response.headers["Allow"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/authorities/%00/", 400),
        ("/authorities/%0a/", 400),
        ("/?q=%00", 400),
        ("/?q=a%00b", 400),
        ("/authorities/%ff%fe/", 404),
        ("/?q=%ff%fe", 200),
        (f"/{'a' * 1001}", 414),
        (f"/?q={'a' * 4001}", 414),
        ("/authorities/" + "../" * 30 + "etc/passwd", 404),
    ],
)
def test_invalid_addresses_are_refused(db, path: str, status: int) -> None:
    assert Client().get(path).status_code == status


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        (FORM, b"email=a%00b", 400),
        (FORM, b"a%00=b", 400),
        (FORM, b"&".join(b"a%d=1" % number for number in range(1_001)), 400),
        (FORM, b"a=" + b"b" * 1_000_001, 400),
        (f"{FORM}; charset=utf-16", b"a=b", 415),
        ("multipart/form-data", b"a=b", 400),
        ("multipart/form-data; boundary=X", b"--X\r\n" * 3, 200),
    ],
)
def test_invalid_form_data_is_refused(db, content_type: str, body: bytes, status: int) -> None:
    assert _post(content_type, body) == status


def _post(content_type: str, body: bytes) -> int:
    from support.hostile_requests import through_wsgi

    client = Client(raise_request_exception=False)
    client.handler = through_wsgi(client.handler)
    return client.generic("POST", "/sign-in/", body, content_type=content_type).status_code


@pytest.mark.parametrize(("length", "status"), [("21000001", 413), ("9" * 30, 413), ("-1", 400), ("many", 400)])
def test_an_invalid_content_length_is_refused(db, length: str, status: int) -> None:
    response = Client().generic("POST", "/sign-in/", b"a=b", content_type=FORM, CONTENT_LENGTH=length)
    assert response.status_code == status


def test_too_many_files_are_refused(db) -> None:
    files = {f"file{number}": SimpleUploadedFile("a.csv", b"a") for number in range(11)}
    assert Client().post("/sign-in/", files).status_code == 400


def test_a_session_key_that_contains_nul_is_ignored(db) -> None:
    response = Client().get("/work/", HTTP_COOKIE='sessionid="\\000\\000aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"')
    assert response.status_code == 302


@pytest.fixture
def low_limits(settings) -> None:
    settings.EVENHAND_LIMITS = {"requests": 50, "forms": 20, "sign-ins": 3, "heavy": 4}
    settings.EVENHAND_WEB_PROCESSES = 1


@pytest.mark.usefixtures("low_limits")
def test_sign_ins_have_a_lower_limit(db, client: Client) -> None:
    statuses = [client.post("/sign-in/", {"login": "a@b.example", "password": "x"}).status_code for _ in range(4)]
    assert statuses[-1] == 429
    assert 429 not in statuses[:3]
    assert client.get("/sign-in/").status_code == 200


@pytest.mark.usefixtures("low_limits")
def test_downloads_have_a_lower_limit_than_pages(db, client: Client) -> None:
    file = "/authorities/calderdale-council/publications/workforce-2019-to-2026/figures.csv"
    assert [client.get(file).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("low_limits")
def test_a_refusal_makes_no_database_query(
    db, client: Client, by: User, django_assert_num_queries: Callable[..., object]
) -> None:
    while client.get("/nothing/").status_code != 429:
        pass
    with django_assert_num_queries(0):
        response = client.get("/")
    assert response.status_code == 429
    assert "Retry-After" in response.headers
