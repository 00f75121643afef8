"""What hiding costs and takes on the nine inputs of the disclosure benchmark, and how it grows with the tables.

    .venv/bin/python -m scripts.bench_disclosure [--full] [--only b_2000] [--record docs/disclosure-benchmark.md]

The short version, which CI can run, takes the smallest set and tables of up to about 3,000 cells. --full takes all nine
under readers B and C, and with the promise that B can't prove anything unsafe to be below 5, asks GLOP about each in a
process of its own, proves a bound, and lets the tables grow to 50,000 cells. Seconds are also given as multiples of a
programme that is solved in the same process (x). Ends with 1 where a reader works out what the pattern is to keep.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.places import ROOT, STATS_VENV

PYTHON_OF_GLOP = STATS_VENV / "bin" / "python"
NINE = [(name, size) for name in "bca" for size in (2_000, 20_000, 200_000)]
QUICK = [("b", 2_000), ("b", 20_000), ("b", 200_000)]
GROWTH = [14, 60, 250, 1_530]  # sites
SHORT_BUDGET, SHORT_BOUND = 400, 2_000
SHORT_GROWTH = 30.0  # seconds

SAID: list[str] = []
HEAD = (
    "set      reader  cells unsafe hidden  people seconds      x  MB | audit s A, B, C     exact A B C <5"
    " | GLOP A B C <5 | bound   gap"
)


def main() -> int:
    asked = _arguments()
    versions = ", ".join(f"{name} {version(name)}" for name in ("highspy", "numpy"))
    _say(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    _say(f"programmes: {asked.budget} a pattern, {asked.bound} a bound" if asked.full else "the short version")
    _say(f"rows at the same time: {asked.jobs}")
    _say(f"\n{HEAD}")
    questions = _questions(asked)
    with ThreadPoolExecutor(asked.jobs) as pool:
        leaks = sum(_row(*each) for each in zip(questions, pool.map(_measured, questions), strict=True))
    if not asked.only:
        leaks += _grown(asked)
    _say(f"\nreaders work out {leaks} hidden counts that were to be kept from them")
    if asked.record:
        _record(asked.record)
    return 1 if leaks else 0


def _grown(asked: argparse.Namespace) -> int:
    _say("\ngrowth   sites  cells unsafe hidden seconds      x  MB | audit s A, B  exact A B")
    longest = asked.growth if asked.full else SHORT_GROWTH
    return sum(_growth(sites, longest) for sites in (GROWTH if asked.full else GROWTH[:2]))


def _say(text: str) -> None:
    print(text, flush=True)
    SAID.append(text)


def _record(document: Path) -> None:
    """Into the block that stands between the first two lines of three backquotes."""
    before, _, after = document.read_text(encoding="utf-8").split("```", 2)
    document.write_text("```".join([before, "text\n" + "\n".join(SAID) + "\n", after]), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="all nine inputs, bounds, growth to 50,000 cells")
    parser.add_argument("--budget", type=int, default=6_000, help="programmes for each pattern of a full run")
    parser.add_argument("--bound", type=int, default=20_000, help="programmes for each bound of a full run")
    parser.add_argument("--growth", type=float, default=600.0, help="seconds for each row of growth of a full run")
    parser.add_argument("--record", type=Path, help="a document of which the block of figures is to be replaced")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2, 3, 4), help="rows measured at the same time")
    parser.add_argument("--only", default="", help="one input, such as b_2000")
    return parser.parse_args()


def _questions(asked: argparse.Namespace) -> list[dict[str, Any]]:
    certify = str(PYTHON_OF_GLOP) if PYTHON_OF_GLOP.exists() else ""
    kinds = [("B", 0), ("C", 0), ("B", 5)] if asked.full else [("C", 0)]
    return [
        {
            "set": name,
            "size": size,
            "attacker": attacker,
            "not_below": not_below,
            "budget": asked.budget if asked.full else SHORT_BUDGET,
            "bound": (0 if not_below else asked.bound) if asked.full else SHORT_BOUND if size == 200_000 else 0,
            "certify": certify,
        }
        for name, size in (NINE if asked.full else QUICK)
        for attacker, not_below in kinds
        if asked.only in ("", f"{name}_{size}")
    ]


def _row(question: dict[str, Any], found: dict[str, Any]) -> int:
    """Prints it; how many hidden counts readers work out, among those that the pattern is to withstand."""
    label = question["attacker"] + (" <5" if question["not_below"] else "")
    cells = f"{found['cells']:6} {found['unsafe']:6} {found['hidden']:6} {found['people']:7,}"
    audits, glop, least = found["audits"], found.get("glop"), found.get("bound")
    exact = {reader: audits[reader]["exact"] for reader in "ABC"}
    line = f"{question['set']}/{question['size']:<7}{label:5} {cells} {_times(found)} | "
    line += " ".join(f"{audits[reader]['seconds']:6.2f}" for reader in "ABC")
    line += f"  {exact['A']:3} {exact['B']:3} {exact['C']:3} {audits['B']['below']:3}"
    if glop:
        line += " | " + " ".join(f"{glop['exact'][reader]:3}" for reader in "ABC") + f" {glop['below']:3}"
    if least:
        gap = found["hidden"] - least["hidden"]
        line += f" | {least['hidden']:5} {gap:3} {gap / found['hidden']:5.1%} in {least['seconds']:.0f} s"
        line += " (best)" if not gap else ""
    _say(line + (f", {found['in_parts']} in parts" if found["in_parts"] else ""))
    kept = "ABC"[: "ABC".index(question["attacker"]) + 1]
    leaks = sum(int(exact[reader]) for reader in kept) + (audits["B"]["below"] if question["not_below"] else 0)
    return int(leaks + (sum(glop["exact"][reader] for reader in kept) if glop else 0))


def _growth(sites: int, longest: float) -> int:
    """Prints it; how many hidden counts readers A and B work out. C is a reader for each person who is alone."""
    found = _measured({"sites": sites, "attacker": "C", "budget": 1, "audits": "AB", "seconds": longest})
    if "refused" in found:
        _say(f"      {sites:8} {found['cells']:6} refused after {_times(found)}: {found['refused']}")
        return 0
    audits = found["audits"]
    line = f"      {sites:8} {found['cells']:6} {found['unsafe']:6} {found['hidden']:6} {_times(found)} | "
    line += " ".join(f"{audits[reader]['seconds']:6.2f}" for reader in "AB")
    line += "  " + " ".join(f"{audits[reader]['exact']:3}" for reader in "AB")
    _say(line + (", stopped" if found["stopped"] else ""))
    return sum(int(each["exact"]) for each in audits.values())


def _times(found: dict[str, Any]) -> str:
    return f"{found['seconds']:7.1f} {found['seconds'] / found['calibration']:6.0f} {found['peak']:3.0f}"


def _measured(question: dict[str, Any]) -> dict[str, Any]:
    """In a process of its own, so that memory is its own."""
    settings = os.environ | {"PYTHONPATH": os.pathsep.join(str(ROOT / "stats" / each) for each in ("src", "tests"))}
    program = [sys.executable, "scripts/bench_disclosure_row.py"]
    done = subprocess.run(
        program, cwd=ROOT, env=settings, input=json.dumps(question), stdout=subprocess.PIPE, text=True, check=True
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    sys.exit(main())
