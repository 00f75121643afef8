"""The allauth account adapter: no public sign-up, every attempt counted, email sent through our own queue."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from evenhand.authorities.models import User
from evenhand.notifications.actions import send
from evenhand.sign_in import attempts
from evenhand.sign_in.queries import roles_anywhere
from evenhand.sign_in.sessions import describe_user_agent

PASSWORD_RESET = gettext_noop(
    "%(person)s,\n\nSomeone asked to reset the password for your account. If it was you, use this link within 2 hours. "
    "It works once:\n%(link)s\n\nIf it was not you, you can ignore this email. Your password has not changed.\n"
)
SECURITY_NOTICE = gettext_noop(
    "%(person)s,\n\n%(event)s on %(when)s, using %(device)s.\n\nIf this was not you, tell an administrator of "
    "your authority immediately, and reset your password from the sign-in page.\n"
)
SECURITY_EVENTS = {
    "password_changed": _("Your password was changed"),
    "password_reset": _("Your password was reset using a link we emailed to you"),
    "totp_activated": _("An authenticator app was added to your account"),
    "totp_deactivated": _("The authenticator app was removed from your account"),
    "recovery_codes_generated": _("New recovery codes were created for your account"),
    "webauthn_added": _("A passkey was added to your account"),
    "webauthn_removed": _("A passkey was removed from your account"),
    "account_connected": _("Your organisation’s sign-in service was linked to your account"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "The email address or password is incorrect. Check both and try again. Passwords are case-sensitive."
        ),
        "incorrect_password": _("The password is incorrect. Passwords are case-sensitive."),
        "enter_current_password": _("Your current password is incorrect. Passwords are case-sensitive."),
        "too_many_login_attempts": _("There have been too many sign-in attempts. Wait a minute, then try again."),
        "rate_limited": _("There have been too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            attempts.record_success(request, credentials["email"])
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """allauth looks for the address in its EmailAddress table, which we do not use."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    def pre_login(self, request: HttpRequest, user: User, **hints: Any) -> HttpResponse | None:
        if not roles_anywhere(user):
            return redirect("account_inactive")
        response: HttpResponse | None = super().pre_login(request, user, **hints)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("sign_in:account")

    def get_client_ip(self, request: HttpRequest) -> str:
        return attempts.client_ip(request) or "0.0.0.0"  # noqa: S104  a Unix socket has no IP address to count by

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": context["uid"], "key": context["key"]})
        # use the configured site address, never the Host header of the request
        values = {"person": user.name, "link": f"{settings.EVENHAND_ADDRESS}{path}"}
        send(user.email, gettext("Reset your Evenhand password"), gettext(PASSWORD_RESET) % values, about=user.id)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell the account holder that a sign-in setting has changed, in case they did not change it themselves."""
        event = SECURITY_EVENTS[template_prefix.rpartition("/")[2]]
        values = {
            "person": user.name,
            "event": event,
            "when": date_format(timezone.localtime(), "j F Y, H:i"),
            "device": describe_user_agent(self.get_http_user_agent(self.request)),
        }
        send(user.email, str(event), gettext(SECURITY_NOTICE) % values, about=user.id)
