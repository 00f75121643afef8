from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from evenhand.demonstration.accounts import sign_in_details
from evenhand.demonstration.loading import is_empty, load


class Command(BaseCommand):
    help = "Load the demonstration into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing if the database is not empty.")
        parser.add_argument(
            "--real-only", action="store_true", help="Leave out the invented authorities, and so all accounts."
        )
        parser.add_argument(
            "--accounts",
            "--cast",  # the name in version 0.2
            action="store_true",
            help="Print the accounts that you can sign in with, and load nothing.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "EVENHAND_PRODUCTION is set. The demonstration prints the pass phrase of its accounts on the screen, "
                "so it cannot be loaded in production. To load it elsewhere, unset EVENHAND_PRODUCTION "
                "and set EVENHAND_VAR to a new folder."
            )
        if options["accounts"]:
            self.stdout.write(sign_in_details())
            return
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError(
                "This database is not empty. The demonstration can be loaded only into an empty database. "
                "Set EVENHAND_VAR to a new folder, or DATABASE_URL to an empty database."
            )
        with transaction.atomic():
            for step in load(real_only=options["real_only"]):
                self.stdout.write(f"Demonstration: {step}")
