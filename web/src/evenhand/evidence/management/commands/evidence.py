from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownPerson, actor
from evenhand.evidence.actions import Imported, import_workforce
from evenhand.evidence.intake import FileRefused, read_source
from evenhand.records.files import CannotRead, read


class Command(BaseCommand):
    help = "Take in files of counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        take_in = commands.add_parser("import", help="Take in a file of workforce counts, whole or not at all.")
        take_in.add_argument("file", type=Path)
        take_in.add_argument(
            "--source",
            type=Path,
            help="Where the figures are from, as TOML (default: FILE with the ending .source.toml, if there is one).",
        )
        take_in.add_argument("--by", metavar="EMAIL", help="Who takes it in (default: the command line itself).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            imported = self._import(options["file"], options["source"], options["by"])
        except (CannotRead, FileRefused, Refused, UnknownPerson) as refused:
            raise CommandError(str(refused)) from refused
        self._report(imported)

    def _import(self, file: Path, source_file: Path | None, by: str | None) -> Imported:
        data = read(file)
        beside = file.with_suffix(".source.toml")
        source_file = source_file or (beside if beside.exists() else None)
        source = read_source(read(source_file), source_file.name) if source_file else None
        return import_workforce(data, by=actor(by), name=file.name, source=source)

    def _report(self, imported: Imported) -> None:
        for snapshot in imported.stored:
            self.stdout.write(f"Taken in: {snapshot.dataset.authority}, {snapshot.period}")
        for snapshot in imported.already_held:
            self.stdout.write(f"Held already, with the same figures: {snapshot.dataset.authority}, {snapshot.period}")
        for dataset in {each.dataset for each in (*imported.stored, *imported.already_held)}:
            if not dataset.publisher or not dataset.licence:
                self.stderr.write(
                    f"{dataset.authority}: publisher or licence is not stated, and the pages will say so. "
                    "Describe them in a file: --source."
                )
        if imported.set_aside:
            columns = ", ".join(imported.set_aside)
            self.stdout.write(f"Checked and set aside, because no measure uses them yet: {columns}")
