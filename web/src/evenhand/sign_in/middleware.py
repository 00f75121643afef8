"""On each request: has this session expired, and does the person have the second factor that their role requires?

`django.contrib.auth` checks neither ended access nor idle time, so every request checks the session again. When a
session ends, the visitor becomes anonymous: public pages stay open, and all others redirect to the sign-in page.
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
from evenhand.authorities.permissions import remember_roles
from evenhand.sign_in.queries import NEEDS_SECOND_FACTOR, has_second_factor, roles_anywhere
from evenhand.sign_in.sessions import ENDED, expiry_reason

# Pages on which a person can set up a second factor, or sign out.
EXEMPT_PATHS = ("/account/", "/sign-out/")


class SessionExpiryMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if request.method in ("GET", "HEAD"):  # a request that changes something checks the roles as they are then
                remember_roles(person_of(request))
            request.roles = roles_anywhere(person_of(request))  # type: ignore[attr-defined]
            reason = expiry_reason(request) if request.roles else "left"  # type: ignore[attr-defined]
            if reason:
                request.expired_person = None if reason == "left" else person_of(request)  # type: ignore[attr-defined]
                logout(request)
                request.session[ENDED] = reason
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not settings.EVENHAND_SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        if not getattr(view, "login_required", True) or request.path.startswith(EXEMPT_PATHS):
            return None
        required = (
            request.roles & NEEDS_SECOND_FACTOR  # type: ignore[attr-defined]
            and not used_single_sign_on(request)
        )
        return redirect("mfa_index") if required and not has_second_factor(person_of(request)) else None


def used_single_sign_on(request: HttpRequest) -> bool:
    """Whether the person signed in through single sign-on: that service is responsible for its own second factor."""
    user = request.user
    records = get_authentication_records(request, user) if isinstance(user, User) else []
    return any(record.get("method") == "socialaccount" for record in records)
