"""Receivers of allauth's signals. They record sign-ins and changes of password or second factor."""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.http import HttpRequest

from evenhand.authorities.models import Authority, User
from evenhand.sign_in import actions, sessions
from evenhand.sign_in.sessions import SEEN, SINCE


def signed_in(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    request.session[SINCE] = request.session[SEEN] = time.time()
    ways = [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
    actions.sign_in(user, by=user, ways=ways)


def second_factor_added(user: User, authenticator: Any, **_kwargs: Any) -> None:
    actions.add_second_step(user, by=user, kind=authenticator.type)


def second_factor_removed(user: User, authenticator: Any, **_kwargs: Any) -> None:
    actions.remove_second_step(user, by=user, kind=authenticator.type)


def password_changed(request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """End all other sessions. The current one continues if the person changed the password while signed in."""
    is_own_session = request.user == user
    actions.change_password(user, by=user, how="by the person" if is_own_session else "by a link")
    actions.end_sessions(user, by=user, except_key=request.session.session_key if is_own_session else None)


def end_sessions_on_leaving(person: User, authority: Authority | None) -> None:
    """End every session when the person has no role left. (The middleware also checks roles on each request.)"""
    if authority is None:
        sessions.delete_all_sessions(person)


def connect() -> None:
    for signal, receiver in (
        (account.user_logged_in, signed_in),
        (account.password_changed, password_changed),
        (account.password_reset, password_changed),
        (mfa.authenticator_added, second_factor_added),
        (mfa.authenticator_reset, second_factor_added),
        (mfa.authenticator_removed, second_factor_removed),
    ):
        signal.connect(receiver, dispatch_uid=f"evenhand.sign_in.{receiver.__name__}.{id(signal)}")
