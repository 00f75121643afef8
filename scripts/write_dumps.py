"""Stores the demonstration's database of this version, for the upgrade tests of later versions.

    python3 -m scripts.write_dumps

Writes web/tests/dumps/VERSION/{sqlite,postgresql}.sql.gz and files.tar.gz. Run it exactly once for each release.
"""

import gzip
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from scripts import postgresql
from scripts.commands import ScriptError, exit_with, print_step
from scripts.places import ROOT, VENV
from scripts.set_up import set_up

EVENHAND = VENV / "bin" / "evenhand"


def main() -> int:
    set_up()
    command: list[str | Path] = [VENV / "bin" / "python", "-c", "import evenhand; print(evenhand.__version__)"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    folder = ROOT / "web" / "tests" / "dumps" / version
    if folder.exists():
        raise ScriptError(f"{folder.relative_to(ROOT)} exists already, and the dumps of a version must not change.")
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        var = Path(temporary)
        _load_demonstration(var, {})
        with closing(sqlite3.connect(var / "evenhand.sqlite3")) as database:
            _write(folder / "sqlite.sql.gz", "\n".join(database.iterdump()))
        with tarfile.open(folder / "files.tar.gz", "w:gz") as files:
            for root in ("private", "public"):
                files.add(var / root, root)
    with tempfile.TemporaryDirectory() as temporary, postgresql.server() as address:
        _load_demonstration(Path(temporary), {"DATABASE_URL": address})
        _write(folder / "postgresql.sql.gz", _pg_dump(address))
    for file in sorted(folder.iterdir()):
        print_step(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB")
    return 0


def _load_demonstration(var: Path, settings: dict[str, str]) -> None:
    environment = os.environ | {"EVENHAND_VAR": str(var)} | settings
    for command in (["migrate"], ["demo"]):
        subprocess.run([EVENHAND, *command], env=environment, check=True, capture_output=True)


def _pg_dump(address: str) -> str:
    command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", address]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # psql commands are left out, so that any client can run the dump.
    return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))


def _write(file: Path, text: str) -> None:
    file.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    exit_with(main)
