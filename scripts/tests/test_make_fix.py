"""`make fix` runs every tool, even if one of them fails, and then ends with an error."""

import shutil
import subprocess
from pathlib import Path

import pytest
from scripts.places import ROOT

COMMANDS = [
    "ruff check --fix",
    "ruff format",
    "djlint web/src/evenhand/templates --reformat --warn --quiet",
]


def run_fix(folder: Path, failing: str) -> tuple[int, list[str]]:
    """The exit code and the commands of the recipe, with tools that only note that they were called."""
    shutil.copy(ROOT / "Makefile", folder)
    tools = folder / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name in ("ruff", "djlint"):
        script = f'#!/bin/sh\necho "{name} $*" >> commands\ntest "{name} $*" != "{failing}"\n'
        (tools / name).write_text(script)
        (tools / name).chmod(0o755)
    result = subprocess.run(["make", "fix", "PYTHON=true"], cwd=folder, capture_output=True, check=False)
    return result.returncode, (folder / "commands").read_text().splitlines()


@pytest.mark.parametrize("failing", COMMANDS)
def test_every_tool_runs_although_one_fails(tmp_path: Path, failing: str) -> None:
    exit_code, commands = run_fix(tmp_path, failing)
    assert commands == COMMANDS
    assert exit_code != 0


def test_it_succeeds_if_every_tool_does(tmp_path: Path) -> None:
    assert run_fix(tmp_path, "") == (0, COMMANDS)
