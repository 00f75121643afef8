"""What each body has published, for the body that it is a member of. The rooms above say what; only what is out.

published.provide(publications_of)      # in AppConfig.ready of the room that knows
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from evenhand.authorities.models import Authority


@dataclass(frozen=True)
class Published:
    title: str
    link: str
    at: datetime


Provider = Callable[[Authority], Iterable[Published]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def published_by(authority: Authority) -> list[Published]:
    """Newest first."""
    found = [each for provider in _providers for each in provider(authority)]
    return sorted(found, key=lambda each: each.at, reverse=True)
