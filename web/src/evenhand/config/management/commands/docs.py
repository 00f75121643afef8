from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.config.documents import DOCUMENTS, document


class Command(BaseCommand):
    help = "Write docs/generated and docs/export-format.md from the code, or check that they match the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if a document differs.")
        parser.add_argument("--root", type=Path, default=Path(), help="The checkout (default: the current folder).")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["root"] / "docs"
        documents = {name: document(name) for name in DOCUMENTS}
        if options["check"]:
            self._check(folder, documents)
            return
        (folder / "generated").mkdir(parents=True, exist_ok=True)
        for name, text in documents.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(documents)} documents written")

    def _check(self, folder: Path, documents: dict[str, str]) -> None:
        existing = {folder / name for name in documents if (folder / name).exists()}
        existing.update((folder / "generated").glob("*.md"))  # also one that is no longer written
        files = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in existing}
        differing = sorted(name for name in files.keys() | documents.keys() if files.get(name) != documents.get(name))
        if differing:
            names = ", ".join(f"docs/{name}" for name in differing)
            raise CommandError(f"These documents differ from the code: {names}. Run: .venv/bin/evenhand docs")
