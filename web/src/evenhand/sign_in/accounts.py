"""How allauth treats accounts here: nobody signs up, each attempt is counted, messages go out by our own post."""

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
from evenhand.sign_in.sessions import device

RESET = gettext_noop(
    "%(person)s,\n\nSomebody asked for a new password for your account. If it was you, open this address within two "
    "hours; it works once:\n%(link)s\n\nIf it was not, leave it: your password stays as it is.\n"
)
NOTICE = gettext_noop(
    "%(person)s,\n\n%(what)s on %(when)s, with %(device)s.\n\nIf it was not you, tell an administrator of "
    "your authority at once, and ask for a new password on the sign-in page.\n"
)
NOTICES = {
    "password_changed": _("Your password was changed"),
    "password_reset": _("Your password was changed by a link sent to you"),
    "totp_activated": _("An app for codes was added to your account"),
    "totp_deactivated": _("The app for codes was removed from your account"),
    "recovery_codes_generated": _("New recovery codes were made for your account"),
    "webauthn_added": _("A passkey was added to your account"),
    "webauthn_removed": _("A passkey was removed from your account"),
    "account_connected": _("Your organisation’s sign-in was linked to your account"),
}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "That e-mail address and that password don’t go together. Check both: passwords tell capitals apart."
        ),
        "incorrect_password": _("That is not your password. Passwords tell capitals from small letters."),
        "enter_current_password": _("That is not your password now. Passwords tell capitals from small letters."),
        "too_many_login_attempts": _("Too many attempts came from where you are. Wait a minute, then try again."),
        "rate_limited": _("Too many attempts. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            attempts.passed(request, credentials["email"])
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """The library asks for the address in a table of its own, which is empty here."""
        return self.authenticate(self.request, email=user.email, password=password) == user

    def pre_login(self, request: HttpRequest, user: User, **hints: Any) -> HttpResponse | None:
        if not roles_anywhere(user):
            return redirect("account_inactive")
        answer: HttpResponse | None = super().pre_login(request, user, **hints)
        return answer

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("sign_in:account")

    def get_client_ip(self, request: HttpRequest) -> str:
        return attempts.address_of(request) or "0.0.0.0"  # noqa: S104  a socket has no address, and no one to count

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": context["uid"], "key": context["key"]})
        # the site's own name, and never the one that a request gives it
        words = {"person": user.name, "link": f"{settings.EVENHAND_ADDRESS}{path}"}
        send(user.email, gettext("A new password for Evenhand"), gettext(RESET) % words, about=user.id)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """What changed about the way in, to whoever can say that it was not they."""
        what = NOTICES[template_prefix.rpartition("/")[2]]
        words = {
            "person": user.name,
            "what": what,
            "when": date_format(timezone.localtime(), "j F Y, H:i"),
            "device": device(self.get_http_user_agent(self.request)),
        }
        send(user.email, str(what), gettext(NOTICE) % words, about=user.id)
