"""What the settings are where the environment says nothing: closed, and for this user alone."""

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "evenhand.config.settings"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    for name in ("EVENHAND_DEBUG", "EVENHAND_HOSTS", "EVENHAND_SECRET_KEY", "DATABASE_URL"):
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
