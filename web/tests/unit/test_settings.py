"""What the settings are where the environment says nothing: closed, and for this user alone."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

PACKAGE = "evenhand.config.settings"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    for name in [each for each in os.environ if each.startswith(("EVENHAND_", "DATABASE_URL"))]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EVENHAND_VAR", str(tmp_path / "var"))
    return read()


def read() -> dict[str, Any]:
    """The settings as another process would read them now. The test run goes on with its own."""
    own = {name: module for name, module in sys.modules.items() if name.startswith(PACKAGE)}
    for name in own:
        del sys.modules[name]
    try:
        return vars(importlib.import_module(PACKAGE))
    finally:
        for name in [each for each in sys.modules if each.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(own)


def test_faults_are_not_shown_and_no_other_name_is_answered(fresh: dict[str, Any]) -> None:
    assert fresh["DEBUG"] is False
    assert fresh["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_nobody_else_on_the_machine_can_read_what_is_kept(fresh: dict[str, Any], tmp_path: Path) -> None:
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
    key = tmp_path / "var" / "secret_key"
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text() == fresh["SECRET_KEY"]
    assert len(fresh["SECRET_KEY"]) >= 50


def test_the_signing_key_stays_the_same(fresh: dict[str, Any]) -> None:
    assert read()["SECRET_KEY"] == fresh["SECRET_KEY"]


def test_on_sqlite_a_writer_waits_at_the_start(fresh: dict[str, Any]) -> None:
    assert fresh["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_secret_may_stand_in_a_file(fresh: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("kept apart\n")
    monkeypatch.setenv("EVENHAND_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert read()["SECRET_KEY"] == "kept apart"
    (tmp_path / "url").write_text("sqlite:////elsewhere.sqlite3")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert read()["DATABASES"]["default"]["NAME"] == "/elsewhere.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("EVENHAND_SECRET_KEY_FILE", "/nowhere/at/all", "No such file"),
        ("EVENHAND_TRUSTED_PROXIES", "10.0.0.1, the proxy", "“the proxy” is no address"),
    ],
)
def test_what_cannot_be_read_is_said(
    fresh: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*{says}"):
        read()


def test_https_brings_everything_that_follows_from_it(fresh: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SECURE_SSL_REDIRECT" not in fresh
    monkeypatch.setenv("EVENHAND_ADDRESS", "https://equality.example.gov.uk/")
    there = read()
    followed = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert all(there[name] is True for name in followed)
    assert there["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert there["CSRF_TRUSTED_ORIGINS"] == ["https://equality.example.gov.uk"]
    assert "SECURE_PROXY_SSL_HEADER" not in there  # nobody is believed unless somebody is named
    monkeypatch.setenv("EVENHAND_TRUSTED_PROXIES", "10.0.0.1")
    assert read()["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_no_admin_site_is_installed(fresh: dict[str, Any]) -> None:
    """There is no page that shows every row to whoever has one account: not switched off, but not there."""
    assert not [app for app in fresh["INSTALLED_APPS"] if "admin" in app]
