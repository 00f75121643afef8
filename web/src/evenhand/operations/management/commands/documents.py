from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.queries import UnknownAuthority, authority
from evenhand.operations.documents.page import whole_page
from evenhand.operations.documents.writing import DRAFTS


class Command(BaseCommand):
    help = "Write drafts of the documents that an authority must sign, filled from what the system does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", metavar="SLUG", help="Whose name they bear (default: a gap to be filled).")
        parser.add_argument("--out", type=Path, metavar="FOLDER", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["out"]
        try:
            name = authority(options["authority"]).name if options["authority"] else ""
            folder.mkdir(parents=True, exist_ok=True)
            for each in DRAFTS:
                text = each.write(name)
                (folder / f"{each.slug}.md").write_text(f"{text}\n", encoding="utf-8")
                (folder / f"{each.slug}.html").write_text(whole_page(each.title, text), encoding="utf-8")
        except UnknownAuthority as unknown:
            raise CommandError(str(unknown)) from unknown
        except OSError as fault:
            raise CommandError(f"{folder} can't be written: {fault.strerror}.") from fault
        self.stdout.write(f"{len(DRAFTS)} drafts written, each as .md and as .html")
