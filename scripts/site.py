"""Runs the `evenhand` command with the settings of `make`."""

import os
import subprocess

from scripts.commands import ScriptError, run
from scripts.places import ROOT, VAR, VENV

EVENHAND = VENV / "bin" / "evenhand"


def settings() -> dict[str, str]:
    return os.environ | {"EVENHAND_VAR": str(VAR)}


def evenhand(*arguments: str) -> None:
    """Runs the command and shows its output; stops the script if it fails."""
    result = subprocess.run([EVENHAND, *arguments], cwd=ROOT, env=settings(), check=False)
    if result.returncode:
        raise ScriptError(f"`evenhand {' '.join(arguments)}` failed. See its output above.")


def load_demonstration(*arguments: str) -> None:
    evenhand("migrate", "--verbosity", "0")
    evenhand("demo", *arguments)


def accounts() -> str:
    """The accounts of the demonstration; empty if it is not loaded."""
    return run(
        [EVENHAND, "demo", "--accounts"],
        cwd=ROOT,
        environment=settings(),
        otherwise="`evenhand demo --accounts` failed.",
    )
