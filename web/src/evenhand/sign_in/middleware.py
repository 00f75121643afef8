"""At each request: is this session still good, and has the person the second step that the role asks for?

`django.contrib.auth` knows neither an end of access nor an idle hour, so a session is asked anew each time. One that
ends leaves the visitor a stranger: public pages stay open, and any other asks to sign in.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from evenhand.authorities.access import person_of
from evenhand.authorities.models import User
from evenhand.sign_in.queries import NEEDS_SECOND_STEP, has_second_step, roles_anywhere
from evenhand.sign_in.sessions import ENDED, why_it_ends

# Where a person sets up what is missing, or leaves.
OPEN_WITHOUT = ("/account/", "/sign-out/")


class OpenSession:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            request.roles = roles_anywhere(person_of(request))  # type: ignore[attr-defined]
            why = why_it_ends(request) if request.roles else "left"  # type: ignore[attr-defined]
            if why:
                logout(request)
                request.session[ENDED] = why
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.EVENHAND_SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        if not getattr(view, "login_required", True) or request.path.startswith(OPEN_WITHOUT):
            return None
        needs = request.roles & NEEDS_SECOND_STEP and not by_service(request)  # type: ignore[attr-defined]
        return redirect("mfa_index") if needs and not has_second_step(person_of(request)) else None


def by_service(request: HttpRequest) -> bool:
    """Whether the body's own sign-in service let the person in: its own second step is its own affair."""
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, User) else []
    return any(record.get("method") == "socialaccount" for record in records)
