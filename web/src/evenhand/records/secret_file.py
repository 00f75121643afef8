"""A secret that is created once and stored in a file that only its owner can read."""

import os
from collections.abc import Callable
from pathlib import Path


def read_or_create(file: Path, make: Callable[[], str]) -> str:
    """Return the content of the file. If there is no file yet, create it with the value that `make` returns.

    The value is written to a temporary file in the same folder and then linked, so that two processes that start at
    the same time use the same secret.
    """
    if not file.exists():
        _create(file, make())
    return file.read_text(encoding="utf-8").strip()


def _create(file: Path, secret: str) -> None:
    temporary = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        file.hardlink_to(temporary)
    except FileExistsError:
        pass  # another process was first
    finally:
        temporary.unlink()
