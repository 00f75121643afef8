"""The site's own command, with the surroundings that `make` gives it."""

import os
import subprocess

from scripts.commands import CannotGoOnError, run
from scripts.places import ROOT, VAR, VENV

EVENHAND = VENV / "bin" / "evenhand"


def settings() -> dict[str, str]:
    return os.environ | {"EVENHAND_VAR": str(VAR)}


def evenhand(*arguments: str) -> None:
    """Shown as it works; a failure stops the whole."""
    done = subprocess.run([EVENHAND, *arguments], cwd=ROOT, env=settings(), check=False)
    if done.returncode:
        raise CannotGoOnError(f"`evenhand {' '.join(arguments)}` failed; what it said stands above.")


def demonstrate(*arguments: str) -> None:
    evenhand("migrate", "--verbosity", "0")
    evenhand("demo", *arguments)


def cast() -> str:
    """Whom one can sign in as in the demonstration; nothing where none is loaded."""
    return run(
        [EVENHAND, "demo", "--cast"], cwd=ROOT, environment=settings(), otherwise="`evenhand demo --cast` failed."
    )
