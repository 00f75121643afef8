from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.authorities.queries import UnknownPerson, operator, person
from evenhand.sign_in import actions, attempts


class Command(BaseCommand):
    help = "Help someone who can't sign in: unlock an account, remove a lost second factor, or end open sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        for name, description in (
            ("status", "Show whether the account is locked, and until when."),
            ("unlock", "Let the person try again immediately."),
            ("end-sessions", "Sign the person out of every browser."),
        ):
            commands.add_parser(name, help=description).add_argument("email")
        remove = commands.add_parser(
            "remove-second-factors",
            aliases=["remove-second-steps"],
            help="Remove the second factors of someone who has lost their phone and recovery codes.",
        )
        remove.add_argument("email")
        remove.add_argument("--reason", required=True, help="How you confirmed who they are")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = person(options["email"])
        except UnknownPerson as error:
            raise CommandError(str(error)) from error
        match options["command"]:
            case "status":
                until = attempts.locked_until(user.email)
                self.stdout.write(f"Locked until {until:%H:%M} UTC." if until else "Not locked.")
            case "unlock":
                cleared = actions.unlock(user, by=operator())
                self.stdout.write(f"Account unlocked. Failed attempts cleared: {cleared}.")
            case "end-sessions":
                self.stdout.write(f"Signed out. Sessions ended: {actions.end_sessions(user, by=operator())}.")
            case "remove-second-factors" | "remove-second-steps":
                removed = actions.remove_second_steps(user, by=operator(), reason=options["reason"])
                self.stdout.write(
                    f"Second factors removed: {removed}. The person can now sign in with a password only."
                )
