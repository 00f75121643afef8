"""The doctor on folders, files and disks."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from evenhand.operations.backup_files import KeptFile, folder, kept_files
from evenhand.operations.doctor import Line, broken, look, ok
from evenhand.operations.export_files import missing_files
from evenhand.records.files import Root

ABOUT = "storage"
LITTLE, TOO_LITTLE = 2_000_000_000, 200_000_000
READ_AT_FIRST = 200_000_000


def storage(deep: bool) -> Iterator[Line]:
    var: Path = settings.VAR
    yield from _for_us_alone(var)
    for place in dict.fromkeys([var, *(folder(root) for root in Root)]):
        yield from writable(place, ABOUT)
    yield from _room(var)
    yield from _files(deep)


def _for_us_alone(var: Path) -> Iterator[Line]:
    names = [var, *(var / name for name in ("secret_key", "ledger_key") if (var / name).exists())]
    if opened := [each.name for each in names if each.stat().st_mode & 0o077]:
        mend = "chmod 700 the folder EVENHAND_VAR, and chmod 600 the keys in it."
        yield broken(ABOUT, f"Others on this machine can look into {', '.join(opened)}.", mend)
    else:
        yield ok(ABOUT, "EVENHAND_VAR is for this user alone.")


def writable(place: Path, about: str) -> Iterator[Line]:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place) as trial:
            trial.write(b"as it should be")
            trial.flush()
    except OSError as fault:
        mend = f"Let the user of the web process write to {place}."
        yield broken(about, f"{place.name} can't be written to: {fault.strerror}.", mend)
    else:
        yield ok(about, f"{place.name} can be written to.")


def _room(var: Path) -> Iterator[Line]:
    free = shutil.disk_usage(var).free
    says = f"{free / 1e9:,.1f} GB are free on the disk of EVENHAND_VAR."
    if free < TOO_LITTLE:
        yield broken(ABOUT, says, "Make room at once: nothing can be recorded on a full disk.")
    else:
        yield look(ABOUT, says, "Make room soon.") if free < LITTLE else ok(ABOUT, says)


def _files(deep: bool) -> Iterator[Line]:
    files = [file for root in Root for file in kept_files(root)]
    read = files if deep else list(_newest(files))
    mend = "Bring the file back from a backup: `evenhand backup --verify` says whether one is whole."
    if damaged := [str(file) for file in read if not file.is_whole()]:
        yield broken(ABOUT, f"{len(damaged)} kept files do not hold what their names say ({damaged[0]}, …).", mend)
    if gone := list(islice(missing_files(), 5)):
        yield broken(ABOUT, f"Kept files that rows name are missing: {', '.join(gone)}.", mend)
    if not damaged and not gone:
        yield ok(
            ABOUT, f"{len(read)} of {len(files)} kept files were read and hold what their names say; none is missing."
        )


def _newest(files: list[KeptFile]) -> Iterator[KeptFile]:
    """As many as are read in a moment."""
    left = READ_AT_FIRST
    for file in sorted(files, key=lambda each: each.path.stat().st_mtime, reverse=True):
        left -= file.path.stat().st_size
        if left < 0:
            return
        yield file
