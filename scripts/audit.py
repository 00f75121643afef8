"""`make audit`: is a known weakness in anything that we depend on? 0: none known; 1: these; 2: nobody could be asked.

(make itself turns every failure into 2; `python3 -m scripts.audit` keeps them apart.)

What is asked about is what the locks name, of Python and of node, development tools included.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scripts import node
from scripts.commands import exit_with, run, told
from scripts.lock_sources import NODE_FOLDERS
from scripts.places import ROOT
from scripts.python_packages import UV, uv, uv_settings, wheel

PIP_AUDIT = "pip-audit==2.9.0"
NONE_KNOWN, WEAKNESSES, NOT_ASKED = 0, 1, 2


@dataclass(frozen=True)
class Weakness:
    package: str
    version: str
    name: str
    mend: str


class NobodyAnsweredError(Exception):
    """The advisory service could not be asked, so nothing is known: that is not the same as nothing being wrong."""


def main() -> int:
    found: list[Weakness] = []
    unasked: list[str] = []
    for name, ask in (("Python", python), *((f"node, {folder}", _folder(folder)) for folder in NODE_FOLDERS)):
        told(f"asking about what {name} depends on")
        try:
            found += ask()
        except NobodyAnsweredError as silence:
            unasked.append(f"{name}: {silence}")
    return report(found, unasked)


def report(found: Iterable[Weakness], unasked: Iterable[str]) -> int:
    weaknesses, silent = list(found), list(unasked)
    for each in weaknesses:
        print(f"{each.package} {each.version}: {each.name}. {each.mend}")
    for silence in silent:
        print(f"NOT ASKED  {silence}")
    if weaknesses:
        return WEAKNESSES
    if silent:
        print("The advisory service could not be reached for all of it, so this says nothing about it.")
        return NOT_ASKED
    print("No known weakness in anything that the locks name.")
    return NONE_KNOWN


def python() -> list[Weakness]:
    uv()
    programs = wheel("pip-audit", PIP_AUDIT, "bin/pip-audit") / "bin"
    with TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        export: list[str | Path] = [
            UV,
            "export",
            "--frozen",
            "--all-groups",
            "--no-emit-workspace",
            "--quiet",
            "--output-file",
            listed,
        ]
        run(export, cwd=ROOT, environment=uv_settings(), otherwise="The lock could not be read.")
        command = [str(programs / "pip-audit"), "--requirement", str(listed), "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--timeout", "20"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return python_weaknesses(done.stdout, done.stderr)


def python_weaknesses(answer: str, complaint: str) -> list[Weakness]:
    listed = _read(answer, complaint).get("dependencies")
    if not isinstance(listed, list) or not listed:
        raise NobodyAnsweredError(_last(complaint))
    if skipped := [each["name"] for each in listed if "skip_reason" in each]:
        raise NobodyAnsweredError(f"nothing was said of {', '.join(skipped[:5])} ({len(skipped)} in all)")
    return [
        Weakness(each["name"], each["version"], known["id"], _fix(known.get("fix_versions") or []))
        for each in listed
        for known in each["vulns"]
    ]


def _fix(versions: list[str]) -> str:
    return f"Mended in {', '.join(versions)}." if versions else "No version mends it yet."


def _folder(folder: str) -> Any:
    def ask() -> list[Weakness]:
        settings = node.settings() | {"NPM_CONFIG_AUDIT": "true"}
        command = ["npm", "audit", "--json", "--package-lock-only"]
        done = subprocess.run(command, cwd=ROOT / folder, env=settings, capture_output=True, text=True, check=False)
        return node_weaknesses(done.stdout, done.stderr)

    return ask


def node_weaknesses(answer: str, complaint: str) -> list[Weakness]:
    said = _read(answer, complaint)
    if "vulnerabilities" not in said or "metadata" not in said:
        raise NobodyAnsweredError(str(said.get("message") or said.get("error") or _last(complaint))[:200])
    return [
        Weakness(
            name, each["range"], _titles(each["via"]), "Mended in another version." if each["fixAvailable"] else ""
        )
        for name, each in said["vulnerabilities"].items()
    ]


def _titles(via: list[Any]) -> str:
    return "; ".join(one["title"] if isinstance(one, dict) else f"through {one}" for one in via)


def _read(answer: str, complaint: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except ValueError as fault:
        raise NobodyAnsweredError(_last(complaint)) from fault
    if not isinstance(said, dict):
        raise NobodyAnsweredError("the answer is not one")
    return said


def _last(complaint: str) -> str:
    lines = [line for line in complaint.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no answer"


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    exit_with(main)
