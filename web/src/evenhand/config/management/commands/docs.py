from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.config.documents import DOCUMENTS, document


class Command(BaseCommand):
    help = "Write docs/generated from the code, or check that it matches the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if a document differs.")
        parser.add_argument("--root", type=Path, default=Path(), help="The checkout (default: the current folder).")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["root"] / "docs" / "generated"
        documents = {name: document(name) for name in DOCUMENTS}
        if options["check"]:
            self._check(folder, documents)
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in documents.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(documents)} documents written")

    def _check(self, folder: Path, documents: dict[str, str]) -> None:
        files = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
        differing = sorted(name for name in files.keys() | documents.keys() if files.get(name) != documents.get(name))
        if differing:
            raise CommandError(f"docs/generated differs from the code: {', '.join(differing)}. Run: evenhand docs")
