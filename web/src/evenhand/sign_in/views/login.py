"""Signing in with a password, a security code or a passkey, and resetting a forgotten password."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.views import LoginView, PasswordResetDoneView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from django.http import HttpResponse

from evenhand.notifications import mail_status
from evenhand.sign_in.kept.sent_form import KEPT
from evenhand.sign_in.sessions import ENDED
from evenhand.sign_in.views.page_context import sign_in_options

MINIMUM_RESPONSE_SECONDS = 0.4  # longer than it takes to queue an email, so that both cases take the same time


class SignInView(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = self.request.session.pop(ENDED, "")
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(self.request)
        next_page = urlsplit(self.request.GET.get("next", ""))
        return context | {"ended": ended, "form_was_kept": KEPT in parse_qs(next_page.query)}


class SecondFactorView(AuthenticateView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(self.request)
        credentials = context.get("js_data", {}).get("request_options", {}).get("publicKey", {})
        return context | {"has_passkey": bool(credentials.get("allowCredentials"))}


class ForgottenPasswordView(PasswordResetView):  # type: ignore[misc]
    """Neither the response nor the time it takes shows whether an account has the email address."""

    def form_valid(self, form: Any) -> HttpResponse:
        started_at = time.monotonic()
        response: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, MINIMUM_RESPONSE_SECONDS - (time.monotonic() - started_at)))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | sign_in_options(self.request)
        return context


class ResetSentView(PasswordResetDoneView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"not_sent_note": mail_status.not_sent_note()}


class SetPasswordView(PasswordResetFromKeyView):  # type: ignore[misc]
    """The token is removed from the URL before the page is shown. A used or expired link gives 410."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        status = 410 if context.get("token_fail") else 200
        response: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return response
