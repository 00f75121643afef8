"""Doctor checks of folders, files and disk space."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from evenhand.operations.backup.files import StoredFile, folder, stored_files
from evenhand.operations.doctor.results import DoctorResult, broken, ok, warn
from evenhand.operations.export.files import missing_files
from evenhand.records.files import Root

AREA = "storage"
LOW_SPACE, NO_SPACE = 2_000_000_000, 200_000_000
QUICK_CHECK_BYTES = 200_000_000


def check_storage(deep: bool) -> Iterator[DoctorResult]:
    var: Path = settings.VAR
    yield from _check_permissions(var)
    for path in dict.fromkeys([var, *(folder(root) for root in Root)]):
        yield from check_writable(path, AREA)
    yield from _check_disk_space(var)
    yield from _check_files(deep)


def _check_permissions(var: Path) -> Iterator[DoctorResult]:
    paths = [var, *(var / name for name in ("secret_key", "ledger_key") if (var / name).exists())]
    if exposed := [path.name for path in paths if path.stat().st_mode & 0o077]:
        fix = "chmod 700 the folder EVENHAND_VAR, and chmod 600 the keys in it."
        yield broken(AREA, f"Other users of this machine can read {', '.join(exposed)}.", fix)
    else:
        yield ok(AREA, "Only this user can read EVENHAND_VAR.")


def check_writable(path: Path, area: str) -> Iterator[DoctorResult]:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as trial:
            trial.write(b"test")
            trial.flush()
    except OSError as error:
        fix = f"Give the user that runs the web process write access to {path}."
        yield broken(area, f"{path.name} can't be written to: {error.strerror}.", fix)
    else:
        yield ok(area, f"{path.name} can be written to.")


def _check_disk_space(var: Path) -> Iterator[DoctorResult]:
    free = shutil.disk_usage(var).free
    message = f"{free / 1e9:,.1f} GB are free on the disk of EVENHAND_VAR."
    if free < NO_SPACE:
        yield broken(AREA, message, "Free up disk space at once. Nothing can be saved on a full disk.")
    else:
        yield warn(AREA, message, "Free up disk space soon.") if free < LOW_SPACE else ok(AREA, message)


def _check_files(deep: bool) -> Iterator[DoctorResult]:
    files = [file for root in Root for file in stored_files(root)]
    checked = files if deep else list(_newest(files))
    fix = "Restore the file from a backup. `evenhand backup --verify` checks whether a backup is intact."
    if damaged := [str(file) for file in checked if not file.is_intact()]:
        yield broken(AREA, f"{len(damaged)} stored files do not match their digests ({damaged[0]}, …).", fix)
    if missing := list(islice(missing_files(), 5)):
        yield broken(AREA, f"Stored files that rows refer to are missing: {', '.join(missing)}.", fix)
    if not damaged and not missing:
        yield ok(
            AREA, f"{len(checked)} of {len(files)} stored files were read and match their digests. None is missing."
        )


def _newest(files: list[StoredFile]) -> Iterator[StoredFile]:
    """The newest files, up to a total size that can be read quickly."""
    bytes_left = QUICK_CHECK_BYTES
    for file in sorted(files, key=lambda file: file.path.stat().st_mtime, reverse=True):
        bytes_left -= file.path.stat().st_size
        if bytes_left < 0:
            return
        yield file
