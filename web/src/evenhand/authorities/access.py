"""Who may open a staff page: the decorator of every staff view.

An authority that you don't work for does not exist for you (404), so that nobody learns from a refusal what another
authority is preparing. At your own, a page that your role does not open says so, with the role that does (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Permission, Refused, may, works_for
from evenhand.authorities.queries import authority_or_404

View = Callable[..., HttpResponse]
anyone = login_not_required  # written above a view that needs no sign-in


def person_of(request: HttpRequest) -> User:
    """Whoever is signed in. Only in a view behind the sign-in."""
    return cast(User, request.user)


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent; an empty form counts as sent too, for in it nothing may be what is meant."""
    return request.POST if request.method == "POST" else None


def staff_of(permission: Permission | None = None) -> Callable[[View], View]:
    """Give the view the authority in place of its slug, for those who work there and hold the permission.

    An action that refuses the person (`Refused`) ends in the same page as a missing permission.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *, authority: str, **rest: object) -> HttpResponse:
            person, found = person_of(request), authority_or_404(authority)
            if not works_for(person, found):
                raise Http404
            try:
                if permission is not None:
                    may(person, permission, found).require()
                if found.slug != authority and request.method in ("GET", "HEAD"):
                    return _moved(request, found, rest)
                return view(request, found, **rest)
            except Refused as refused:
                return render(request, "403.html", {"reason": str(refused), "authority": found}, status=403)

        return page

    return decorate


def _moved(request: HttpRequest, authority: Authority, rest: dict[str, object]) -> HttpResponse:
    assert request.resolver_match is not None
    return redirect(request.resolver_match.view_name, permanent=True, authority=authority.slug, **rest)
