"""Skips work whose inputs have not changed: a stamp file in .build contains the hash of the inputs."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scripts.places import BUILD


def run_if_changed(
    stamp: str | Path,
    inputs: Iterable[Path | str],
    outputs: Iterable[Path],
    action: Callable[[], None],
) -> bool:
    """Run the action unless it has run for the same inputs and the outputs exist. Returns whether it ran."""
    stamp = BUILD / "stamps" / stamp  # an absolute path replaces the folder
    current = digest(inputs)
    if stamp.exists() and stamp.read_text() == current and all(output.exists() for output in outputs):
        return False
    stamp.unlink(missing_ok=True)
    action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(current)
    return True


def digest(inputs: Iterable[Path | str]) -> str:
    """The hash of the inputs: files and folders by name and content, strings by value."""
    total = hashlib.sha256()
    for item in inputs:
        for path in _files(item) if isinstance(item, Path) else ():
            total.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        if isinstance(item, str):
            total.update(f"{item}\0".encode())
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        yield from sorted(inside for inside in path.rglob("*") if inside.is_file())
