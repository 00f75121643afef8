"""Addresses for other programs: health, readiness, metrics and security.txt."""

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
from support.databases import copy_static_files, migrated_database, settings_of
from support.servers import running_server

pytestmark = pytest.mark.both_databases

TOKEN = "a token for the test"
MONITORING = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}
AS_JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def worker(db) -> Heartbeat:
    Heartbeat.objects.all().delete()
    return Heartbeat.objects.create(version="0", started_at=timezone.now(), beat_at=timezone.now())


@pytest.fixture
def monitoring_token(settings) -> None:
    settings.EVENHAND_METRICS_TOKEN = TOKEN


def test_live_makes_no_database_query(client: Client, db, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.text) == (200, "ok\n")
    assert client.get("/health/live", **AS_JSON).json() == {"ok": True}


def test_ready_if_every_check_passes(client: Client, worker: Heartbeat) -> None:
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


@pytest.mark.usefixtures("monitoring_token")
@pytest.mark.parametrize(
    ("name", "break_check"),
    [
        ("worker", _no_worker),
        ("worker", _stopped),
        ("migrations", _not_migrated),
        ("storage", _no_storage),
        ("database", _no_database),
    ],
)
def test_not_ready_and_only_monitoring_learns_why(
    client: Client, worker: Heartbeat, monkeypatch: pytest.MonkeyPatch, name: str, break_check: Callable[..., None]
) -> None:
    break_check(worker, monkeypatch)
    anonymous = client.get("/health/ready")
    assert (anonymous.status_code, anonymous.text) == (503, "not ok\n")
    assert client.get("/health/ready", **AS_JSON).json() == {"ok": False}
    details = client.get("/health/ready", **AS_JSON, **MONITORING).json()
    assert [check for check, passed in details["checks"].items() if not passed] == [name]
    assert f"{name}: not ok" in client.get("/health/ready", **MONITORING).text


def test_the_metrics_are_not_found_without_the_token(client: Client, db, settings) -> None:
    for headers in ({}, MONITORING, {"HTTP_AUTHORIZATION": "Bearer "}, {"HTTP_AUTHORIZATION": f"Basic {TOKEN}"}):
        assert client.get("/metrics", **headers).status_code == 404
    settings.EVENHAND_METRICS_TOKEN = TOKEN
    assert client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}é").status_code == 404
    assert client.get("/metrics", **MONITORING).status_code == 200


def test_an_allowed_address_may_read_the_metrics_and_cannot_be_forged(client: Client, db, settings) -> None:
    settings.EVENHAND_METRICS_ALLOWED = (ip_network("10.9.0.0/16"),)
    assert client.get("/metrics", REMOTE_ADDR="10.9.3.4").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.8.3.4").status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="81.2.69.142", HTTP_X_FORWARDED_FOR="10.9.3.4").status_code == 404


@pytest.mark.usefixtures("monitoring_token")
def test_the_metrics_count_requests_workers_tasks_and_entries(client: Client, worker: Heartbeat) -> None:
    client.get("/methods/?email=ana@example.org")
    client.get("/nothing/ana@example.org/")
    page = client.get("/metrics", **MONITORING).text
    assert 'evenhand_requests_total{method="GET",route="public:methods",status="200"}' in page
    assert 'route="none",status="404"' in page
    assert "evenhand_request_seconds_bucket" in page
    assert re.search(r"^evenhand_workers 1\.0$", page, re.MULTILINE)
    assert re.search(r"^evenhand_tasks_waiting \d", page, re.MULTILINE)
    assert re.search(r'^evenhand_record_entries\{authority="[0-9a-f-]{36}"\} [1-9]', page, re.MULTILINE)
    assert "ana" not in page


def test_the_metrics_add_up_all_processes(tmp_path: Path) -> None:
    copy_static_files(tmp_path)
    settings = {"EVENHAND_METRICS_TOKEN": TOKEN, "EVENHAND_WEB_PROCESSES": "2"}
    with (
        migrated_database("sqlite", tmp_path) as database,
        running_server(settings_of(tmp_path, database) | settings) as port,
    ):
        for _ in range(30):
            _read(port, "/health/live")
        counts = {_live_requests(_read(port, "/metrics", Authorization=f"Bearer {TOKEN}")) for _ in range(6)}
    assert counts == {30}  # whichever process answers


def _live_requests(page: str) -> int:
    match = re.search(r'^evenhand_requests_total\{[^}]*route="operations:live"[^}]*\} (\S+)$', page, re.MULTILINE)
    assert match, page
    return int(float(match[1]))


def _read(port: int, path: str, **headers: str) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read().decode()


def test_security_txt_follows_its_standard(client: Client, db, settings) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404  # there is no contact
    settings.EVENHAND_SECURITY_CONTACT = "mailto:security@example.gov.uk"
    settings.EVENHAND_ADDRESS = "https://equality.example.gov.uk"
    response = client.get("/.well-known/security.txt")
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    assert fields["Contact"] == "mailto:security@example.gov.uk"
    assert fields["Canonical"] == "https://equality.example.gov.uk/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en"
    validity = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=1) < validity < timedelta(days=365)
    policy = fields["Policy"].removeprefix("https://equality.example.gov.uk")
    assert "mailto:security@example.gov.uk" in client.get(policy).text


def test_robots_may_read_public_pages_and_not_staff_pages(client: Client, db) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /work/" in lines
    assert not [line for line in lines if "/authorities" in line or line == "Disallow: /"]
