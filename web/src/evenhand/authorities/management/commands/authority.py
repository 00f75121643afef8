from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities import actions, queries
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.permissions import Refused
from evenhand.notifications import mail_status
from evenhand.records.slugs import SlugTaken


class Command(BaseCommand):
    help = "Authorities and the people who work for them: add, invite, list, end access."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("list", help="List the authorities.")
        _add_arguments(commands)
        _member_arguments(commands)
        _people_arguments(commands)

    def handle(self, *args: Any, **options: Any) -> None:
        commands: dict[str, Callable[[dict[str, Any]], None]] = {
            "list": self._list,
            "add": self._add,
            "member": self._add_member,
            "invite": self._invite,
            "roles": self._roles,
            "leave": self._leave,
            "join": self._join,
        }
        try:
            commands[options["command"]](options)
        except ValidationError as invalid:
            raise CommandError(" ".join(invalid.messages)) from invalid
        except (SlugTaken, NotPossible, Refused, queries.UnknownAuthority, queries.UnknownPerson) as refused:
            raise CommandError(str(refused)) from refused

    def _list(self, options: dict[str, Any]) -> None:
        for authority in (*queries.authorities(), *queries.invented_authorities()):
            self.stdout.write(f"{authority.slug}: {authority.name} ({authority.get_kind_display()})")

    def _add(self, options: dict[str, Any]) -> None:
        authority = actions.add(
            by=queries.operator(),
            slug=options["slug"],
            name=options["name"],
            kind=Kind(options["kind"]),
            area_code=options["area_code"],
            area_name=options["area_name"],
            parent=queries.authority(options["parent"]) if options["parent"] else None,
            invented=options["invented"],
        )
        self.stdout.write(f"Added: {authority.name}")

    def _add_member(self, options: dict[str, Any]) -> None:
        body = queries.authority(options["slug"])
        membership = actions.add_member(
            body, by=queries.operator(), email=options["email"], name=options["name"], role=Role(options["role"])
        )
        self.stdout.write(f"Added: {membership}")

    def _invite(self, options: dict[str, Any]) -> None:
        invitation = actions.invite(
            queries.authority(options["slug"]),
            by=queries.operator(),
            email=options["email"],
            name=options["name"],
            roles=[Role(role) for role in options["role"]],
        )
        how = mail_status.not_sent_note() or "It is sent by email."
        self.stdout.write(f"Invited: {invitation}. The link works once, within seven days. {how}")

    def _roles(self, options: dict[str, Any]) -> None:
        body = queries.authority(options["slug"])
        if not options["email"]:
            for colleague in queries.colleagues(body):
                current_roles = ", ".join(sorted(membership.role for membership in colleague.current))
                self.stdout.write(f"{colleague.person.name} <{colleague.person.email}>: {current_roles}")
            return
        person = queries.person(options["email"])
        if options["role"]:
            roles = [Role(role) for role in options["role"]]
            actions.change_roles(body, person, by=queries.operator(), roles=roles, reason=options["reason"])
        current_roles = ", ".join(sorted(queries.roles_of(person, body))) or "no role"
        self.stdout.write(f"{person} at {body}: {current_roles}")

    def _leave(self, options: dict[str, Any]) -> None:
        body, person = queries.authority(options["slug"]), queries.person(options["email"])
        successor = queries.person(options["hand_over_to"]) if options["hand_over_to"] else None
        actions.end_access(person, body, by=queries.operator(), hand_over_to=successor, reason=options["reason"])
        self.stdout.write(f"The access of {person} to {body} has ended")

    def _join(self, options: dict[str, Any]) -> None:
        parent = queries.authority(options["parent"]) if options["parent"] else None
        body = actions.join(queries.authority(options["slug"]), by=queries.operator(), parent=parent)
        self.stdout.write(f"{body} is a member of {parent or 'no other body'}")


def _add_arguments(commands: "_SubParsersAction[Any]") -> None:
    add = commands.add_parser("add", help="Add a public body.")
    add.add_argument("slug", help="Its permanent part of the web address, for example liverpool-city-council")
    add.add_argument("--name", required=True)
    add.add_argument("--kind", required=True, choices=Kind.values)
    add.add_argument("--area-code", required=True, help="The ONS code of its area, for example E08000012")
    add.add_argument("--area-name", required=True)
    add.add_argument("--parent", metavar="SLUG", help="The body that it is a member of")
    add.add_argument(
        "--invented",
        action="store_true",
        help="It is made up, for trying things out. This cannot be changed. Its name and area name end in (invented), "
        "its slug ends in -invented, and its area code begins with X.",
    )
    join = commands.add_parser("join", help="Make a body a member of another, or of none without --parent.")
    join.add_argument("slug", help="The authority's slug")
    join.add_argument("--parent", metavar="SLUG")


def _member_arguments(commands: "_SubParsersAction[Any]") -> None:
    member = commands.add_parser("member", help="Give a person a role at an authority.")
    member.add_argument("slug", help="The authority's slug")
    member.add_argument("--email", required=True)
    member.add_argument("--name", required=True)
    member.add_argument("--role", required=True, choices=Role.values)
    invite = commands.add_parser("invite", help="Email a person an invitation to work for an authority.")
    invite.add_argument("slug", help="The authority's slug")
    invite.add_argument("--email", required=True)
    invite.add_argument("--name", required=True)
    invite.add_argument("--role", required=True, action="append", choices=Role.values, help="Can be repeated")


def _people_arguments(commands: "_SubParsersAction[Any]") -> None:
    roles = commands.add_parser(
        "roles", help="List the roles of everyone at an authority, or change the roles of one person."
    )
    roles.add_argument("slug", help="The authority's slug")
    roles.add_argument("--email", help="Only this person")
    roles.add_argument(
        "--role",
        action="append",
        choices=Role.values,
        help="The person's new roles, which replace the current ones; can be repeated",
    )
    roles.add_argument("--reason", default="")
    leave = commands.add_parser("leave", help="End a person's access to an authority.")
    leave.add_argument("slug", help="The authority's slug")
    leave.add_argument("--email", required=True)
    leave.add_argument(
        "--hand-over-to", metavar="EMAIL", help="The colleague who takes over the person's assigned work"
    )
    leave.add_argument("--reason", default="")
