"""Runs other programs, and stops with one clear message when a script can't continue."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Argument = str | Path


class ScriptError(Exception):
    """The script can't continue; the message says what is missing and what to do."""


def run(
    arguments: Sequence[Argument],
    *,
    cwd: Path,
    otherwise: str,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run quietly and return the output. On failure, show all output and then the message `otherwise`."""
    try:
        result = subprocess.run(
            [str(argument) for argument in arguments],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:
        raise ScriptError(f"{otherwise} ({error})") from error
    if result.returncode:
        raise ScriptError(f"{result.stdout.rstrip()}\n\n{otherwise}")
    return result.stdout


def print_step(step: str) -> None:
    print(f"- {step}", flush=True)


def exit_with(main: Callable[[], int]) -> None:
    """The last line of every script: returns exit codes, and shows no traceback for errors that the user can fix."""
    try:
        sys.exit(main())
    except ScriptError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)
