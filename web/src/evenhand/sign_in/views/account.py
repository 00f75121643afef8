"""A person's own account, and proving once more who it is before something that matters."""

from typing import Any

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as ByCode
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView as ByPasskey
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of
from evenhand.sign_in import service
from evenhand.sign_in.queries import memberships
from evenhand.sign_in.sessions import open_sessions
from evenhand.sign_in.views.pages import entrance


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    steps = Authenticator.objects.filter(user=person)
    told = {
        "person": person,
        "memberships": memberships(person),
        "app": steps.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": [each.wrap().name for each in steps.filter(type=Authenticator.Type.WEBAUTHN)],
        "sessions": open_sessions(person, this_one=request.session.session_key),
        "service_name": service.name(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "sign_in/account.html", told)


class ChangePassword(PasswordChangeView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever comes by the body's own service has no password here, and must not get one that outlives it."""
        if request.user.is_authenticated and not person_of(request).has_usable_password():
            return redirect("sign_in:account")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


class _OnlyWithSomethingToProve:
    """Whoever has neither password nor second step comes by the service, and is sent back."""

    def _check_reauthentication_method_available(self, request: HttpRequest) -> HttpResponse | None:
        person = person_of(request)
        if not person.has_usable_password() and not Authenticator.objects.filter(user=person).exists():
            return redirect("sign_in:account")
        answer: HttpResponse | None = super()._check_reauthentication_method_available(request)  # type: ignore[misc]
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(request)  # type: ignore[misc]
        return context


class Confirm(_OnlyWithSomethingToProve, ReauthenticateView):  # type: ignore[misc]
    """By password."""


class ConfirmByCode(_OnlyWithSomethingToProve, ByCode):  # type: ignore[misc]
    """By a code of the app, or a recovery code."""


class ConfirmByPasskey(_OnlyWithSomethingToProve, ByPasskey):  # type: ignore[misc]
    """By a passkey."""
