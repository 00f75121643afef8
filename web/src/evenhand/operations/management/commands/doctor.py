import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evenhand.operations.doctor.database import check_database
from evenhand.operations.doctor.mail import check_mail
from evenhand.operations.doctor.results import DoctorCheck, DoctorResult, DoctorStatus, run_check
from evenhand.operations.doctor.runtime import check_backups, check_clock, check_ledger, check_worker
from evenhand.operations.doctor.settings import check_settings, check_versions
from evenhand.operations.doctor.storage import check_storage

CHECKS: dict[str, DoctorCheck] = {
    "versions": check_versions,
    "settings": check_settings,
    "storage": check_storage,
    "database": check_database,
    "mail": check_mail,
    "clock": check_clock,
    "worker": check_worker,
    "record": check_ledger,
    "backups": check_backups,
}


class Command(BaseCommand):
    help = "Check this installation, and say how to fix any problems."
    requires_system_checks = []  # the doctor runs them and reports the results

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--deep", action="store_true", help="Also read every stored file and verify the whole record of changes."
        )
        parser.add_argument("--json", action="store_true", help="Write JSON, for programs.")

    def handle(self, *args: Any, **options: Any) -> None:
        results = []
        for result in self._results(deep=options["deep"]):
            results.append(result)
            if not options["json"]:
                self._print(result)
        count = sum(result.status is DoctorStatus.BROKEN for result in results)
        if options["json"]:
            lines = [result.as_json() for result in results]
            self.stdout.write(json.dumps({"broken": count, "lines": lines}, indent=1))
        if count:
            raise CommandError(f"{count} things are broken." if count > 1 else "One thing is broken.")

    def _results(self, *, deep: bool) -> Iterator[DoctorResult]:
        for area, check in CHECKS.items():
            yield from run_check(area, check, deep=deep)

    def _print(self, result: DoctorResult) -> None:
        self.stdout.write(f"{result.status.value:13} {result.area:9} {result.message}")
        if result.fix:
            self.stdout.write(f"{'':24}{result.fix}")
