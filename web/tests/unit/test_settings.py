"""The settings without environment variables are secure and keep files private to the user."""

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

PACKAGE = "evenhand.config.settings"


@pytest.fixture
def defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    for name in [name for name in os.environ if name.startswith(("EVENHAND_", "DATABASE_URL"))]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("EVENHAND_VAR", str(tmp_path / "var"))
    return read()


def read() -> dict[str, Any]:
    """The settings as a new process would read them now. The test run keeps its own."""
    own = {name: module for name, module in sys.modules.items() if name.startswith(PACKAGE)}
    for name in own:
        del sys.modules[name]
    try:
        return vars(importlib.import_module(PACKAGE))
    finally:
        for name in [name for name in sys.modules if name.startswith(PACKAGE)]:
            del sys.modules[name]
        sys.modules.update(own)


def test_error_details_are_not_shown_and_only_local_host_names_are_accepted(defaults: dict[str, Any]) -> None:
    assert defaults["DEBUG"] is False
    assert defaults["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]


def test_other_users_of_the_machine_cannot_read_stored_data(defaults: dict[str, Any], tmp_path: Path) -> None:
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
    key = tmp_path / "var" / "secret_key"
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text() == defaults["SECRET_KEY"]
    assert len(defaults["SECRET_KEY"]) >= 50


def test_the_signing_key_stays_the_same(defaults: dict[str, Any]) -> None:
    assert read()["SECRET_KEY"] == defaults["SECRET_KEY"]


def test_on_sqlite_a_writer_waits_at_the_start(defaults: dict[str, Any]) -> None:
    assert defaults["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_secret_can_be_given_in_a_file(
    defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("secret in a file\n")
    monkeypatch.setenv("EVENHAND_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert read()["SECRET_KEY"] == "secret in a file"
    (tmp_path / "url").write_text("sqlite:////elsewhere.sqlite3")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert read()["DATABASES"]["default"]["NAME"] == "/elsewhere.sqlite3"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("EVENHAND_SECRET_KEY_FILE", "/nowhere/at/all", "No such file"),
        ("EVENHAND_TRUSTED_PROXIES", "10.0.0.1, the proxy", "“the proxy” is not an IP address"),
    ],
)
def test_a_setting_that_cannot_be_read_is_reported(
    defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*{message}"):
        read()


def test_an_https_address_turns_on_the_security_settings(
    defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "SECURE_SSL_REDIRECT" not in defaults
    monkeypatch.setenv("EVENHAND_ADDRESS", "https://equality.example.gov.uk/")
    https_settings = read()
    switched_on = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert all(https_settings[name] is True for name in switched_on)
    assert https_settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert https_settings["CSRF_TRUSTED_ORIGINS"] == ["https://equality.example.gov.uk"]
    assert "SECURE_PROXY_SSL_HEADER" not in https_settings  # no proxy is trusted by default
    monkeypatch.setenv("EVENHAND_TRUSTED_PROXIES", "10.0.0.1")
    assert read()["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("bind", "address", "expected"),
    [
        (None, None, "http://127.0.0.1:8000"),
        ("127.0.0.1:8100", None, "http://127.0.0.1:8100"),
        ("[::]:8100", None, "http://127.0.0.1:8100"),
        ("unix:/run/evenhand.sock", None, "http://127.0.0.1:8000"),
        ("127.0.0.1:8100", "https://equality.example.gov.uk", "https://equality.example.gov.uk"),
    ],
)
def test_links_have_the_port_that_serves_unless_an_address_is_set(
    defaults: dict[str, Any], monkeypatch: pytest.MonkeyPatch, bind: str | None, address: str | None, expected: str
) -> None:
    for name, value in (("EVENHAND_BIND", bind), ("EVENHAND_ADDRESS", address)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    assert read()["EVENHAND_ADDRESS"] == expected


def test_no_admin_site_is_installed(defaults: dict[str, Any]) -> None:
    """There is no page that shows every row to anyone with an account: it is not installed, not just switched off."""
    assert not [app for app in defaults["INSTALLED_APPS"] if "admin" in app]
