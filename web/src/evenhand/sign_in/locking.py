"""The django-axes handler: whether an attempt may be checked, and what happens when it fails."""

from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.http import HttpRequest

from evenhand.authorities.models import User
from evenhand.authorities.queries import operator
from evenhand.sign_in import actions, attempts


def record_failure(request: Any, email: str) -> None:
    """Show the lock-out page if the account is now locked, and record the lock.

    The lock is recorded whether or not an account has the email address, so that both cases take the same time.
    """
    if not attempts.is_locked(email):
        return
    request.axes_locked_out = True  # the axes middleware then shows the lock-out page
    request.axes_credentials = {"email": email}
    if attempts.is_newly_locked(email):
        actions.lock(email, by=operator())


class AxesHandler(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]
    """Counts attempts with `attempts` in place of the axes counting."""

    def is_allowed(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return attempts.count_attempt(request, _email(credentials))

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        return attempts.failure_count(_email(credentials))

    def user_login_failed(
        self, sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        record_failure(request, _email(credentials))

    def user_logged_in(self, sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
        attempts.clear(user.email)

    def user_logged_out(self, sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
        """Nothing to count."""

    def post_save_access_attempt(self, instance: object, **kwargs: Any) -> None:
        """Nothing to do when an attempt is counted."""

    def post_delete_access_attempt(self, instance: object, **kwargs: Any) -> None:
        """Nothing to do when an attempt is deleted."""

    def reset_attempts(
        self, *, ip_address: str | None = None, username: str | None = None, ip_or_username: bool = False
    ) -> int:
        return attempts.clear(username) if username else 0


def _email(credentials: dict[str, Any] | None) -> str:
    return str((credentials or {}).get("email") or "")
