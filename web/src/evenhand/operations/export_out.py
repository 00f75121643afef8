"""Where an export goes: a folder or a zip of the same files, for this user alone, there only when it is whole."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

Put = Callable[[str, Iterable[bytes]], None]


@contextmanager
def written(target: Path) -> Iterator[Put]:
    """Gives what writes a file of the export. Raises FileExistsError, and writes over nothing."""
    if target.exists():
        raise FileExistsError(target)
    unfinished = target.with_name(f"{target.name}.part-{os.getpid()}")
    try:
        with (_zip if target.suffix.lower() == ".zip" else _folder)(unfinished) as put:
            yield put
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished) if unfinished.is_dir() else unfinished.unlink(missing_ok=True)


@contextmanager
def _folder(folder: Path) -> Iterator[Put]:
    folder.mkdir(mode=0o700)

    def put(name: str, pieces: Iterable[bytes]) -> None:
        path = folder / name
        for place in reversed(Path(name).parents):
            (folder / place).mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)

    yield put


@contextmanager
def _zip(file: Path) -> Iterator[Put]:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, pieces: Iterable[bytes]) -> None:
            info = zipfile.ZipInfo(name)  # a fixed date, so that equal content is equal to the byte
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with archive.open(info, "w", force_zip64=True) as into:
                for piece in pieces:
                    into.write(piece)

        yield put
