from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownAuthority, UnknownPerson, actor, authority
from evenhand.plans import actions
from evenhand.plans.check import check_plan
from evenhand.plans.problems import PlanFileError
from evenhand.plans.queries import UnknownPlan, plan
from evenhand.plans.reading import read_plan
from evenhand.plans.wording import render_check
from evenhand.records.files import CannotRead, read
from evenhand.records.slugs import SlugTaken

REFUSALS = (
    CannotRead,
    PlanFileError,
    Refused,
    SlugTaken,
    UnknownAuthority,
    UnknownPerson,
    UnknownPlan,
    actions.PlanDiffers,
)


class Command(BaseCommand):
    help = "Check, take in and publish an authority's plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser("check", help="Is each objective specific and measurable? Nothing is stored.")
        check.add_argument("file", type=Path)
        take_in = commands.add_parser("import", help="Take in a plan file, whole or not at all, as a draft.")
        take_in.add_argument("file", type=Path)
        take_in.add_argument("--publish", action="store_true", help="Show it to everyone at once.")
        take_in.add_argument("--by", metavar="EMAIL")
        publish = commands.add_parser("publish", help="Show a plan to everyone.")
        publish.add_argument("address", metavar="AUTHORITY/PLAN")
        publish.add_argument("--by", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except REFUSALS as refused:
            raise CommandError(str(refused)) from refused

    def _run(self, options: dict[str, Any]) -> None:
        if options["command"] == "check":
            file: Path = options["file"]
            self.stdout.write(render_check(check_plan(read_plan(read(file), file.name))))
            return
        by = actor(options["by"])
        if options["command"] == "import":
            imported = actions.import_plan(read(options["file"]), by=by, name=options["file"].name)
            held = "Held already, with the same words" if imported.already_held else "Taken in as a draft"
            self.stdout.write(f"{held}: {imported.plan}")
            if not options["publish"]:
                return
            found = imported.plan
        else:
            slug, _, name = options["address"].partition("/")
            found = plan(authority(slug), name, by=by)
        actions.publish(found, by=by)
        self.stdout.write(f"Published: {found}")
