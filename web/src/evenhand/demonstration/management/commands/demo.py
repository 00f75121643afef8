from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from evenhand.demonstration.cast import programme
from evenhand.demonstration.loading import is_empty, load


class Command(BaseCommand):
    help = "Load the demonstration into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing where there is something already.")
        parser.add_argument("--cast", action="store_true", help="Load nothing: say whom one can sign in as.")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "EVENHAND_PRODUCTION is set, and the demonstration lets people in by a pass phrase that is printed on "
                "the screen. Load it somewhere else: unset EVENHAND_PRODUCTION and point EVENHAND_VAR at a new folder."
            )
        if options["cast"]:
            self.stdout.write(programme())
            return
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError(
                "This database is not empty, and the demonstration is never mixed with what is there. "
                "Point EVENHAND_VAR at a new folder, or DATABASE_URL at an empty database."
            )
        with transaction.atomic():  # all of it, or nothing
            for step in load():
                self.stdout.write(f"Demonstration: {step}")
