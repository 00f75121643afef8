"""The decorator of public views about an authority.

It redirects an old slug permanently to the current one, and keeps invented authorities out of search engines.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from evenhand.authorities.access import anyone
from evenhand.authorities.queries import authority_or_404


def authority_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the authority to the view instead of its slug. Redirect an old slug to the current one."""

    @anyone
    @require_safe
    @wraps(view)
    def wrapper(request: HttpRequest, *, authority: str, **kwargs: str) -> HttpResponse:
        current = authority_or_404(authority)
        if current.slug != authority:
            assert request.resolver_match is not None
            view_name = request.resolver_match.view_name
            return redirect(view_name, permanent=True, authority=current.slug, **kwargs)
        response = view(request, current, **kwargs)
        return not_indexed(response) if current.invented else response

    return wrapper


def not_indexed(response: HttpResponse) -> HttpResponse:
    """Ask search engines to leave the response out, because what it says is made up."""
    response["X-Robots-Tag"] = "noindex"
    return response
