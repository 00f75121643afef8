from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownPerson, actor
from evenhand.evidence.actions import WorkforceImport, import_workforce
from evenhand.evidence.intake import ImportFileError, read_source
from evenhand.records.files import CannotRead, read


class Command(BaseCommand):
    help = "Import files of counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        import_parser = commands.add_parser(
            "import", help="Import a file of workforce counts. A file with errors is not imported at all."
        )
        import_parser.add_argument("file", type=Path)
        import_parser.add_argument(
            "--source",
            type=Path,
            help="A TOML file that describes the source of the figures (default: FILE with the extension .source.toml, "
            "if it exists).",
        )
        import_parser.add_argument("--by", metavar="EMAIL", help="Who imports it (default: the command line itself).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = self._import(options["file"], options["source"], options["by"])
        except (CannotRead, ImportFileError, Refused, UnknownPerson) as error:
            raise CommandError(str(error)) from error
        self._report(result)

    def _import(self, file: Path, source_file: Path | None, by: str | None) -> WorkforceImport:
        data = read(file)
        default_source = file.with_suffix(".source.toml")
        source_file = source_file or (default_source if default_source.exists() else None)
        source = read_source(read(source_file), source_file.name) if source_file else None
        return import_workforce(data, by=actor(by), name=file.name, source=source)

    def _report(self, result: WorkforceImport) -> None:
        for snapshot in result.stored:
            self.stdout.write(f"Imported: {snapshot.dataset.authority}, {snapshot.period}")
        for snapshot in result.already_imported:
            self.stdout.write(
                f"Already imported, with the same figures: {snapshot.dataset.authority}, {snapshot.period}"
            )
        for dataset in {snapshot.dataset for snapshot in (*result.stored, *result.already_imported)}:
            if missing := dataset.facts_not_stated:
                self.stderr.write(
                    f"{dataset.authority}: the {' and the '.join(missing)} of the figures must be stated before a "
                    "publication of them can be approved. Import the file again, with --source and a file that "
                    "describes the source."
                )
        if result.unused_columns:
            columns = ", ".join(result.unused_columns)
            self.stdout.write(f"Checked but not stored, because no measure uses them yet: {columns}")
