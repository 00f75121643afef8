"""What an authority has published, for the staff of the body that it is a member of (`Module.published`)."""

from evenhand.authorities.models import Authority
from evenhand.modules import PublishedItem, registry


def published_by(authority: Authority) -> list[PublishedItem]:
    """Newest first. Never a draft."""
    items = [item for provider in registry.declared("published") for item in provider(authority)]
    return sorted(items, key=lambda item: item.at, reverse=True)
