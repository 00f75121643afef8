"""Restores a backup into an empty system, completely or not at all, and only if its ledger passes verification.

One transaction creates the tables, loads the rows, applies later migrations and checks the result. Files and keys are
written before it commits, because nothing uses them until the rows exist.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from evenhand.operations.backup.archive import ArchiveReader, open_archive
from evenhand.operations.backup.files import StoredFile
from evenhand.operations.backup.manifest import Manifest
from evenhand.operations.backup.reading import content_of, files_of, manifest_of, secrets_of
from evenhand.operations.backup.secrets import check_of_site_key, installed_keys, site_keys
from evenhand.operations.restore.ledger import require_same_key, require_valid_ledger
from evenhand.operations.restore.rows import check_foreign_keys, load, reset_sequences
from evenhand.operations.restore.target import (
    migrate_to_backup_version,
    migrate_to_latest,
    require_disk_space,
    require_empty,
    require_known_version,
    require_no_other_files,
    single_transaction,
)

Progress = Callable[[str], None]


def restore(source: Path, passphrase: Callable[[], str], progress: Progress = lambda _: None) -> Manifest:
    """Raises UnreadableBackup, CannotRestore, OSError; nothing of the backup then remains in the system."""
    with open_archive(source, passphrase) as archive:
        manifest = manifest_of(archive)
        require_known_version(manifest)
        require_empty()
        require_disk_space(manifest)
        require_no_other_files(manifest, {str(file) for file in _files(archive, manifest)})
        with installed_keys(secrets_of(archive, manifest)), ExitStack() as cleanup, single_transaction():
            require_same_key(manifest)
            _fill_database(archive, manifest, progress)
            cleanup.enter_context(_files_written(archive, manifest, progress))
    return manifest


def has_site_key(manifest: Manifest) -> bool:
    """After `restore`: whether this system, from its next start, uses the secret key of the backup."""
    return manifest.check_of_site_key in map(check_of_site_key, site_keys())


def _fill_database(archive: ArchiveReader, manifest: Manifest, progress: Progress) -> None:
    require_empty()
    load(archive, manifest, migrate_to_backup_version(manifest), progress)
    migrate_to_latest()
    check_foreign_keys()
    reset_sequences()
    progress("verifying the record of changes")
    require_valid_ledger(manifest)


def _files(archive: ArchiveReader, manifest: Manifest) -> Iterator[StoredFile]:
    for root in manifest.files:
        yield from files_of(archive, root)


@contextmanager
def _files_written(archive: ArchiveReader, manifest: Manifest, progress: Progress) -> Iterator[None]:
    """Writes the stored files. If the block fails, they are deleted again."""
    written: list[Path] = []
    try:
        for root, files in manifest.files.items():
            bytes_left = files.bytes
            for file in files_of(archive, root):
                bytes_left -= _write_file(archive, file, bytes_left)
                written.append(file.path)
            progress(f"{root.value} files: {files.count}")
        yield
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _write_file(archive: ArchiveReader, file: StoredFile, limit: int) -> int:
    for folder in reversed(file.path.parents[:2]):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished, size = file.path.with_suffix(".part"), 0
    try:
        with unfinished.open("wb") as output:
            for chunk in content_of(archive, file, limit):
                size += output.write(chunk)
        unfinished.replace(file.path)
    finally:
        unfinished.unlink(missing_ok=True)
    return size
