"""A person's own account, and confirming their identity before a change to it."""

from typing import Any

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from evenhand.authorities.access import person_of
from evenhand.sign_in import oidc
from evenhand.sign_in.queries import memberships
from evenhand.sign_in.sessions import open_sessions
from evenhand.sign_in.views.page_context import sign_in_options


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    authenticators = Authenticator.objects.filter(user=person)
    passkeys = authenticators.filter(type=Authenticator.Type.WEBAUTHN)
    context = {
        "person": person,
        "memberships": memberships(person),
        "app": authenticators.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": [passkey.wrap().name for passkey in passkeys],
        "sessions": open_sessions(person, current_key=request.session.session_key),
        "service_name": oidc.provider_name(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "sign_in/account.html", context)


class ChangePasswordView(PasswordChangeView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """People who use single sign-on have no password here, and must not get one that outlives that access."""
        if request.user.is_authenticated and not person_of(request).has_usable_password():
            return redirect("sign_in:account")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class _ReauthenticationMixin:
    """Redirects people who use single sign-on: with no password and no second factor, they can't reauthenticate."""

    def _check_reauthentication_method_available(self, request: HttpRequest) -> HttpResponse | None:
        person = person_of(request)
        if not person.has_usable_password() and not Authenticator.objects.filter(user=person).exists():
            return redirect("sign_in:account")
        response: HttpResponse | None = super()._check_reauthentication_method_available(request)  # type: ignore[misc]
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(request)  # type: ignore[misc]
        return context


class ConfirmPasswordView(_ReauthenticationMixin, ReauthenticateView):  # type: ignore[misc]
    pass


class ConfirmByCodeView(_ReauthenticationMixin, mfa.ReauthenticateView):  # type: ignore[misc]
    """With a code from the authenticator app, or a recovery code."""


class ConfirmByPasskeyView(_ReauthenticationMixin, ReauthenticateWebAuthnView):  # type: ignore[misc]
    pass
