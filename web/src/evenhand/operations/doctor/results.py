"""Checks an installation. Each check gives one or more results: ok, a warning, or broken with how to fix it.

It changes nothing, makes no network connection except to the configured mail server, and names no people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError


class DoctorStatus(StrEnum):
    OK = "ok"
    WARNING = "look at this"
    BROKEN = "broken"


@dataclass(frozen=True)
class DoctorResult:
    area: str
    status: DoctorStatus
    message: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        return {"about": self.area, "state": self.status, "says": self.message, "mend": self.fix}


DoctorCheck = Callable[[bool], Iterator[DoctorResult]]  # True for a deep check


def ok(area: str, message: str) -> DoctorResult:
    return DoctorResult(area, DoctorStatus.OK, message)


def warn(area: str, message: str, fix: str = "") -> DoctorResult:
    return DoctorResult(area, DoctorStatus.WARNING, message, fix)


def broken(area: str, message: str, fix: str) -> DoctorResult:
    return DoctorResult(area, DoctorStatus.BROKEN, message, fix)


def run_check(area: str, check: DoctorCheck, *, deep: bool) -> Iterator[DoctorResult]:
    """The results of a check. If the check itself fails, that is reported as broken, and later checks still run."""
    try:
        yield from check(deep)
    except DatabaseError as error:
        yield broken(area, f"The database gave an error ({type(error).__name__}).", "Fix the database first.")
    except OSError as error:
        yield broken(area, f"The system gave an error: {error.strerror or type(error).__name__}.", "Fix this first.")


def duration(seconds: float) -> str:
    for name, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {name}"
    return f"{int(seconds)} seconds"
