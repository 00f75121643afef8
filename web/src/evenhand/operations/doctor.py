"""Is the installation in order? One line for each thing that was looked at: ok, look at this, or broken with its mend.

It changes nothing, asks nothing of the network but the mail server that is set, and names nobody.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError


class State(StrEnum):
    OK = "ok"
    LOOK = "look at this"
    BROKEN = "broken"


@dataclass(frozen=True)
class Line:
    about: str
    state: State
    says: str
    mend: str = ""


Look = Callable[[bool], Iterator[Line]]  # True for a deep look


def ok(about: str, says: str) -> Line:
    return Line(about, State.OK, says)


def look(about: str, says: str, mend: str = "") -> Line:
    return Line(about, State.LOOK, says, mend)


def broken(about: str, says: str, mend: str) -> Line:
    return Line(about, State.BROKEN, says, mend)


def seen(about: str, looked: Look, *, deep: bool) -> Iterator[Line]:
    """What was seen; a look that fails is a finding like any other, and keeps no other from being made."""
    try:
        yield from looked(deep)
    except DatabaseError as fault:
        yield broken(about, f"The database refused to answer ({type(fault).__name__}).", "Mend the database first.")
    except OSError as fault:
        yield broken(about, f"The system refused: {fault.strerror or type(fault).__name__}.", "See to this first.")


def duration(seconds: float) -> str:
    for name, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{int(seconds // length)} {name}"
    return f"{int(seconds)} seconds"
