"""`make check`: every check, two at a time; every failure is shown, not the first.

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

from scripts.commands import CannotGoOnError, exit_with
from scripts.lock_sources import node_lock_faults, python_lock_faults
from scripts.logical_styles import style_faults
from scripts.places import ROOT, VENV
from scripts.python_packages import UV, uv_settings
from scripts.set_up import set_up

CORES = 2


@dataclass(frozen=True)
class Check:
    name: str
    promise: str
    faults: Callable[[Path], list[str]]  # of the checkout in this folder; none when the promise is kept


@dataclass(frozen=True)
class Outcome:
    check: Check
    faults: list[str]
    seconds: float


def tool(name: str, *arguments: str) -> Callable[[Path], list[str]]:
    return lambda root: _complaints([str(VENV / "bin" / name), *arguments], root)


def current_lock(root: Path) -> list[str]:
    return _complaints([str(UV), "lock", "--check", "--quiet"], root)


CHECKS = (  # the slow ones first, so that both cores end at about the same time
    Check("types", "types hold, strictly", tool("mypy", "stats/src", "web/src", "scripts")),
    Check(
        "migrations",
        "migrations say what the models say",
        tool("evenhand", "makemigrations", "--check", "--dry-run"),
    ),
    Check("system", "Django finds nothing to warn of", tool("evenhand", "check", "--fail-level", "WARNING")),
    Check("docs", "generated documents are what the code says", tool("evenhand", "docs", "--check")),
    Check("imports", "imports point one way", tool("lint-imports")),
    Check("lock", "the lock is current", current_lock),
    Check("lint", "ruff finds no fault", tool("ruff", "check")),
    Check("format", "the code is formatted", tool("ruff", "format", "--check")),
    Check("index", "the lock names the public index only", python_lock_faults),
    Check("node", "node packages are exact, without addresses", node_lock_faults),
    Check("styles", "styles use logical properties", style_faults),
)


def main() -> int:
    asked = _arguments()
    set_up()
    chosen = [check for check in CHECKS if not asked.only or check.name in asked.only]
    with ThreadPoolExecutor(CORES) as pool:
        outcomes = list(pool.map(lambda check: _outcome(check, asked.root), chosen))
    _show(outcomes)
    return 1 if any(outcome.faults for outcome in outcomes) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts.check", description="Checks that a checkout keeps its promises.")
    names = [check.name for check in CHECKS]
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout to look at (default: this one)")
    asked = parser.parse_args()
    asked.root = asked.root.resolve()
    if not (asked.root / "pyproject.toml").exists():
        raise CannotGoOnError(f"{asked.root} is not a checkout: it has no pyproject.toml.")
    return asked


def _outcome(check: Check, root: Path) -> Outcome:
    began = time.monotonic()
    try:
        faults = check.faults(root)
    except (OSError, ValueError, KeyError) as error:  # a file that is missing or cannot be read
        faults = [f"{type(error).__name__}: {error}"]
    return Outcome(check, faults, time.monotonic() - began)


def _complaints(command: Sequence[str], root: Path) -> list[str]:
    done = subprocess.run(command, cwd=root, env=_surroundings(root), capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    return [(done.stdout + done.stderr).strip() or f"exit code {done.returncode}"]


def _surroundings(root: Path) -> dict[str, str]:
    """The tools are this checkout's, the code is that of `root`, and no data of a real site is touched."""
    kept = {name: value for name, value in uv_settings().items() if name != "DATABASE_URL"}
    return kept | {
        "PYTHONPATH": os.pathsep.join(str(root / source) for source in ("stats/src", "web/src")),
        "EVENHAND_VAR": str(root / ".build" / "check"),
    }


def _show(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.faults:
            print(f"\n--- {outcome.check.name}: not so that {outcome.check.promise}", *outcome.faults, sep="\n")
    print()
    for outcome in outcomes:
        verdict = "FAILED" if outcome.faults else "ok"
        print(f"{verdict:7} {outcome.check.name:11} {outcome.seconds:6.1f} s  {outcome.check.promise}")
    failed = [outcome.check.name for outcome in outcomes if outcome.faults]
    print(
        f"\n{len(outcomes) - len(failed)} of {len(outcomes)} checks hold",
        f"; failed: {', '.join(failed)}" if failed else "",
        sep="",
    )


if __name__ == "__main__":
    exit_with(main)
