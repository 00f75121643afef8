"""`make test`: everything, in three runs; whatever is left of the line goes to pytest in the second."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts import postgresql, python_packages
from scripts.chromium import chromium, driver
from scripts.commands import CannotGoOnError, exit_with, told
from scripts.places import BUILD, ROOT, STATS_VENV, VENV
from scripts.set_up import set_up

# Tests differ a hundredfold in length, and some wait; what took longest is said at the end.
IN_PARALLEL = ("-n", "3", "--dist", "worksteal", "--durations", "12")


@dataclass(frozen=True)
class Run:
    name: str
    python: Path
    folder: Path
    arguments: Sequence[str]
    settings: dict[str, str]


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped then too
    set_up()
    python_packages.stats_environment()
    with ExitStack() as services:
        settings = _settings() | driver()
        _provide(settings, "EVENHAND_CHROMIUM", lambda: str(chromium()))
        _provide(settings, "EVENHAND_TEST_POSTGRES", lambda: services.enter_context(postgresql.server()))
        outcomes = [(run, *_timed(run)) for run in _runs(settings, sys.argv[1:])]
    print()
    for run, code, seconds in outcomes:
        print(f"{'FAILED' if code else 'ok':7} {run.name:44} {seconds:6.1f} s")
    if "EVENHAND_TEST_POSTGRES" not in settings:
        print("skipped the site on PostgreSQL: there is no server")
    return 1 if any(code for _, code, _ in outcomes) else 0


def _runs(settings: dict[str, str], arguments: Sequence[str]) -> list[Run]:
    python, web = VENV / "bin" / "python", ("web/tests", "scripts/tests")
    runs = [
        Run(
            "the statistical core, without Django",
            STATS_VENV / "bin" / "python",
            ROOT / "stats",
            IN_PARALLEL,
            settings,
        ),
        Run("the site on SQLite, with a browser", python, ROOT, (*web, *IN_PARALLEL, *arguments), settings),
    ]
    if postgres := settings.get("EVENHAND_TEST_POSTGRES"):
        # what makes databases of its own has made both kinds in the run before
        again = ("web/tests/unit", "web/tests/integration", "-m", "database and not browser", *IN_PARALLEL)
        runs.append(Run("the site on PostgreSQL", python, ROOT, again, settings | {"DATABASE_URL": postgres}))
    return runs


def _settings() -> dict[str, str]:
    left_out = ("PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
    settings = {name: value for name, value in os.environ.items() if name not in left_out}
    settings.setdefault("EVENHAND_VAR", str(BUILD / "test-var"))  # never the site's own data
    if settings.get("CI") == "true":
        settings["EVENHAND_REQUIRE_SERVICES"] = "1"
    return settings


def _provide(settings: dict[str, str], name: str, service: Callable[[], str]) -> None:
    """One that was given is used; one that cannot be had is said, and fails the run where it is required."""
    if settings.get(name):
        return
    try:
        settings[name] = service()
    except CannotGoOnError as missing:
        if settings.get("EVENHAND_REQUIRE_SERVICES") == "1":
            raise
        told(f"{missing}\n  The tests that need it are skipped.")


def _timed(run: Run) -> tuple[int, float]:
    print(f"\n=== {run.name}", flush=True)
    began = time.monotonic()
    command = [str(run.python), "-m", "pytest", *run.arguments]
    code = subprocess.run(command, cwd=run.folder, env=run.settings, check=False).returncode
    return code, time.monotonic() - began


if __name__ == "__main__":
    exit_with(main)
