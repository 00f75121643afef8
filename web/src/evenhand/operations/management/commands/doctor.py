import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.operations.doctor import Line, Look, State, seen
from evenhand.operations.doctor_database import database
from evenhand.operations.doctor_mail import mail
from evenhand.operations.doctor_record import backups, clock, record, worker
from evenhand.operations.doctor_settings import settings_, versions
from evenhand.operations.doctor_storage import storage

LOOKS: dict[str, Look] = {
    "versions": versions,
    "settings": settings_,
    "storage": storage,
    "database": database,
    "mail": mail,
    "clock": clock,
    "worker": worker,
    "record": record,
    "backups": backups,
}


class Command(BaseCommand):
    help = "Look whether this installation is in order, and say how to mend what is not."
    requires_system_checks = []  # what they find is among what is said

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--deep", action="store_true", help="Read every kept file and the whole record too.")
        parser.add_argument("--json", action="store_true", help="For a program to read.")

    def handle(self, *args: Any, **options: Any) -> None:
        found = []
        for line in self._lines(deep=options["deep"]):
            found.append(line)
            if not options["json"]:
                self._say(line)
        count = sum(line.state is State.BROKEN for line in found)
        if options["json"]:
            self.stdout.write(json.dumps({"broken": count, "lines": [asdict(line) for line in found]}, indent=1))
        if count:
            raise CommandError(f"{count} things are broken." if count > 1 else "One thing is broken.")

    def _lines(self, *, deep: bool) -> Iterator[Line]:
        for about, looked in LOOKS.items():
            yield from seen(about, looked, deep=deep)

    def _say(self, line: Line) -> None:
        self.stdout.write(f"{line.state.value:13} {line.about:9} {line.says}")
        if line.mend:
            self.stdout.write(f"{'':24}{line.mend}")
