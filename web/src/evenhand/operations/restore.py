"""Restores a backup into an empty system, whole or not at all, and trusts it only when its record of changes holds.

The database is laid out, filled, brought up to date and checked in one transaction. Files and keys come before its end,
because without the rows nobody asks for them: so the restored system begins to exist at one moment, complete.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from evenhand.operations.archive import Reader, reading
from evenhand.operations.backup_files import KeptFile
from evenhand.operations.backup_manifest import Manifest
from evenhand.operations.backup_reading import content_of, files_of, manifest_of, secrets_of
from evenhand.operations.backup_secrets import check_of_site_key, placing, site_keys
from evenhand.operations.restore_record import require_same_key, require_sound_record
from evenhand.operations.restore_rows import check_foreign_keys, load, reset_sequences
from evenhand.operations.restore_target import (
    brought_up_to_date,
    laid_out_as,
    require_empty,
    require_known,
    require_no_other_files,
    require_room,
    whole_or_nothing,
)

Told = Callable[[str], None]


def restore(source: Path, passphrase: Callable[[], str], told: Told = lambda _: None) -> Manifest:
    """Raises Unreadable, CannotRestore, OSError; then nothing of the backup stays."""
    with reading(source, passphrase) as archive:
        manifest = manifest_of(archive)
        require_known(manifest)
        require_empty()
        require_room(manifest)
        require_no_other_files(manifest, {str(file) for file in _files(archive, manifest)})
        with placing(secrets_of(archive, manifest)), ExitStack() as undone_on_failure, whole_or_nothing():
            require_same_key(manifest)
            _fill_database(archive, manifest, told)
            undone_on_failure.enter_context(_files_placed(archive, manifest, told))
    return manifest


def has_site_key(manifest: Manifest) -> bool:
    """Asked after `restore`: whether the key that this system uses from its next start is that of the backup."""
    return manifest.check_of_site_key in map(check_of_site_key, site_keys())


def _fill_database(archive: Reader, manifest: Manifest, told: Told) -> None:
    require_empty()
    load(archive, manifest, laid_out_as(manifest), told)
    brought_up_to_date()
    check_foreign_keys()
    reset_sequences()
    told("looking at the record of changes")
    require_sound_record(manifest)


def _files(archive: Reader, manifest: Manifest) -> Iterator[KeptFile]:
    for root in manifest.files:
        yield from files_of(archive, root)


@contextmanager
def _files_placed(archive: Reader, manifest: Manifest, told: Told) -> Iterator[None]:
    """The kept files in their places; where the block fails, they are taken away again."""
    placed: list[Path] = []
    try:
        for root, files in manifest.files.items():
            left = files.bytes
            for file in files_of(archive, root):
                left -= _place(archive, file, left)
                placed.append(file.path)
            told(f"{root.value} files: {files.count}")
        yield
    except BaseException:
        for path in placed:
            path.unlink(missing_ok=True)
        raise


def _place(archive: Reader, file: KeptFile, most: int) -> int:
    for place in reversed(file.path.parents[:2]):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished, size = file.path.with_suffix(".part"), 0
    try:
        with unfinished.open("wb") as into:
            for piece in content_of(archive, file, most):
                size += into.write(piece)
        unfinished.replace(file.path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size
