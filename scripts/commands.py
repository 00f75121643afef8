"""Running another program, and stopping with one clear sentence when it cannot go on."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Argument = str | Path


class CannotGoOnError(Exception):
    """Says to a person what is missing and what to do about it."""


def run(
    arguments: Sequence[Argument],
    *,
    cwd: Path,
    otherwise: str,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run quietly and return what was printed; on failure show all of it, then the sentence `otherwise`."""
    try:
        done = subprocess.run(
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
        raise CannotGoOnError(f"{otherwise} ({error})") from error
    if done.returncode:
        raise CannotGoOnError(f"{done.stdout.rstrip()}\n\n{otherwise}")
    return done.stdout


def told(step: str) -> None:
    print(f"- {step}", flush=True)


def exit_with(main: Callable[[], int]) -> None:
    """The last line of every script here: exit codes, and no traceback for what a person can mend."""
    try:
        sys.exit(main())
    except CannotGoOnError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)
