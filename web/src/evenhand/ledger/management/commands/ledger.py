import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from evenhand.ledger import checkpoints
from evenhand.ledger.form import SYSTEM
from evenhand.ledger.models import Checkpoint, Entry, Head
from evenhand.ledger.queries import entries_of, has_details, history
from evenhand.ledger.verification import VerificationProblem, verify
from evenhand.records import slugs
from evenhand.records.files import CannotRead, read
from evenhand.records.models import TakenSlug

AUTHORITIES = "authorities"  # the namespace of their slugs


class Command(BaseCommand):
    help = "The record of changes: verify it, sign its current state, or show the history of an item."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        verify_parser = commands.add_parser(
            "verify", help="check every entry and report the first problem in each chain"
        )
        verify_parser.add_argument("--authority", metavar="SLUG", help="check only this authority's entries")
        verify_parser.add_argument(
            "--against",
            metavar="FILE",
            nargs="+",
            default=[],
            action="extend",
            help="also check against checkpoints that you saved",
        )
        checkpoint_parser = commands.add_parser("checkpoint", help="sign the current state and print the checkpoint")
        checkpoint_parser.add_argument(
            "--authority", metavar="SLUG", help="sign only this authority's record; otherwise every record"
        )
        checkpoint_parser.add_argument("--out", metavar="FILE", help="write the checkpoint to this file")
        show_parser = commands.add_parser("show", help="show the history of an item or of an authority")
        show_parser.add_argument("subject", nargs="?", metavar="ID", help="the id of the item")
        show_parser.add_argument("--authority", metavar="SLUG", help="show every entry of this authority")

    def handle(self, *, command: str, **options: Any) -> None:
        if command == "verify":
            self.verify(options["authority"], options["against"])
        elif command == "checkpoint":
            self.checkpoint(options["authority"], options["out"])
        else:
            self.show(options["subject"], options["authority"])

    def verify(self, authority: str | None, against: list[str]) -> None:
        try:
            texts = [read(Path(name)).decode("utf-8", "replace") for name in against]
        except CannotRead as error:
            raise CommandError(str(error)) from error
        report = verify(only=_chain(authority) if authority else None, against=texts)
        if not report.ok:
            problems = "\n".join(map(_problem_line, report.problems))
            raise CommandError(f"The record of changes has been altered or damaged.\n{problems}")
        self.stdout.write(
            f"The record of changes is intact: {report.entries:,} entries in {report.chains:,} chains, "
            f"checked against {report.checkpoints:,} signed checkpoints."
        )

    def checkpoint(self, authority: str | None, out: str | None) -> None:
        chains = [_chain(authority)] if authority else list(Head.objects.values_list("chain", flat=True))
        issued = [checkpoint for checkpoint in map(checkpoints.issue, chains) if checkpoint is not None]
        if not issued:
            raise CommandError("Nothing has been recorded yet, so there is nothing to sign.")
        if out is None:
            self.stdout.write("\n".join(checkpoint.note for checkpoint in issued), ending="")
        elif len(issued) > 1:
            raise CommandError("A file can contain only one checkpoint. Choose one with --authority.")
        else:
            _write(Path(out), issued[0])
            self.stdout.write(
                f"Signed: {issued[0].size:,} entries. Keep {out} in a place that this server cannot reach."
            )

    def show(self, subject: str | None, authority: str | None) -> None:
        if (subject is None) == (authority is None):
            raise CommandError("Give either the id of an item or an --authority.")
        entries = entries_of(_chain(authority)).reverse() if authority else history(_id(subject or ""))
        for entry in entries.iterator():
            self.stdout.write(_entry_line(entry))


def _chain(slug: str) -> UUID:
    chain = slugs.owner_of(AUTHORITIES, slug)
    if chain is None:
        raise CommandError(f"There is no authority “{slug}”. List the authorities with: evenhand authority list")
    return chain


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not an id. An id is 32 digits and letters with hyphens.") from error


def _write(file: Path, checkpoint: Checkpoint) -> None:
    try:
        file.write_text(checkpoint.note, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} can't be written: {error.strerror}.") from error


def _problem_line(problem: VerificationProblem) -> str:
    if not problem.chain:
        return f"{problem.description}."
    entry = f"entry {problem.position}" + (f" ({problem.entry_id}, {problem.at})" if problem.entry_id else "")
    return f"{_chain_name(problem.chain)}: {entry} {problem.description}."


def _chain_name(chain: str) -> str:
    if chain == str(SYSTEM):
        return "The system's own record"
    try:
        taken = TakenSlug.objects.filter(namespace=AUTHORITIES, subject_id=UUID(chain)).order_by("-id").first()
    except ValueError:
        taken = None
    return taken.slug if taken else f"Chain {chain}"


def _entry_line(entry: Entry) -> str:
    at = timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S")
    details = entry.payload.text if has_details(entry) else "(details were erased)"
    subject = f"{entry.subject_kind} {entry.subject_id}"
    return f"{entry.position}  {at}  {entry.action}  {subject}  by {entry.actor_id}  {details}"
