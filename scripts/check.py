"""`make check`: runs all checks, two at a time, and shows every failure.

python3 -m scripts.check --only lock --only docs --root ANOTHER_CHECKOUT
"""

import argparse
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.commands import ScriptError, exit_with
from scripts.lock_sources import node_lock_errors, python_lock_errors
from scripts.logical_styles import style_errors
from scripts.places import ROOT, VENV
from scripts.plain_words import word_errors
from scripts.python_packages import UV, uv_settings
from scripts.set_up import set_up

CORES = 2


@dataclass(frozen=True)
class Check:
    name: str
    description: str
    find_errors: Callable[[Path], list[str]]  # in the checkout in this folder


@dataclass(frozen=True)
class CheckResult:
    check: Check
    errors: list[str]
    seconds: float


def tool(name: str, *arguments: str) -> Callable[[Path], list[str]]:
    return lambda root: _run_tool([str(VENV / "bin" / name), *arguments], root)


def current_lock(root: Path) -> list[str]:
    return _run_tool([str(UV), "lock", "--check", "--quiet"], root)


CHECKS = (  # slow checks first, so that both cores finish at about the same time
    Check(
        "types",
        "the code passes strict type checking",
        tool("mypy", "stats/src", "web/src", "scripts", "benchmarks", "analyses"),
    ),
    Check(
        "migrations",
        "migrations match the models",
        tool("evenhand", "makemigrations", "--check", "--dry-run"),
    ),
    Check("system", "Django's system checks give no warnings", tool("evenhand", "check", "--fail-level", "WARNING")),
    Check(
        "modules",
        "each module declares what its code uses",
        tool("evenhand", "check", "--deploy", "--tag", "source"),
    ),
    Check("docs", "generated documents match the code", tool("evenhand", "docs", "--check")),
    Check("imports", "imports follow the layers", tool("lint-imports")),
    Check("lock", "the lock file is up to date", current_lock),
    Check("lint", "ruff finds no errors", tool("ruff", "check")),
    Check("format", "the code is formatted", tool("ruff", "format", "--check")),
    Check(
        "templates", "the templates are formatted", tool("djlint", "web/src/evenhand/templates", "--check", "--quiet")
    ),
    Check("index", "the lock file uses only the public index", python_lock_errors),
    Check("node", "node packages have exact versions and no download addresses", node_lock_errors),
    Check("words", "retired words stay out", word_errors),
    Check("styles", "styles use only logical properties", style_errors),
)


def main() -> int:
    arguments = _parse_arguments()
    set_up()
    selected = [check for check in CHECKS if not arguments.only or check.name in arguments.only]
    with ThreadPoolExecutor(CORES) as pool:
        results = list(pool.map(lambda check: _run_check(check, arguments.root), selected))
    _print_results(results)
    return 1 if any(result.errors for result in results) else 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.check", description="Runs the checks on a checkout.")
    names = [check.name for check in CHECKS]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to check (default: this one)")
    arguments = parser.parse_args()
    arguments.root = arguments.root.resolve()
    if not (arguments.root / "pyproject.toml").exists():
        raise ScriptError(f"{arguments.root} is not a checkout: it has no pyproject.toml.")
    return arguments


def _run_check(check: Check, root: Path) -> CheckResult:
    started = time.monotonic()
    try:
        errors = check.find_errors(root)
    except (OSError, ValueError, KeyError) as error:  # a file is missing or can't be read
        errors = [f"{type(error).__name__}: {error}"]
    return CheckResult(check, errors, time.monotonic() - started)


def _run_tool(command: Sequence[str], root: Path) -> list[str]:
    result = subprocess.run(command, cwd=root, env=_environment(root), capture_output=True, text=True, check=False)
    if result.returncode == 0:
        return []
    return [(result.stdout + result.stderr).strip() or f"exit code {result.returncode}"]


def _environment(root: Path) -> dict[str, str]:
    """Uses the tools of this checkout on the code of `root`, and no data of a real site."""
    environment = {name: value for name, value in uv_settings().items() if name != "DATABASE_URL"}
    return environment | {
        "PYTHONPATH": os.pathsep.join(str(root / source) for source in ("stats/src", "web/src")),
        "EVENHAND_VAR": str(root / ".build" / "check"),
    }


def _print_results(results: Sequence[CheckResult]) -> None:
    for result in results:
        if result.errors:
            print(f"\n--- {result.check.name}: this check failed: {result.check.description}", *result.errors, sep="\n")
    print()
    for result in results:
        status = "FAILED" if result.errors else "ok"
        print(f"{status:7} {result.check.name:11} {result.seconds:6.1f} s  {result.check.description}")
    failed = [result.check.name for result in results if result.errors]
    print(
        f"\n{len(results) - len(failed)} of {len(results)} checks passed",
        f"; failed: {', '.join(failed)}" if failed else "",
        sep="",
    )


if __name__ == "__main__":
    exit_with(main)
