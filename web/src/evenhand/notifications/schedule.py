"""Work that comes round. A room registers it in AppConfig.ready; a worker does it when it is due.

    schedule.every("ledger.checkpoints", 3_600, issue_all)

When it was last done stands in the database, so that a restart does not do everything at once, and two workers do not
do the same. What a worker had in hand when it died is done again: the function must bear that.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Periodic:
    name: str
    seconds: int
    function: Callable[[], object]


_registered: dict[str, Periodic] = {}


def every(name: str, seconds: int, function: Callable[[], object]) -> None:
    known = _registered.get(name)
    if known and known.function != function:
        raise ValueError(f"Two things are to be done as “{name}”: give one of them another name.")
    _registered[name] = Periodic(name, seconds, function)


def registered() -> tuple[Periodic, ...]:
    return tuple(_registered.values())
