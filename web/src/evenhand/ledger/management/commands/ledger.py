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
from evenhand.ledger.verification import Fault, verify
from evenhand.records import slugs
from evenhand.records.files import CannotRead, read
from evenhand.records.models import TakenSlug

AUTHORITIES = "authorities"  # the namespace of their slugs


class Command(BaseCommand):
    help = "The record of changes: check it, sign what stands, show what happened to a thing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser("verify", help="go over every entry; name the first that is wrong")
        check.add_argument("--authority", metavar="SLUG", help="its entries alone")
        check.add_argument(
            "--against", metavar="FILE", nargs="+", default=[], action="extend", help="checkpoints that you kept"
        )
        sign = commands.add_parser("checkpoint", help="sign what stands, and show it")
        sign.add_argument("--authority", metavar="SLUG", help="its record; otherwise each one's")
        sign.add_argument("--out", metavar="FILE", help="write it there")
        show = commands.add_parser("show", help="what happened to a thing, or at an authority")
        show.add_argument("subject", nargs="?", metavar="ID", help="the id of the thing")
        show.add_argument("--authority", metavar="SLUG")

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
        except CannotRead as fault:
            raise CommandError(str(fault)) from fault
        found = verify(only=_chain(authority) if authority else None, against=texts)
        if not found.ok:
            raise CommandError(
                "The record of changes is not as it was written.\n" + "\n".join(map(_told, found.faults))
            )
        self.stdout.write(
            f"The record of changes is whole: {found.entries:,} entries in {found.chains:,} chains, "
            f"held against {found.checkpoints:,} signed checkpoints."
        )

    def checkpoint(self, authority: str | None, out: str | None) -> None:
        chains = [_chain(authority)] if authority else list(Head.objects.values_list("chain", flat=True))
        issued = [each for each in map(checkpoints.issue, chains) if each is not None]
        if not issued:
            raise CommandError("Nothing is recorded there yet, so there is nothing to sign.")
        if out is None:
            self.stdout.write("\n".join(each.note for each in issued), ending="")
        elif len(issued) > 1:
            raise CommandError("A file holds one checkpoint: name the --authority.")
        else:
            _write(Path(out), issued[0])
            self.stdout.write(f"Signed: {issued[0].size:,} entries. Keep {out} where this server can't reach it.")

    def show(self, subject: str | None, authority: str | None) -> None:
        if (subject is None) == (authority is None):
            raise CommandError("Say the id of a thing, or an --authority.")
        entries = entries_of(_chain(authority)).reverse() if authority else history(_id(subject or ""))
        for entry in entries.iterator():
            self.stdout.write(_line(entry))


def _chain(slug: str) -> UUID:
    found = slugs.owner_of(AUTHORITIES, slug)
    if found is None:
        raise CommandError(f"No authority “{slug}” is known here. List them with: evenhand authority list")
    return found


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise CommandError(f"“{text}” is no id: an id is 32 figures and letters with dashes.") from fault


def _write(file: Path, checkpoint: Checkpoint) -> None:
    try:
        file.write_text(checkpoint.note, encoding="utf-8")
    except OSError as fault:
        raise CommandError(f"{file} can't be written: {fault.strerror}.") from fault


def _told(fault: Fault) -> str:
    entry = f"entry {fault.position}" + (f" ({fault.entry_id}, {fault.at})" if fault.entry_id else "")
    return f"{_whose(fault.chain)}: {entry} {fault.what}." if fault.chain else f"{fault.what}."


def _whose(chain: str) -> str:
    if chain == str(SYSTEM):
        return "The system's own record"
    try:
        taken = TakenSlug.objects.filter(namespace=AUTHORITIES, subject_id=UUID(chain)).order_by("-id").first()
    except ValueError:
        taken = None
    return taken.slug if taken else f"Chain {chain}"


def _line(entry: Entry) -> str:
    when = timezone.localtime(entry.at).strftime("%d/%m/%Y %H:%M:%S")
    said = entry.payload.text if has_details(entry) else "(details were erased)"
    about = f"{entry.subject_kind} {entry.subject_id}"
    return f"{entry.position}  {when}  {entry.action}  {about}  by {entry.actor_id}  {said}"
