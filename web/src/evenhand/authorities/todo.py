"""What there is to do. Any room says what it knows of; the staff home lists all of it, the most pressing first.

    todo.provide(drafts_to_approve)     # in AppConfig.ready of the room that knows

A provider takes the person and gives what waits for them, and nobody else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from evenhand.authorities.models import Authority, User


@dataclass(frozen=True)
class Todo:
    title: str
    link: str
    why: str
    due: date | None = None


Provider = Callable[[User], Iterable[Todo]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def waiting_for(person: User) -> list[Todo]:
    """Everything, what has a day before what has none."""
    found = [each for provider in _providers for each in provider(person)]
    return sorted(found, key=lambda each: (each.due is None, each.due or date.max))


def waiting_at(authority: Authority, person: User) -> list[Todo]:
    """What of it is done on the authority's own pages."""
    return [each for each in waiting_for(person) if each.link.startswith(f"/work/{authority.slug}/")]
