"""A secret that is made once, kept in a file, and read by its owner alone."""

import os
from collections.abc import Callable
from pathlib import Path


def made_once(file: Path, make: Callable[[], str]) -> str:
    """What the file holds; what `make` gives, where there is no file yet.

    Written whole beside it and then linked, so that of two processes at once both take the same.
    """
    if not file.exists():
        _keep(file, make())
    return file.read_text(encoding="utf-8").strip()


def _keep(file: Path, secret: str) -> None:
    own = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as unfinished:
        unfinished.write(secret)
        unfinished.flush()
        os.fsync(unfinished.fileno())
    try:
        file.hardlink_to(own)
    except FileExistsError:
        pass  # another process was first
    finally:
        own.unlink()
