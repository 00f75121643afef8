"""Coming in: by password, with a code after it, by a passkey; and what to do when the password is forgotten."""

import time
from typing import Any

from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from django.http import HttpResponse

from evenhand.sign_in.sessions import ENDED
from evenhand.sign_in.views.pages import entrance

ANSWERS_AFTER_SECONDS = 0.4  # longer than a message takes to write, so that both answers take as long


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = self.request.session.pop(ENDED, "")
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(self.request) | {"ended": ended}
        return context


class SecondStep(AuthenticateView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(self.request)
        credentials = context.get("js_data", {}).get("request_options", {}).get("publicKey", {})
        return context | {"has_passkey": bool(credentials.get("allowCredentials"))}


class Forgotten(PasswordResetView):  # type: ignore[misc]
    """Whether anyone has the address shows neither in the answer nor in how long it takes."""

    def form_valid(self, form: Any) -> HttpResponse:
        began = time.monotonic()
        answer: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, ANSWERS_AFTER_SECONDS - (time.monotonic() - began)))
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs) | entrance(self.request)
        return context


class NewPassword(PasswordResetFromKeyView):  # type: ignore[misc]
    """The secret leaves the address before the page is shown; a link that was used or is too old says what to do."""

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        status = 410 if context.get("token_fail") else 200
        answer: HttpResponse = super().render_to_response(context, status=status, **kwargs)
        return answer
