"""`make audit`: known vulnerabilities in the dependencies. Exit code 0: none; 1: some; 2: the check could not be made.

(make itself turns every failure into 2; `python3 -m scripts.audit` returns the exact code.)

It checks every package in the Python and node lock files, including development tools.
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
from scripts.commands import exit_with, print_step, run
from scripts.lock_sources import NODE_FOLDERS
from scripts.places import ROOT
from scripts.python_packages import UV, uv, uv_settings, wheel

PIP_AUDIT = "pip-audit==2.9.0"
NO_VULNERABILITIES, VULNERABLE, NOT_CHECKED = 0, 1, 2


@dataclass(frozen=True)
class Vulnerability:
    package: str
    version: str
    name: str
    fix: str


class AuditServiceError(Exception):
    """The advisory service did not respond, so it is not known whether there are vulnerabilities."""


def main() -> int:
    vulnerabilities: list[Vulnerability] = []
    failures: list[str] = []
    node_checks = ((f"node, {folder}", _node_check(folder)) for folder in NODE_FOLDERS)
    for name, check in (("Python", check_python), *node_checks):
        print_step(f"checking the dependencies of {name}")
        try:
            vulnerabilities += check()
        except AuditServiceError as error:
            failures.append(f"{name}: {error}")
    return report(vulnerabilities, failures)


def report(vulnerabilities: Iterable[Vulnerability], failures: Iterable[str]) -> int:
    vulnerabilities, failures = list(vulnerabilities), list(failures)
    for vulnerability in vulnerabilities:
        print(f"{vulnerability.package} {vulnerability.version}: {vulnerability.name}. {vulnerability.fix}")
    for failure in failures:
        print(f"NOT CHECKED  {failure}")
    if vulnerabilities:
        return VULNERABLE
    if failures:
        print("Some packages were not checked, because the advisory service did not respond.")
        return NOT_CHECKED
    print("No known vulnerabilities in the packages of the lock files.")
    return NO_VULNERABILITIES


def check_python() -> list[Vulnerability]:
    uv()
    programs = wheel("pip-audit", PIP_AUDIT, "bin/pip-audit") / "bin"
    with TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        export: list[str | Path] = [
            UV,
            "export",
            "--frozen",
            "--all-groups",
            "--no-emit-workspace",
            "--quiet",
            "--output-file",
            requirements,
        ]
        run(export, cwd=ROOT, environment=uv_settings(), otherwise="The lock file could not be read.")
        command = [str(programs / "pip-audit"), "--requirement", str(requirements), "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--timeout", "20"]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return python_vulnerabilities(result.stdout, result.stderr)


def python_vulnerabilities(output: str, errors: str) -> list[Vulnerability]:
    packages = _parse(output, errors).get("dependencies")
    if not isinstance(packages, list) or not packages:
        raise AuditServiceError(_last_line(errors))
    if skipped := [package["name"] for package in packages if "skip_reason" in package]:
        raise AuditServiceError(f"no result for {', '.join(skipped[:5])} ({len(skipped)} packages in all)")
    return [
        Vulnerability(package["name"], package["version"], advisory["id"], _fix(advisory.get("fix_versions") or []))
        for package in packages
        for advisory in package["vulns"]
    ]


def _fix(versions: list[str]) -> str:
    return f"Fixed in {', '.join(versions)}." if versions else "No version fixes it yet."


def _node_check(folder: str) -> Any:
    def check() -> list[Vulnerability]:
        settings = node.settings() | {"NPM_CONFIG_AUDIT": "true"}
        command = ["npm", "audit", "--json", "--package-lock-only"]
        result = subprocess.run(command, cwd=ROOT / folder, env=settings, capture_output=True, text=True, check=False)
        return node_vulnerabilities(result.stdout, result.stderr)

    return check


def node_vulnerabilities(output: str, errors: str) -> list[Vulnerability]:
    data = _parse(output, errors)
    if "vulnerabilities" not in data or "metadata" not in data:
        raise AuditServiceError(str(data.get("message") or data.get("error") or _last_line(errors))[:200])
    return [
        Vulnerability(
            name,
            package["range"],
            _titles(package["via"]),
            "Fixed in another version." if package["fixAvailable"] else "",
        )
        for name, package in data["vulnerabilities"].items()
    ]


def _titles(via: list[Any]) -> str:
    return "; ".join(item["title"] if isinstance(item, dict) else f"through {item}" for item in via)


def _parse(output: str, errors: str) -> dict[str, Any]:
    try:
        data = json.loads(output)
    except ValueError as error:
        raise AuditServiceError(_last_line(errors)) from error
    if not isinstance(data, dict):
        raise AuditServiceError("the response is not valid")
    return data


def _last_line(errors: str) -> str:
    lines = [line for line in errors.splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no response"


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    exit_with(main)
