"""What other programs ask of the site: health, readiness, metrics, where to report a weakness."""

import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from evenhand.notifications.models import Heartbeat
from evenhand.operations import health
from own_databases import laid_out, settings_of, with_static_files
from own_servers import served

TOKEN = "a token for the test"
WATCH = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
AS_JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def worker(db) -> Heartbeat:
    Heartbeat.objects.all().delete()
    return Heartbeat.objects.create(version="0", started_at=timezone.now(), beat_at=timezone.now())


@pytest.fixture
def watched(settings) -> None:
    settings.EVENHAND_METRICS_TOKEN = TOKEN


def test_alive_asks_nothing_of_the_database(
    client: Client, db, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert client.get("/health/live", **AS_JSON).json() == {"ok": True}


def test_ready_when_everything_is(client: Client, worker: Heartbeat) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert client.get("/health/ready", **AS_JSON).json() == {"ok": True}
    assert response.headers["Cache-Control"] == "no-store"


def _no_worker(worker: Heartbeat, _monkeypatch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.filter(id=worker.id).update(beat_at=timezone.now() - timedelta(hours=1))


def _stopped(worker: Heartbeat, _monkeypatch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.filter(id=worker.id).update(stopped_at=timezone.now())


def _not_migrated(_worker: Heartbeat, _monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'notifications'")


def _no_storage(_worker: Heartbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_kwargs: object) -> None:
        raise OSError("read-only file system")

    monkeypatch.setattr(health.tempfile, "TemporaryFile", refuse)


def _no_database(_worker: Heartbeat, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise health.DatabaseError("gone")

    monkeypatch.setitem(health.CHECKS, "database", refuse)


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        ("worker", _no_worker),
        ("worker", _stopped),
        ("migrations", _not_migrated),
        ("storage", _no_storage),
        ("database", _no_database),
    ],
)
def test_not_ready_and_only_those_who_watch_learn_why(
    client: Client, worker: Heartbeat, monkeypatch: pytest.MonkeyPatch, name: str, breaks: Callable[..., None]
) -> None:
    breaks(worker, monkeypatch)
    stranger = client.get("/health/ready")
    assert (stranger.status_code, stranger.text) == (503, "not ok\n")
    assert client.get("/health/ready", **AS_JSON).json() == {"ok": False}
    told = client.get("/health/ready", **AS_JSON, **WATCH).json()
    assert [each for each, holds in told["checks"].items() if not holds] == [name]
    assert f"{name}: not ok" in client.get("/health/ready", **WATCH).text


def test_the_metrics_are_not_there_for_strangers(client: Client, db, settings) -> None:
    for given in ({}, WATCH, {"HTTP_AUTHORIZATION": "Bearer "}, {"HTTP_AUTHORIZATION": f"Basic {TOKEN}"}):
        assert client.get("/metrics", **given).status_code == 404
    settings.EVENHAND_METRICS_TOKEN = TOKEN
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}é").status_code == 404
    assert client.get("/metrics", **WATCH).status_code == 200


def test_an_address_may_be_named_and_cannot_be_pretended(client: Client, db, settings) -> None:
    settings.EVENHAND_METRICS_ALLOWED = (ip_network("10.9.0.0/16"),)
    assert client.get("/metrics", REMOTE_ADDR="10.9.3.4").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.8.3.4").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="81.2.69.142", HTTP_X_FORWARDED_FOR="10.9.3.4").status_code == 404


@pytest.mark.usefixtures("watched")
def test_what_is_counted(client: Client, worker: Heartbeat) -> None:
    client.get("/methods/?email=ana@example.org")
    client.get("/nothing/ana@example.org/")
    page = client.get("/metrics", **WATCH).text
    assert 'evenhand_requests_total{method="GET",route="public:methods",status="200"}' in page
    assert 'route="none",status="404"' in page
    assert "evenhand_request_seconds_bucket" in page
    assert re.search(r"^evenhand_workers 1\.0$", page, re.MULTILINE)
    assert re.search(r"^evenhand_tasks_waiting \d", page, re.MULTILINE)
    assert re.search(r'^evenhand_record_entries\{authority="[0-9a-f-]{36}"\} [1-9]', page, re.MULTILINE)
    assert "ana" not in page


def test_all_processes_are_counted_together(tmp_path: Path) -> None:
    with_static_files(tmp_path)
    counted = {"EVENHAND_METRICS_TOKEN": TOKEN, "EVENHAND_WEB_PROCESSES": "2"}
    with laid_out("sqlite", tmp_path) as database, served(settings_of(tmp_path, database) | counted) as port:
        for _ in range(30):
            _opened(port, "/health/live")
        counts = {_alive(_opened(port, "/metrics", Authorization=f"Bearer {TOKEN}")) for _ in range(6)}
    assert counts == {30}  # whichever of them answers


def _alive(page: str) -> int:
    found = re.search(r'^evenhand_requests_total\{[^}]*route="operations:live"[^}]*\} (\S+)$', page, re.MULTILINE)
    assert found, page
    return int(float(found[1]))


def _opened(port: int, path: str, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def test_security_txt_is_as_its_standard_says(client: Client, db, settings) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404  # nobody is named
    settings.EVENHAND_SECURITY_CONTACT = "mailto:security@example.gov.uk"
    settings.EVENHAND_ADDRESS = "https://equality.example.gov.uk"
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.gov.uk"
    assert fields["Canonical"] == "https://equality.example.gov.uk/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en"
    until = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=1) < until < timedelta(days=365)
    policy = fields["Policy"].removeprefix("https://equality.example.gov.uk")
    assert "mailto:security@example.gov.uk" in client.get(policy).text


def test_robots_are_kept_from_staff_pages_and_not_from_what_is_published(client: Client, db) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /work/" in lines
    assert not [line for line in lines if "/authorities" in line or line == "Disallow: /"]
