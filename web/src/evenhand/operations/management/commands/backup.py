from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from evenhand.operations.backup.archive import open_archive
from evenhand.operations.backup.encryption import UnreadableBackup
from evenhand.operations.backup.history import BACKUP, save_last
from evenhand.operations.backup.migrations import UnknownMigrations
from evenhand.operations.backup.passphrase import PassphraseError, passphrase_from
from evenhand.operations.backup.reading import manifest_of, read_through, secrets_of
from evenhand.operations.backup.writing import BackupResult, make_backup

UNENCRYPTED_WARNING = (
    "This backup is not encrypted. Anyone who has the file can read counts of people, the personal details of users, "
    "and their password hashes. Keep it where only you can read it. It does not contain the key that signs the record "
    "of changes, which you need for a restore: keep EVENHAND_LEDGER_KEY, or the file ledger_key in EVENHAND_VAR, "
    "separately."
)


class Command(BaseCommand):
    help = "Back up the whole system into one file, while it stays in use; or check such a file."

    requires_system_checks = []  # a problem elsewhere must not prevent a backup

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="FILE|FOLDER", help="A new file, or the folder for it.")
        parser.add_argument(
            "--passphrase-file", type=Path, metavar="FILE", help="A file with the passphrase as its only line."
        )
        parser.add_argument(
            "--unencrypted", action="store_true", help="Do not encrypt the backup: anyone who has it can read it."
        )
        parser.add_argument(
            "--verify", action="store_true", help="Read and check the whole backup, and restore nothing."
        )
        parser.add_argument("--keys", action="store_true", help="Show the keys in an encrypted backup.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["keys"]:
                self._show_keys(options["target"], options["passphrase_file"])
            elif options["verify"]:
                self._verify(options["target"], options["passphrase_file"])
            else:
                self._make(options["target"], options)
        except FileExistsError as error:
            raise CommandError(f"{error} already exists and is not overwritten. Give a new name.") from error
        except (UnreadableBackup, PassphraseError, UnknownMigrations) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as error:
            raise CommandError(
                f"The backup was not made: {error.strerror or error}. Nothing was left behind."
            ) from error
        except DatabaseError as error:
            raise CommandError(f"The backup was not made. The database error was: {str(error).strip()}") from error

    def _make(self, target: Path, options: dict[str, Any]) -> None:
        encrypted = not options["unencrypted"]
        if target.is_dir():
            target /= f"evenhand-{timezone.now():%Y-%m-%dT%H%M%SZ}.{'backup' if encrypted else 'zip'}"
        if target.exists():
            raise FileExistsError(target)
        passphrase = passphrase_from(options["passphrase_file"], twice=True) if encrypted else None
        if not encrypted:
            self.stderr.write(UNENCRYPTED_WARNING)
        result = make_backup(target, passphrase, self.stderr.write)
        save_last(BACKUP, at=timezone.now().isoformat(), sealed=encrypted, bytes=result.bytes)
        self._report(target, result)

    def _report(self, target: Path, result: BackupResult) -> None:
        self.stdout.write(f"{target}: {result.rows:,} rows and {result.files:,} files in {result.bytes:,} bytes")
        if result.damaged:
            raise CommandError(
                f"The backup was made, but without {len(result.damaged)} stored files that no longer match their "
                f"digests: {', '.join(result.damaged[:5])}. Restore them from an earlier backup, and make another."
            )

    def _show_keys(self, source: Path, passphrase_file: Path | None) -> None:
        with open_archive(source, lambda: passphrase_from(passphrase_file, twice=False)) as archive:
            keys = secrets_of(archive, manifest_of(archive))
        for name, key in keys.items():
            self.stdout.write(f"EVENHAND_{name.upper()}={key}")

    def _verify(self, source: Path, passphrase_file: Path | None) -> None:
        with open_archive(source, lambda: passphrase_from(passphrase_file, twice=False)) as archive:
            manifest = read_through(archive)
        self.stdout.write(
            f"The backup is intact: made {manifest.at} by version {manifest.made_by}, {manifest.rows:,} rows in "
            f"{len(manifest.tables)} tables, {sum(files.count for files in manifest.files.values()):,} files."
        )
