from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.queries import UnknownPerson, operator, person
from evenhand.sign_in import actions, attempts


class Command(BaseCommand):
    help = "Help someone who can't get in: lift a lock, take away a second step that was lost, end open sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        for name, what in (
            ("status", "Whether the account is locked, and until when."),
            ("unlock", "Let the person try again at once."),
            ("end-sessions", "Sign the person out everywhere."),
        ):
            commands.add_parser(name, help=what).add_argument("email")
        remove = commands.add_parser("remove-second-steps", help="For someone who lost telephone and recovery codes.")
        remove.add_argument("email")
        remove.add_argument("--reason", required=True, help="How you made sure that it is the person")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = person(options["email"])
        except UnknownPerson as unknown:
            raise CommandError(str(unknown)) from unknown
        match options["command"]:
            case "status":
                until = attempts.locked_until(found.email)
                self.stdout.write(f"Locked until {until:%H:%M} UTC." if until else "Not locked.")
            case "unlock":
                self.stdout.write(f"Unlocked: {actions.unlock(found, by=operator())} failures are forgotten.")
            case "end-sessions":
                self.stdout.write(f"Signed out: {actions.end_sessions(found, by=operator())} sessions ended.")
            case "remove-second-steps":
                removed = actions.remove_second_steps(found, by=operator(), reason=options["reason"])
                self.stdout.write(f"Removed: {removed}. The password alone lets the person in now.")
