from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.queries import UnknownAuthority, authority
from evenhand.operations.documents.drafts import DRAFTS
from evenhand.operations.documents.page import html_document


class Command(BaseCommand):
    help = "Write drafts of the legal documents that an authority must sign, filled in from the system itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--authority", metavar="SLUG", help="The authority to name in them (default: a gap to complete)."
        )
        parser.add_argument("--out", type=Path, metavar="FOLDER", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        try:
            name = authority(options["authority"]).name if options["authority"] else ""
            folder.mkdir(parents=True, exist_ok=True)
            for draft in DRAFTS:
                text = draft.write(name)
                (folder / f"{draft.slug}.md").write_text(f"{text}\n", encoding="utf-8")
                (folder / f"{draft.slug}.html").write_text(html_document(draft.title, text), encoding="utf-8")
        except UnknownAuthority as unknown:
            raise CommandError(str(unknown)) from unknown
        except OSError as error:
            raise CommandError(f"{folder} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{len(DRAFTS)} drafts written, each as .md and .html")
