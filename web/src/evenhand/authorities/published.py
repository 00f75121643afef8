"""What an authority has published, for the staff of the body that it is a member of.

published.provide(published_items)      # in AppConfig.ready

Providers yield published items only, never drafts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from evenhand.authorities.models import Authority


@dataclass(frozen=True)
class PublishedItem:
    title: str
    link: str
    at: datetime


PublishedProvider = Callable[[Authority], Iterable[PublishedItem]]
_providers: list[PublishedProvider] = []


def provide(provider: PublishedProvider) -> None:
    if provider not in _providers:
        _providers.append(provider)


def published_by(authority: Authority) -> list[PublishedItem]:
    """Newest first."""
    items = [item for provider in _providers for item in provider(authority)]
    return sorted(items, key=lambda item: item.at, reverse=True)
