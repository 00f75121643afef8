from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from evenhand.authorities.queries import UnknownAuthority, authority
from evenhand.operations.backup.migrations import is_up_to_date
from evenhand.operations.export.page import page
from evenhand.operations.export.writing import export


class Command(BaseCommand):
    help = "Export all data, or the data of one authority, in open formats with a schema."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, nargs="?", metavar="FOLDER|ZIP", help="A new folder, or a new file ending in .zip."
        )
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--everything", action="store_true", help="All data of this installation.")
        scope.add_argument("--authority", metavar="SLUG", help="The data of one authority only.")
        scope.add_argument(
            "--describe", action="store_true", help="Only describe the format, as in docs/export-format.md."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["describe"]:
            self.stdout.write(page())
            return
        target: Path | None = options["target"]
        if target is None:
            raise CommandError("Give a target: a new folder, or a new file ending in .zip.")
        if not is_up_to_date(DEFAULT_DB_ALIAS):
            raise CommandError("The database has not been migrated to this version. Run evenhand migrate first.")
        try:
            selected = authority(options["authority"]) if options["authority"] else None
            result = export(target, selected, self.stderr.write)
        except UnknownAuthority as unknown:
            raise CommandError(str(unknown)) from unknown
        except FileExistsError as error:
            raise CommandError(f"{error} already exists and is not overwritten. Give a new name.") from error
        except OSError as error:
            raise CommandError(f"Not exported: {error.strerror or error}. Nothing was left behind.") from error
        except DatabaseError as error:
            raise CommandError(f"Not exported. The database error was: {str(error).strip()}") from error
        self.stdout.write(f"{target}: {result.rows:,} rows and {result.files:,} files")
        for file in result.left_out:
            self.stderr.write(f"Left out: {file}")
