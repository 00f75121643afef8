"""Periodic tasks. Apps register them in AppConfig.ready, and a worker runs them when they are due.

    schedule.every("ledger.checkpoints", 3_600, issue_all)

The time of the last run is stored in the database, so that a restart does not run every task at once and two workers do
not run the same task. A task that was interrupted by a crash is run again, so it must be safe to repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodicTask:
    name: str
    seconds: int
    function: Callable[[], object]


_registered: dict[str, PeriodicTask] = {}


def every(name: str, seconds: int, function: Callable[[], object]) -> None:
    existing = _registered.get(name)
    if existing and existing.function != function:
        raise ValueError(f"Two periodic tasks are called “{name}”: rename one of them.")
    _registered[name] = PeriodicTask(name, seconds, function)


def registered() -> tuple[PeriodicTask, ...]:
    return tuple(_registered.values())
