from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from evenhand.authorities.queries import UnknownAuthority, authority
from evenhand.operations.backup_state import is_up_to_date
from evenhand.operations.export import export
from evenhand.operations.export_page import page


class Command(BaseCommand):
    help = "Write everything, or one authority's part, in open forms with their schema: the way out."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, nargs="?", metavar="FOLDER|ZIP", help="New; a zip by its ending .zip.")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--everything", action="store_true", help="All that this installation holds.")
        what.add_argument("--authority", metavar="SLUG", help="What belongs to one authority, and nothing of others.")
        what.add_argument(
            "--describe", action="store_true", help="Only say in what form, as docs/export-format.md does."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["describe"]:
            self.stdout.write(page(), ending="")
            return
        target: Path | None = options["target"]
        if target is None:
            raise CommandError("Say where to: a new folder, or a new file ending in .zip.")
        if not is_up_to_date(DEFAULT_DB_ALIAS):
            raise CommandError("The database is not laid out for this version: run evenhand migrate first.")
        try:
            body = authority(options["authority"]) if options["authority"] else None
            done = export(target, body, self.stderr.write)
        except UnknownAuthority as unknown:
            raise CommandError(str(unknown)) from unknown
        except FileExistsError as fault:
            raise CommandError(f"{fault} is there already, and nothing is written over. Name a new one.") from fault
        except OSError as fault:
            raise CommandError(f"Not exported: {fault.strerror or fault}. Nothing was left behind.") from fault
        except DatabaseError as fault:
            raise CommandError(f"Not exported: the database says “{str(fault).strip()}”.") from fault
        self.stdout.write(f"{target}: {done.rows:,} rows and {done.files:,} files")
        for each in done.left_out:
            self.stderr.write(f"Left out: {each}")
