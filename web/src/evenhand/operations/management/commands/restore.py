from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from evenhand.operations.archive_sealed import Unreadable
from evenhand.operations.backup_manifest import Manifest
from evenhand.operations.backup_notes import RESTORE, note
from evenhand.operations.backup_passphrase import NoPassphrase, passphrase_from
from evenhand.operations.restore import has_site_key, restore
from evenhand.operations.restore_target import CannotRestore

OTHER_KEY = (
    "This system is given another EVENHAND_SECRET_KEY than the one that was backed up. People's second steps of "
    "signing in can't be read until it is given the old one; `evenhand backup --keys FILE` shows that of a sealed one."
)
STAYS = "Nothing of the backup stays."


class Command(BaseCommand):
    help = "Bring a backup into an empty system, whole or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="FILE")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="Its first and only line is used.")

    def handle(self, *args: Any, **options: Any) -> None:
        passphrase_file: Path | None = options["passphrase_file"]
        try:
            manifest = restore(
                options["source"], lambda: passphrase_from(passphrase_file, twice=False), self.stderr.write
            )
        except (Unreadable, NoPassphrase, CannotRestore) as refused:
            raise CommandError(f"{refused} {STAYS}") from refused
        except OSError as fault:
            raise CommandError(f"Not restored: {fault.strerror or fault} ({fault.filename}). {STAYS}") from fault
        except DatabaseError as fault:
            raise CommandError(f"Not restored: the database says “{str(fault).strip()}”. {STAYS}") from fault
        self._report(manifest)

    def _report(self, manifest: Manifest) -> None:
        note(RESTORE, at=timezone.now().isoformat(), backup_of=manifest.at, made_by=manifest.made_by)
        self.stdout.write(
            f"Restored: {manifest.rows:,} rows and {sum(each.count for each in manifest.files.values()):,} files, "
            f"as they were at {manifest.at}. Everyone signs in again."
        )
        self.stdout.write("Restart the web process and the worker: they may have other keys in memory.")
        if not has_site_key(manifest):
            self.stderr.write(OTHER_KEY)
        if damaged := sum(len(each.damaged) for each in manifest.files.values()):
            self.stdout.write(f"{damaged} kept files were damaged when the backup was made, and are missing.")
