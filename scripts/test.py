"""`make test` and, with `--long`, `make test-long`: run the tests in three runs.

Further arguments are passed to pytest in the second run. `make test-long` runs everything that `make test` runs, the
tests marked `long`, more examples of each property, and every test that uses the database on PostgreSQL too.
"""

import argparse
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
from scripts.chromium import chromium, driver_settings
from scripts.commands import ScriptError, exit_with, print_step
from scripts.places import BUILD, ROOT, STATS_VENV, VENV
from scripts.set_up import set_up

# Tests differ a hundredfold in length, and some wait. The slowest are listed at the end.
IN_PARALLEL = ("-n", "3", "--dist", "worksteal", "--durations", "12")
ALL_CASES = ("-m", "", "--hypothesis-profile", "long")  # "-m" replaces the one in pyproject.toml
# Tests that create their own databases use both engines in the second run.
ON_POSTGRESQL = "database and both_databases and not long and not browser"
ALL_ON_POSTGRESQL = "database and not browser"


@dataclass(frozen=True)
class TestRun:
    name: str
    python: Path
    folder: Path
    arguments: Sequence[str]
    settings: dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts.test", description="Runs the tests.", allow_abbrev=False)
    parser.add_argument("--long", action="store_true", help="run every case too")
    options, arguments = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped too
    set_up()
    python_packages.stats_environment()
    with ExitStack() as services:
        settings = _settings() | driver_settings()
        _provide(settings, "EVENHAND_CHROMIUM", lambda: str(chromium()))
        _provide(settings, "EVENHAND_TEST_POSTGRES", lambda: services.enter_context(postgresql.server()))
        outcomes = [(run, *_timed(run)) for run in _runs(settings, arguments, long=options.long)]
    print()
    for run, code, seconds in outcomes:
        print(f"{'FAILED' if code else 'ok':7} {run.name:44} {seconds:6.1f} s")
    if "EVENHAND_TEST_POSTGRES" not in settings:
        print("skipped: the site on PostgreSQL, because there is no server")
    return 1 if any(code for _, code, _ in outcomes) else 0


def _runs(settings: dict[str, str], arguments: Sequence[str], *, long: bool) -> list[TestRun]:
    python, cases = VENV / "bin" / "python", ALL_CASES if long else ()
    web = ("web/tests", "scripts/tests", "analyses/tests", *IN_PARALLEL, *cases, *arguments)
    runs = [
        TestRun(
            "the statistical core, without Django",
            STATS_VENV / "bin" / "python",
            ROOT / "stats",
            (*IN_PARALLEL, *cases),
            settings,
        ),
        TestRun("the site on SQLite, with a browser", python, ROOT, web, settings),
    ]
    if postgres := settings.get("EVENHAND_TEST_POSTGRES"):
        selection = ("-m", ALL_ON_POSTGRESQL if long else ON_POSTGRESQL)
        repeated = ("web/tests/unit", "web/tests/integration", *IN_PARALLEL, *cases, *selection)
        runs.append(TestRun("the site on PostgreSQL", python, ROOT, repeated, settings | {"DATABASE_URL": postgres}))
    return runs


def _settings() -> dict[str, str]:
    excluded = ("PYTHONPATH", "DATABASE_URL", "VIRTUAL_ENV", "PYTEST_ADDOPTS")
    settings = {name: value for name, value in os.environ.items() if name not in excluded}
    settings.setdefault("EVENHAND_VAR", str(BUILD / "test-var"))  # never the site's own data
    if settings.get("CI") == "true":
        settings["EVENHAND_REQUIRE_SERVICES"] = "1"
    return settings


def _provide(settings: dict[str, str], name: str, service: Callable[[], str]) -> None:
    """Uses the service in the settings if there is one. If it can't be started, the run fails if it is required."""
    if settings.get(name):
        return
    try:
        settings[name] = service()
    except ScriptError as error:
        if settings.get("EVENHAND_REQUIRE_SERVICES") == "1":
            raise
        print_step(f"{error}\n  The tests that need it will be skipped.")


def _timed(run: TestRun) -> tuple[int, float]:
    print(f"\n=== {run.name}", flush=True)
    started = time.monotonic()
    command = [str(run.python), "-m", "pytest", *run.arguments]
    code = subprocess.run(command, cwd=run.folder, env=run.settings, check=False).returncode
    return code, time.monotonic() - started


if __name__ == "__main__":
    exit_with(main)
