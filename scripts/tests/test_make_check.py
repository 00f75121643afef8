"""A violation is introduced into a copy of the checkout, and `make check` must detect and describe it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scripts.places import ROOT

WEB = "web/src/evenhand"


def append(file: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def insert(file: str, before: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / file
        content = path.read_text(encoding="utf-8")
        assert before in content, f"{file} no longer contains the text that this test changes"
        path.write_text(content.replace(before, text + before, 1), encoding="utf-8")

    return change


VIOLATIONS: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "an upward import": (
        "imports",
        append(f"{WEB}/ledger/models.py", "\nfrom evenhand.public import words  # noqa: E402, F401\n"),
        "evenhand.ledger is not allowed to import evenhand.public",
    ),
    "an import of the actions by the models of the same app": (
        "imports",
        append(f"{WEB}/clock/models.py", "\nfrom evenhand.clock import actions  # noqa: E402, F401\n"),
        "evenhand.clock.models is not allowed to import evenhand.clock.actions",
    ),
    "an import of the web by the core": (
        "imports",
        append("stats/src/evenstat/estimates.py", "\nimport evenhand  # noqa: E402, F401\n"),
        "evenstat is not allowed to import evenhand",
    ),
    "an upward string foreign key": (
        "system",
        insert(
            f"{WEB}/evidence/models.py",
            "    slug = models.SlugField",
            '    plan = models.ForeignKey("plans.Plan", null=True, on_delete=models.PROTECT)\n',
        ),
        "evidence.Dataset.plan points up at plans.Plan",
    ),
    "an unclassified field": (
        "system",
        insert(
            f"{WEB}/authorities/models/bodies.py",
            "    slug = models.SlugField",
            '    motto = models.CharField(max_length=9, default="")\n',
        ),
        "authorities.Authority.motto is not classified",
    ),
    "a stale lock": (
        "lock",
        insert("web/pyproject.toml", '    "evenstat"', '    "tomli>=2",\n'),
        "needs to be updated",
    ),
    "a changed generated document": (
        "docs",
        append("docs/generated/roles.md", "\nAnyone may do anything.\n"),
        "differ from the code: docs/generated/roles.md",
    ),
    "a changed page about the export format": (
        "docs",
        append("docs/export-format.md", "\nNothing is exported.\n"),
        "differ from the code: docs/export-format.md",
    ),
    "a model without its migration": (
        "migrations",
        insert(
            f"{WEB}/authorities/models/bodies.py",
            '    class Meta:\n        ordering = ["name"]',
            '    motto = models.CharField(max_length=9, default="")\n    classified["motto"] = PUBLIC\n\n',
        ),
        "Add field motto to authority",
    ),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the files that git tracks, in their current state."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def check(root: Path, *names: str) -> subprocess.CompletedProcess[str]:
    only = [argument for name in names for argument in ("--only", name)]
    command = [sys.executable, "-m", "scripts.check", *only, "--root", str(root)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_the_check_detects_it(copy: Path, violation: str) -> None:
    name, introduce, message = VIOLATIONS[violation]
    introduce(copy)
    result = check(copy, name)
    assert result.returncode == 1
    assert message in result.stdout


@pytest.mark.long  # a run of `.ci/run` has checked the checkout itself
def test_without_a_violation_the_same_checks_pass(copy: Path) -> None:
    result = check(copy, *{name for name, _introduce, _message in VIOLATIONS.values()})
    assert result.returncode == 0, result.stdout
