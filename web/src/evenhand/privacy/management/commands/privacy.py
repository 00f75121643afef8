import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownAuthority, UnknownPerson, authority, operator, person
from evenhand.privacy import actions, erasing, erasure_list, free_space, queries, report_files, retention
from evenhand.privacy.identifiers import Identifiers, files_mentioning, mentions_in_database
from evenhand.privacy.models import Erasure
from evenhand.privacy.subject_access import personal_data_of


class Command(BaseCommand):
    help = "Answer data protection requests (access, objection, erasure), and delete data past its retention period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        access = commands.add_parser("access", help="Export all the personal data held about a person.")
        access.add_argument("email")
        access.add_argument(
            "--out", type=Path, metavar="FILE", help="A file name ending in .json, .html or .zip (default: print JSON)"
        )

        for name, description in (("object", "Record an objection"), ("withdraw", "Withdraw an objection")):
            objection = commands.add_parser(name, help=f"{description} to the analysis of a person's data.")
            objection.add_argument("authority", metavar="SLUG")
            objection.add_argument(
                "number", help="The staff number. It is not stored. Use - to read it from standard input."
            )

        erase = commands.add_parser("erase", help="Permanently erase a person's name and contact details.")
        erase.add_argument("email")
        erase.add_argument("--reason", help="Kept in the record of changes. Do not name anyone in it.")
        erase.add_argument(
            "--preview", action="store_true", help="Show what would be erased and what would be kept. Change nothing."
        )

        reapply = commands.add_parser(
            "reapply", help="After restoring an older backup: erase again the people it brought back."
        )
        reapply.add_argument(
            "--list", type=Path, metavar="FILE", help="A list of erasures (default: the site's own list)"
        )

        erasures = commands.add_parser("erasures", help="Export the list of erasures (ids only), to keep with backups.")
        erasures.add_argument("--out", type=Path, metavar="FILE")

        sweep = commands.add_parser("sweep", help="Delete data that is past its retention period.")
        sweep.add_argument("--dry-run", action="store_true", help="Show what would be deleted. Delete nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except (
            UnknownPerson,
            UnknownAuthority,
            Refused,
            NotPossible,
            erasure_list.ErasureListError,
            report_files.UnsupportedFileType,
            OSError,
        ) as error:
            raise CommandError(str(error)) from error

    def _access(self, options: dict[str, Any]) -> None:
        report = personal_data_of(person(options["email"]))
        if options["out"] is None:
            self.stdout.write(json.dumps(report.as_data(), indent=2, ensure_ascii=False, default=str))
            return
        report_files.write(report, options["out"])
        self.stdout.write(f"Report written: {report.row_count} rows in {len(report.categories)} categories.")

    def _object(self, options: dict[str, Any]) -> None:
        number = _staff_number(options["number"])
        actions.object_to_analysis(authority(options["authority"]), by=operator(), number=number)
        self.stdout.write(
            "Objection recorded. The figures on this site are counts that do not identify anyone, so they do not "
            "change. Any future analysis of individual records will leave this person out."
        )

    def _withdraw(self, options: dict[str, Any]) -> None:
        number = _staff_number(options["number"])
        actions.withdraw_objection(authority(options["authority"]), by=operator(), number=number)
        self.stdout.write("Objection withdrawn.")

    def _erase(self, options: dict[str, Any]) -> None:
        user = person(options["email"])
        identifiers = erasing.identifiers_of(user)
        if options["preview"]:
            self._write_preview(user, identifiers)
            return
        if not options["reason"]:
            raise CommandError(
                "Give a reason with --reason. It is kept in the record of changes, so do not name anyone in it."
            )
        erasure = actions.erase(user, by=operator(), reason=options["reason"])
        erasure.refresh_from_db()
        self.stdout.write(f"Person erased. The record of changes now shows only a random id: {erasure.person_id}.")
        if erasure.wiped_at is None:
            self.stdout.write(
                "The database was too busy to overwrite its free space, which may still hold personal data. "
                "This is done every night, or run: evenhand privacy sweep"
            )
        self._write_remaining_mentions(identifiers)

    def _write_preview(self, user: User, identifiers: Identifiers) -> None:
        if obstacle := erasing.obstacle_to_erasure(user):
            self.stdout.write(f"This person can't be erased yet. {obstacle}\n")
        preview = erasing.preview(user, identifiers)
        self.stdout.write("Will be erased:")
        for count in preview.erased:
            self.stdout.write(f"  {count.number} {count.label}")
        self.stdout.write("Will be kept:")
        for count in preview.kept:
            self.stdout.write(f"  {count.number} {count.label}: {count.reason}")
        for mention in preview.remaining_mentions:
            self.stdout.write(f"  {mention}: {erasing.WHY_MENTIONS_REMAIN}")

    def _write_remaining_mentions(self, identifiers: Identifiers) -> None:
        mentions = [str(mention) for mention in mentions_in_database(identifiers)]
        mentions += [str(file) for file in files_mentioning(erasing.folders(), identifiers)]
        if not mentions:
            self.stdout.write("The name and email address are no longer in any table or file.")
            return
        self.stdout.write(f"The name or email address is still in these places. {erasing.WHY_MENTIONS_REMAIN}")
        for mention in mentions:
            self.stdout.write(f"  {mention}")

    def _reapply(self, options: dict[str, Any]) -> None:
        file: Path = options["list"] or erasure_list.path()
        if not file.exists():
            raise CommandError(
                f"There is no list of erasures at {file}. Use --list FILE to give the list kept with your backups."
            )
        removed = actions.reapply(list(erasure_list.read(file)), by=operator())
        self.stdout.write(f"Removed again: {removed}" if removed else "None of the people on the list is on this site.")

    def _erasures(self, options: dict[str, Any]) -> None:
        text = "".join(f"{erasure_list.to_line(erasure)}\n" for erasure in Erasure.objects.all())
        if options["out"]:
            options["out"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _sweep(self, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            removed = retention.expired_counts(timezone.now())
            leavers = [
                leaver
                for leaver in queries.leavers(retention.days_after_leaving())
                if not erasing.obstacle_to_erasure(leaver)
            ]
            if leavers:
                removed["authorities.user"] = len(leavers)
        else:
            removed = actions.sweep(by=operator())
        for label, number in sorted(removed.items()):
            self.stdout.write(f"{'due' if options['dry_run'] else 'removed'}: {number} of {label}")
        if not removed:
            self.stdout.write("Nothing is due for deletion.")
        if free_space.is_wipe_pending():
            self.stdout.write("The free space of the database has not been overwritten yet: the database is busy.")


def _staff_number(argument: str) -> str:
    """The argument, or a line of standard input if it is “-”, which keeps the number out of the shell history."""
    return sys.stdin.readline() if argument == "-" else argument
