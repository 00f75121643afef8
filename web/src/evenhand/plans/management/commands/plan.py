from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownAuthority, UnknownPerson, actor, authority
from evenhand.plans import actions, queries
from evenhand.plans.check import check_plan
from evenhand.plans.problems import PlanFileError
from evenhand.plans.queries import UnknownPlan, plan
from evenhand.plans.reading import read_plan
from evenhand.plans.text_report import render_check
from evenhand.records.files import CannotRead, read
from evenhand.records.slugs import SlugTaken

REPORTED_ERRORS = (
    CannotRead,
    PlanFileError,
    Refused,
    SlugTaken,
    UnknownAuthority,
    UnknownPerson,
    UnknownPlan,
    queries.PlanConflict,
)


class Command(BaseCommand):
    help = "Check, import and publish an authority's plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser(
            "check", help="Check whether each objective is specific and measurable. Nothing is stored."
        )
        check.add_argument("file", type=Path)
        import_plan = commands.add_parser("import", help="Import a plan file as a draft.")
        import_plan.add_argument("file", type=Path)
        import_plan.add_argument("--publish", action="store_true", help="Publish it immediately.")
        import_plan.add_argument("--by", metavar="EMAIL")
        publish = commands.add_parser("publish", help="Publish a plan.")
        publish.add_argument("address", metavar="AUTHORITY/PLAN")
        publish.add_argument("--by", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._run(options)
        except REPORTED_ERRORS as error:
            raise CommandError(str(error)) from error

    def _run(self, options: dict[str, Any]) -> None:
        if options["command"] == "check":
            file: Path = options["file"]
            self.stdout.write(render_check(check_plan(read_plan(read(file), file.name))))
            return
        by = actor(options["by"])
        if options["command"] == "import":
            imported = actions.import_plan(read(options["file"]), by=by, name=options["file"].name)
            result = "Already imported, with the same text" if imported.already_stored else "Imported as a draft"
            self.stdout.write(f"{result}: {imported.plan}")
            if not options["publish"]:
                return
            chosen = imported.plan
        else:
            authority_slug, _, plan_slug = options["address"].partition("/")
            chosen = plan(authority(authority_slug), plan_slug, by=by)
        actions.publish(chosen, by=by)
        self.stdout.write(f"Published: {chosen}")
