"""What django-axes asks and tells: may this attempt be looked at, and how did it end?"""

from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.http import HttpRequest

from evenhand.authorities.models import User
from evenhand.authorities.queries import operator
from evenhand.sign_in import actions, attempts


def failed(request: Any, email: str) -> None:
    """The attempt was wrong. A lock is recorded whether anyone has the address or not, so that both take as long."""
    if not attempts.is_locked(email):
        return
    request.axes_locked_out = True  # the library's middleware then shows the page of a locked account
    request.axes_credentials = {"email": email}
    if attempts.just_locked(email):
        actions.lock(email, by=operator())


class Attempts(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]
    """What django-axes asks and tells."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return attempts.begin(request, _email(credentials))

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return attempts.failures(_email(credentials))

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        failed(request, _email(credentials))

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
        attempts.clear(user.email)

    def user_logged_out(self, sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
        """Nothing to count."""

    def post_save_access_attempt(self, instance: object, **kwargs: Any) -> None:
        """Nothing follows from a counted attempt."""

    def post_delete_access_attempt(self, instance: object, **kwargs: Any) -> None:
        """Nor from one that is forgotten."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        return attempts.clear(username) if username else 0


def _email(credentials: dict[str, Any] | None) -> str:
    return str((credentials or {}).get("email") or "")
