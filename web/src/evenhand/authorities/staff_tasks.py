"""The tasks on the staff home page. Each app registers a provider; the home page lists the tasks of all of them.

    staff_tasks.provide(release_tasks)     # in AppConfig.ready

A provider takes a person and yields that person's tasks, and nobody else's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from evenhand.authorities.models import Authority, User


@dataclass(frozen=True)
class StaffTask:
    title: str
    link: str
    reason: str
    due: date | None = None


TaskProvider = Callable[[User], Iterable[StaffTask]]
_providers: list[TaskProvider] = []


def provide(provider: TaskProvider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def tasks_for(person: User) -> list[StaffTask]:
    """All the person's tasks: those with a due date first, the earliest first."""
    tasks = [task for provider in _providers for task in provider(person)]
    return sorted(tasks, key=lambda task: (task.due is None, task.due or date.max))


def tasks_at(authority: Authority, person: User) -> list[StaffTask]:
    """The person's tasks whose page belongs to the authority."""
    return [task for task in tasks_for(person) if task.link.startswith(f"/work/{authority.slug}/")]
