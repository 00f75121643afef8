"""Permanent addresses: an old slug in an address leads to the page as it is called now."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.queries import authority_or_404


def of_authority(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the authority in place of its slug; send an old slug on to the new one."""

    @anyone
    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *, authority: str, **rest: str) -> HttpResponse:
        found = authority_or_404(authority)
        if found.slug != authority:
            assert request.resolver_match is not None
            name = request.resolver_match.view_name
            return redirect(name, permanent=True, authority=found.slug, **rest)
        return view(request, found, **rest)

    return page
