from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from evenhand.operations.archive import reading
from evenhand.operations.archive_sealed import Unreadable
from evenhand.operations.backup import Made, make
from evenhand.operations.backup_notes import BACKUP, note
from evenhand.operations.backup_passphrase import NoPassphrase, passphrase_from
from evenhand.operations.backup_reading import manifest_of, read_through, secrets_of
from evenhand.operations.backup_state import UnknownMigrations

OPEN_WARNING = (
    "This backup is not sealed. Whoever has the file can read counts about people, the details of those who work with "
    "the system, and what they sign in with. Keep it where only you can read it. The key that signs the record of "
    "changes is not in it, and a restore needs it: keep EVENHAND_LEDGER_KEY, or the file ledger_key in EVENHAND_VAR, "
    "apart."
)


class Command(BaseCommand):
    help = "Write everything that the system holds into one file, while it goes on working; or check such a file."

    requires_system_checks = []  # what is wrong elsewhere must not keep anyone from a backup

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="FILE|FOLDER", help="A new file, or the folder to put it in.")
        parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="Its first and only line is used.")
        parser.add_argument("--unencrypted", action="store_true", help="Do not seal it. It can then be read by anyone.")
        parser.add_argument("--verify", action="store_true", help="Read a backup through, and restore nothing.")
        parser.add_argument("--keys", action="store_true", help="Show the keys that are in a sealed backup.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["keys"]:
                self._show_keys(options["target"], options["passphrase_file"])
            elif options["verify"]:
                self._verify(options["target"], options["passphrase_file"])
            else:
                self._make(options["target"], options)
        except FileExistsError as fault:
            raise CommandError(f"{fault} is there already, and no file is written over. Name a new one.") from fault
        except (Unreadable, NoPassphrase, UnknownMigrations) as refused:
            raise CommandError(str(refused)) from refused
        except OSError as fault:
            raise CommandError(
                f"The backup was not made: {fault.strerror or fault}. Nothing was left behind."
            ) from fault
        except DatabaseError as fault:
            raise CommandError(f"The backup was not made: the database says “{str(fault).strip()}”.") from fault

    def _make(self, target: Path, options: dict[str, Any]) -> None:
        sealed = not options["unencrypted"]
        if target.is_dir():
            target /= f"evenhand-{timezone.now():%Y-%m-%dT%H%M%SZ}.{'backup' if sealed else 'zip'}"
        if target.exists():
            raise FileExistsError(target)
        passphrase = passphrase_from(options["passphrase_file"], twice=True) if sealed else None
        if not sealed:
            self.stderr.write(OPEN_WARNING)
        made = make(target, passphrase, self.stderr.write)
        note(BACKUP, at=timezone.now().isoformat(), sealed=sealed, bytes=made.bytes)
        self._report(target, made)

    def _report(self, target: Path, made: Made) -> None:
        self.stdout.write(f"{target}: {made.rows:,} rows and {made.files:,} files in {made.bytes:,} bytes")
        if made.damaged:
            raise CommandError(
                f"The backup stands, but without {len(made.damaged)} kept files that no longer hold what their names "
                f"say: {', '.join(made.damaged[:5])}. Bring them back from an earlier backup, and make another."
            )

    def _show_keys(self, source: Path, passphrase_file: Path | None) -> None:
        with reading(source, lambda: passphrase_from(passphrase_file, twice=False)) as archive:
            keys = secrets_of(archive, manifest_of(archive))
        for name, key in keys.items():
            self.stdout.write(f"EVENHAND_{name.upper()}={key}")

    def _verify(self, source: Path, passphrase_file: Path | None) -> None:
        with reading(source, lambda: passphrase_from(passphrase_file, twice=False)) as archive:
            manifest = read_through(archive)
        self.stdout.write(
            f"Whole: made {manifest.at} by version {manifest.made_by}, {manifest.rows:,} rows in "
            f"{len(manifest.tables)} tables, {sum(each.count for each in manifest.files.values()):,} files."
        )
