"""Who may open a staff page: the decorator of every staff view.

To somebody who does not work for an authority, its pages do not exist (404), so that a refusal does not reveal what
the authority is preparing. Staff without the right role are refused and told which role they need (403).
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Refused, may, works_for
from evenhand.authorities.queries import authority_or_404
from evenhand.modules import Permission

StaffView = Callable[..., HttpResponse]
anyone = login_not_required  # decorates a view that needs no sign-in


def person_of(request: HttpRequest) -> User:
    """The signed-in user. Only for views that require a sign-in."""
    return cast(User, request.user)


def bound_data(request: HttpRequest) -> QueryDict | None:
    """The data to bind a form to: an empty POST binds the form too."""
    return request.POST if request.method == "POST" else None


def not_kept(*names: str) -> Callable[[StaffView], StaffView]:
    """Mark fields that must not be kept when the session has ended: personal data that is not stored as it is entered.

    A class-based view has the attribute `fields_not_kept` instead.
    """

    def decorate(view: StaffView) -> StaffView:
        view.fields_not_kept = names  # type: ignore[attr-defined]
        return view

    return decorate


def staff_of(permission: Permission | None = None) -> Callable[[StaffView], StaffView]:
    """Pass the view the authority instead of its slug, for staff who have the permission.

    An action that raises `Refused` ends in the same page as a missing permission.
    """

    def decorate(view: StaffView) -> StaffView:
        @wraps(view)
        def staff_view(request: HttpRequest, *, authority: str, **kwargs: object) -> HttpResponse:
            person, body = person_of(request), authority_or_404(authority)
            if not works_for(person, body):
                raise Http404
            try:
                if permission is not None:
                    may(person, permission, body).require()
                if body.slug != authority and request.method in ("GET", "HEAD"):
                    return _redirect_to_current_slug(request, body, kwargs)
                return view(request, body, **kwargs)
            except Refused as refused:
                return render(request, "403.html", {"reason": str(refused), "authority": body}, status=403)

        return staff_view

    return decorate


def moved_to(url_name: str) -> StaffView:
    """A view for an old address of a staff page: a permanent redirect to the new one."""

    @staff_of()
    @require_safe
    def redirect_view(request: HttpRequest, authority: Authority, **kwargs: object) -> HttpResponse:
        return redirect(url_name, permanent=True, authority=authority.slug, **kwargs)

    return redirect_view


def _redirect_to_current_slug(request: HttpRequest, authority: Authority, kwargs: dict[str, object]) -> HttpResponse:
    assert request.resolver_match is not None
    return redirect(request.resolver_match.view_name, permanent=True, authority=authority.slug, **kwargs)
