"""What every page knows."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from evenhand import __version__
from evenhand.authorities.queries import holds_a_demonstration


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "evenhand_version": __version__,
        "is_demonstration": SimpleLazyObject(holds_a_demonstration),
    }
