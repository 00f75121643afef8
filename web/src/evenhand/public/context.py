"""Template context that every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from evenhand import __version__
from evenhand.authorities.queries import has_demonstration


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "evenhand_version": __version__,
        "is_demonstration": SimpleLazyObject(has_demonstration),
    }
