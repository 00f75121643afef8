import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evenhand.authorities.models import User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import UnknownAuthority, UnknownPerson, authority, operator, person
from evenhand.privacy import actions, erasing, erasure_list, paper, queries, storage, sweeping
from evenhand.privacy import traces as tracing
from evenhand.privacy.answer import held_about
from evenhand.privacy.models import Erasure


class Command(BaseCommand):
    help = "What a person may ask about their data: to see it, to object, to be erased. And the clock of retention."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        access = commands.add_parser("access", help="Everything that is held about a person.")
        access.add_argument("email")
        access.add_argument(
            "--out", type=Path, metavar="FILE", help="Ends in .json, .html or .zip (default: print JSON)"
        )

        for name, what in (("object", "Keep that somebody objects"), ("withdraw", "End an objection")):
            words = commands.add_parser(name, help=f"{what} to the analysis of their data.")
            words.add_argument("authority", metavar="SLUG")
            words.add_argument("number", help="The staff number. It is not stored; - reads it from standard input.")

        erase = commands.add_parser("erase", help="Take a person out of the system for good.")
        erase.add_argument("email")
        erase.add_argument("--reason", help="Stays in the record of changes: name nobody in it.")
        erase.add_argument(
            "--preview", action="store_true", help="Say what would go and what would stay; change nothing."
        )

        reapply = commands.add_parser(
            "reapply", help="After the restore of an older backup: erase again who came back."
        )
        reapply.add_argument(
            "--list", type=Path, metavar="FILE", help="A list of erasures (default: the one kept here)"
        )

        erasures = commands.add_parser("erasures", help="The list of erasures, ids alone, to keep beside the backups.")
        erasures.add_argument("--out", type=Path, metavar="FILE")

        sweep = commands.add_parser("sweep", help="Remove what has been kept as long as it may be.")
        sweep.add_argument("--dry-run", action="store_true", help="Say what is due; remove nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")(options)
        except (
            UnknownPerson,
            UnknownAuthority,
            Refused,
            actions.CannotAnswer,
            erasure_list.UnreadableList,
            paper.UnknownForm,
            OSError,
        ) as refused:
            raise CommandError(str(refused)) from refused

    def _access(self, options: dict[str, Any]) -> None:
        answer = held_about(person(options["email"]))
        if options["out"] is None:
            self.stdout.write(json.dumps(answer.as_data(), indent=2, ensure_ascii=False, default=str))
            return
        paper.write(answer, options["out"])
        rows = sum(len(section.rows) for section in answer.sections)
        self.stdout.write(f"Written: {rows} rows of {len(answer.sections)} kinds")

    def _object(self, options: dict[str, Any]) -> None:
        actions.object_to_analysis(authority(options["authority"]), by=operator(), number=_number(options["number"]))
        self.stdout.write(
            "Kept: this person objects. The figures held today are counts, in which nobody can be found, so that "
            "nothing changes in them; an analysis of rows about people will leave the person out."
        )

    def _withdraw(self, options: dict[str, Any]) -> None:
        actions.withdraw_objection(authority(options["authority"]), by=operator(), number=_number(options["number"]))
        self.stdout.write("The objection is ended.")

    def _erase(self, options: dict[str, Any]) -> None:
        found = person(options["email"])
        traces = erasing.traces_of(found)
        if options["preview"]:
            self._preview(found, traces)
            return
        if not options["reason"]:
            raise CommandError("Say why, with --reason. It stays in the record of changes: name nobody in it.")
        erasure = actions.erase(found, by=operator(), reason=options["reason"])
        erasure.refresh_from_db()
        self.stdout.write(f"Erased. In the record the person is now {erasure.person_id}, which leads to nobody.")
        if erasure.wiped_at is None:
            self.stdout.write(
                "The database was too busy to overwrite its free space, in which traces may stand. "
                "The nightly sweep does it, or: evenhand privacy sweep"
            )
        self._tell_what_is_left(traces)

    def _preview(self, found: User, traces: tracing.Traces) -> None:
        if refusal := erasing.why_not(found):
            self.stdout.write(f"Not now: {refusal}\n")
        told = erasing.preview(found, traces)
        self.stdout.write("Goes:")
        for line in told.goes:
            self.stdout.write(f"  {line.number} {line.what}")
        self.stdout.write("Stays:")
        for line in told.stays:
            self.stdout.write(f"  {line.number} {line.what}: {line.why}")
        for place in told.named_elsewhere:
            self.stdout.write(f"  {place}: {erasing.WHY_IT_STAYS}")

    def _tell_what_is_left(self, traces: tracing.Traces) -> None:
        places = [str(each) for each in tracing.in_database(traces)]
        places += [str(each) for each in tracing.in_files(erasing.folders(), traces)]
        if not places:
            self.stdout.write("The name and the address stand nowhere any more: no table, no file.")
            return
        self.stdout.write(f"The name or the address still stands here. {erasing.WHY_IT_STAYS}")
        for place in places:
            self.stdout.write(f"  {place}")

    def _reapply(self, options: dict[str, Any]) -> None:
        file: Path = options["list"] or erasure_list.path()
        if not file.exists():
            raise CommandError(
                f"There is no list of erasures at {file}. Name the one kept beside the backups: --list FILE"
            )
        removed = actions.reapply(list(erasure_list.read(file)), by=operator())
        self.stdout.write(f"Removed again: {removed}" if removed else "Nobody who was erased is here.")

    def _erasures(self, options: dict[str, Any]) -> None:
        text = "".join(f"{erasure_list.line(each)}\n" for each in Erasure.objects.all())
        if options["out"]:
            options["out"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")

    def _sweep(self, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            removed = sweeping.counts(timezone.now())
            leavers = [each for each in queries.leavers(sweeping.days_after_leaving()) if not erasing.why_not(each)]
            if leavers:
                removed["authorities.user"] = len(leavers)
        else:
            removed = actions.sweep(by=operator())
        for label, number in sorted(removed.items()):
            self.stdout.write(f"{'due' if options['dry_run'] else 'removed'}: {number} of {label}")
        if not removed:
            self.stdout.write("Nothing is due.")
        if storage.left_over():
            self.stdout.write("The free space of the database still waits to be overwritten: it is too busy.")


def _number(given: str) -> str:
    """From standard input, where it should not stand in the history of a shell."""
    return sys.stdin.readline() if given == "-" else given
