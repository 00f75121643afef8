from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from evenhand.operations.backup.encryption import UnreadableBackup
from evenhand.operations.backup.history import RESTORE, save_last
from evenhand.operations.backup.manifest import Manifest
from evenhand.operations.backup.passphrase import PassphraseError, passphrase_from
from evenhand.operations.restore.restoring import has_site_key, restore
from evenhand.operations.restore.target import CannotRestore

OTHER_KEY = (
    "EVENHAND_SECRET_KEY on this system is not the key of the system that was backed up. People's two-factor "
    "authentication will not work until you set it to the old key. If the backup is encrypted, `evenhand backup --keys "
    "FILE` shows the key."
)
NOTHING_KEPT = "Nothing from the backup was kept."


class Command(BaseCommand):
    help = "Restore a backup into an empty system, completely or not at all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="FILE")
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="A file with the passphrase as its only line."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        passphrase_file: Path | None = options["passphrase_file"]
        try:
            manifest = restore(
                options["source"], lambda: passphrase_from(passphrase_file, twice=False), self.stderr.write
            )
        except (UnreadableBackup, PassphraseError, CannotRestore) as refused:
            raise CommandError(f"{refused} {NOTHING_KEPT}") from refused
        except OSError as error:
            raise CommandError(f"Not restored: {error.strerror or error} ({error.filename}). {NOTHING_KEPT}") from error
        except DatabaseError as error:
            raise CommandError(f"Not restored. The database error was: {str(error).strip()}. {NOTHING_KEPT}") from error
        self._report(manifest)

    def _report(self, manifest: Manifest) -> None:
        save_last(RESTORE, at=timezone.now().isoformat(), backup_of=manifest.at, made_by=manifest.made_by)
        self.stdout.write(
            f"Restored: {manifest.rows:,} rows and {sum(files.count for files in manifest.files.values()):,} files, "
            f"as they were at {manifest.at}. Everyone must sign in again."
        )
        self.stdout.write("Restart the web process and the worker, because they may still use the previous keys.")
        if not has_site_key(manifest):
            self.stderr.write(OTHER_KEY)
        if damaged := sum(len(files.damaged) for files in manifest.files.values()):
            self.stdout.write(f"{damaged} stored files were damaged when the backup was made, and are missing.")
