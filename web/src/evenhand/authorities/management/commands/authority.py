from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities import actions, queries
from evenhand.authorities.enums import Kind, Role
from evenhand.records.slugs import SlugTaken


class Command(BaseCommand):
    help = "Add an authority or a person who works for it, or list those that are known."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list", help="The authorities that are known here.")
        add = commands.add_parser("add", help="Add a public body.")
        add.add_argument("slug", help="Its part of the web address, for good: liverpool-city-council")
        add.add_argument("--name", required=True)
        add.add_argument("--kind", required=True, choices=Kind.values)
        add.add_argument("--area-code", required=True, help="The statistical code of its area: E08000012")
        add.add_argument("--area-name", required=True)
        add.add_argument("--parent", metavar="SLUG", help="The body that it is a member of")

        member = commands.add_parser("member", help="Let a person work for an authority in a role.")
        member.add_argument("slug", help="The authority's slug")
        member.add_argument("--email", required=True)
        member.add_argument("--name", required=True)
        member.add_argument("--role", required=True, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "list":
            for authority in queries.authorities():
                self.stdout.write(f"{authority.slug}: {authority.name} ({authority.get_kind_display()})")
            return
        try:
            if options["command"] == "member":
                self._add_member(options)
            else:
                self._add(options)
        except ValidationError as invalid:
            raise CommandError(" ".join(invalid.messages)) from invalid
        except (SlugTaken, queries.UnknownAuthority) as refused:
            raise CommandError(str(refused)) from refused

    def _add_member(self, options: dict[str, Any]) -> None:
        body = queries.authority(options["slug"])
        membership = actions.add_member(
            body, by=queries.operator(), email=options["email"], name=options["name"], role=Role(options["role"])
        )
        self.stdout.write(f"Added: {membership}")

    def _add(self, options: dict[str, Any]) -> None:
        authority = actions.add(
            by=queries.operator(),
            slug=options["slug"],
            name=options["name"],
            kind=Kind(options["kind"]),
            area_code=options["area_code"],
            area_name=options["area_name"],
            parent=queries.authority(options["parent"]) if options["parent"] else None,
        )
        self.stdout.write(f"Added: {authority.name}")
