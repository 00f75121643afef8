"""Measure the information loss and run time of suppression on the disclosure benchmark and on larger tables.

    .venv/bin/python -m benchmarks.disclosure [--full] [--only b_2000] [--record docs/disclosure-benchmark.md]

The short version, which can run in continuous integration, uses the smallest set and tables of up to about 3,000 cells.
--full uses all nine inputs, for attackers B and C, and with the guarantee that B cannot prove that a small count is
below 5. It also checks each pattern with GLOP in a separate process, proves a lower bound, and uses larger tables of up
to 50,000 cells. Run times are also given as multiples of the time of one LP solved in the same process (x). The exit
code is 1 if a suppressed count is exactly disclosed to an attacker that the pattern protects against.
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

GLOP_PYTHON = STATS_VENV / "bin" / "python"
ALL_INPUTS = [(name, size) for name in "bca" for size in (2_000, 20_000, 200_000)]
SHORT_INPUTS = [("b", 2_000), ("b", 20_000), ("b", 200_000)]
GROWTH_SITES = [14, 60, 250, 1_530]
SHORT_BUDGET, SHORT_BOUND_BUDGET = 400, 2_000
SHORT_GROWTH_SECONDS = 30.0

printed_lines: list[str] = []
HEADINGS = (
    "set      attacker cells primary suppressed  people seconds      x  MB | audit s A, B, C     exact A B C <5"
    " | GLOP A B C <5 | bound   gap"
)


def main() -> int:
    options = _options()
    versions = ", ".join(f"{name} {version(name)}" for name in ("highspy", "numpy"))
    _print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    _print(f"LPs: {options.budget} for a pattern, {options.bound} for a bound" if options.full else "the short version")
    _print(f"rows measured at the same time: {options.jobs}")
    _print(f"\n{HEADINGS}")
    tasks = _tasks(options)
    with ThreadPoolExecutor(options.jobs) as pool:
        measurements = pool.map(_measure, tasks)
        disclosed = sum(_print_row(task, measurement) for task, measurement in zip(tasks, measurements, strict=True))
    if not options.only:
        disclosed += _growth(options)
    _print(f"\nsuppressed counts disclosed to attackers that the patterns protect against: {disclosed}")
    if options.record:
        _record(options.record)
    return 1 if disclosed else 0


def _growth(options: argparse.Namespace) -> int:
    _print("\ngrowth   sites  cells primary suppressed seconds      x  MB | audit s A, B  exact A B")
    time_limit = options.growth if options.full else SHORT_GROWTH_SECONDS
    return sum(_print_growth_row(sites, time_limit) for sites in (GROWTH_SITES if options.full else GROWTH_SITES[:2]))


def _print(text: str) -> None:
    print(text, flush=True)
    printed_lines.append(text)


def _record(document: Path) -> None:
    """Replace the first code block of the document with the printed lines."""
    before, _, after = document.read_text(encoding="utf-8").split("```", 2)
    document.write_text("```".join([before, "text\n" + "\n".join(printed_lines) + "\n", after]), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="all nine inputs, bounds, and growth to 50,000 cells")
    parser.add_argument("--budget", type=int, default=6_000, help="LPs for each pattern of a full run")
    parser.add_argument("--bound", type=int, default=20_000, help="LPs for each bound of a full run")
    parser.add_argument("--growth", type=float, default=600.0, help="seconds for each growth row of a full run")
    parser.add_argument("--record", type=Path, help="a document whose code block is replaced with the figures")
    parser.add_argument("--jobs", type=int, default=1, choices=(1, 2, 3, 4), help="rows measured at the same time")
    parser.add_argument("--only", default="", help="one input, such as b_2000")
    return parser.parse_args()


def _tasks(options: argparse.Namespace) -> list[dict[str, Any]]:
    glop_python = str(GLOP_PYTHON) if GLOP_PYTHON.exists() else ""
    guarantees = [("B", 0), ("C", 0), ("B", 5)] if options.full else [("C", 0)]
    return [
        {
            "set": name,
            "size": size,
            "attacker": attacker,
            "not_below": not_below,
            "budget": options.budget if options.full else SHORT_BUDGET,
            "bound_budget": _bound_budget(options, size, not_below),
            "glop_python": glop_python,
        }
        for name, size in (ALL_INPUTS if options.full else SHORT_INPUTS)
        for attacker, not_below in guarantees
        if options.only in ("", f"{name}_{size}")
    ]


def _bound_budget(options: argparse.Namespace, size: int, not_below: int) -> int:
    """LPs for the lower bound; 0 if none is proved."""
    if options.full:
        return 0 if not_below else int(options.bound)
    return SHORT_BOUND_BUDGET if size == 200_000 else 0


def _print_row(task: dict[str, Any], measurement: dict[str, Any]) -> int:
    """Print the row. Returns the number of suppressed counts disclosed in spite of the guarantee."""
    label = task["attacker"] + (" <5" if task["not_below"] else "")
    cells = f"{measurement['cells']:5} {measurement['primary']:7}"
    cells += f" {measurement['suppressed']:10} {measurement['people']:7,}"
    audits, glop, bound = measurement["audits"], measurement.get("glop"), measurement.get("bound")
    exact = {attacker: audits[attacker]["exact"] for attacker in "ABC"}
    line = f"{task['set']}/{task['size']:<7}{label:8} {cells} {_timings(measurement)} | "
    line += " ".join(f"{audits[attacker]['seconds']:6.2f}" for attacker in "ABC")
    line += f"  {exact['A']:3} {exact['B']:3} {exact['C']:3} {audits['B']['below']:3}"
    if glop:
        line += " | " + " ".join(f"{glop['exact'][attacker]:3}" for attacker in "ABC") + f" {glop['below']:3}"
    if bound:
        gap = measurement["suppressed"] - bound["suppressed"]
        share = gap / measurement["suppressed"]
        line += f" | {bound['suppressed']:5} {gap:3} {share:5.1%} in {bound['seconds']:.0f} s"
        line += " (best)" if not gap else ""
    _print(line + (f", {measurement['non_integer']} not in whole people" if measurement["non_integer"] else ""))
    protected_against = "ABC"[: "ABC".index(task["attacker"]) + 1]
    disclosed = sum(int(exact[attacker]) for attacker in protected_against)
    disclosed += audits["B"]["below"] if task["not_below"] else 0
    return int(disclosed + (sum(glop["exact"][attacker] for attacker in protected_against) if glop else 0))


def _print_growth_row(sites: int, time_limit: float) -> int:
    """Print the row. Returns the number of counts disclosed to A and B: C would need one audit for each singleton."""
    measurement = _measure({"sites": sites, "attacker": "C", "budget": 1, "audits": "AB", "seconds": time_limit})
    if "refused" in measurement:
        _print(
            f"      {sites:8} {measurement['cells']:6} refused after {_timings(measurement)}: {measurement['refused']}"
        )
        return 0
    audits = measurement["audits"]
    line = f"      {sites:8} {measurement['cells']:6} {measurement['primary']:7} {measurement['suppressed']:10}"
    line += f" {_timings(measurement)} | "
    line += " ".join(f"{audits[attacker]['seconds']:6.2f}" for attacker in "AB")
    line += "  " + " ".join(f"{audits[attacker]['exact']:3}" for attacker in "AB")
    _print(line + (", stopped" if measurement["stopped"] else ""))
    return sum(int(audit["exact"]) for audit in audits.values())


def _timings(measurement: dict[str, Any]) -> str:
    multiple = measurement["seconds"] / measurement["calibration"]
    return f"{measurement['seconds']:7.1f} {multiple:6.0f} {measurement['peak']:3.0f}"


def _measure(task: dict[str, Any]) -> dict[str, Any]:
    """Measure one row in a separate process, so that its memory can be measured too."""
    python_path = os.pathsep.join(str(ROOT / "stats" / folder) for folder in ("src", "tests"))
    process = subprocess.run(
        [sys.executable, "benchmarks/disclosure_row.py"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": python_path},
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measurement: dict[str, Any] = json.loads(process.stdout)
    return measurement


if __name__ == "__main__":
    sys.exit(main())
