"""Work that is done once for its inputs: a stamp under .build holds the hash of what went in."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scripts.places import BUILD


def once(
    stamp: str | Path,
    inputs: Iterable[Path | str],
    outputs: Iterable[Path],
    action: Callable[[], None],
) -> bool:
    """Do it unless the same inputs were done before and the outputs still stand; say whether it was done."""
    stamp = BUILD / "stamps" / stamp  # an absolute stamp stays where it is
    wanted = digest(inputs)
    if stamp.exists() and stamp.read_text() == wanted and all(output.exists() for output in outputs):
        return False
    stamp.unlink(missing_ok=True)
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(wanted)
    return True


def digest(inputs: Iterable[Path | str]) -> str:
    """Files and folders by name and content, words as they are."""
    total = hashlib.sha256()
    for given in inputs:
        for path in _files(given) if isinstance(given, Path) else ():
            total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        if isinstance(given, str):
            total.update(f"{given}\0".encode())
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(inside for inside in path.rglob("*") if inside.is_file())
