"""The target of an export: a folder or a zip of the same files, readable only by this user, created when complete."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

WriteFile = Callable[[str, Iterable[bytes]], None]


@contextmanager
def open_target(target: Path) -> Iterator[WriteFile]:
    """Yields a function that writes one file of the export. Raises FileExistsError; nothing is overwritten."""
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        with (_zip if target.suffix.lower() == ".zip" else _folder)(unfinished) as write_file:
            yield write_file
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished) if unfinished.is_dir() else unfinished.unlink(missing_ok=True)


@contextmanager
def _folder(folder: Path) -> Iterator[WriteFile]:
    folder.mkdir(mode=0o700)

    def write_file(name: str, chunks: Iterable[bytes]) -> None:
        path = folder / name
        for parent in reversed(Path(name).parents):
            (folder / parent).mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(chunks)

    yield write_file


@contextmanager
def _zip(file: Path) -> Iterator[WriteFile]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:

        def write_file(name: str, chunks: Iterable[bytes]) -> None:
            info = zipfile.ZipInfo(name)  # a fixed date, so that the same content gives the same bytes
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as output:
                for chunk in chunks:
                    output.write(chunk)

        yield write_file
