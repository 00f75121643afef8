"""What allauth tells of as it happens, written into the record of changes."""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.http import HttpRequest

from evenhand.authorities.models import Authority, User
from evenhand.sign_in import actions, sessions
from evenhand.sign_in.sessions import SEEN, SINCE


def signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    request.session[SINCE] = request.session[SEEN] = time.time()
    ways = [str(record.get("type") or record["method"]) for record in get_authentication_records(request, user)]
    actions.sign_in(user, by=user, ways=ways)


def second_step_added(user: User, authenticator: Any, **_more: Any) -> None:
    actions.add_second_step(user, by=user, kind=authenticator.type)


def second_step_removed(user: User, authenticator: Any, **_more: Any) -> None:
    actions.remove_second_step(user, by=user, kind=authenticator.type)


def password_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    """The other sessions end with the old password; this one goes on where the person was signed in."""
    signed_in_here = request.user == user
    actions.change_password(user, by=user, how="by the person" if signed_in_here else "by a link")
    actions.end_sessions(user, by=user, but=request.session.session_key if signed_in_here else None)


def left(person: User, authority: Authority | None) -> None:
    """With the last role anywhere, every session ends. (What an open one shows is asked anew at each request.)"""
    if authority is None:
        sessions.end_all(person)


def listen() -> None:
    for signal, heard in (
        (account.user_logged_in, signed_in),
        (account.password_changed, password_changed),
        (account.password_reset, password_changed),
        (mfa.authenticator_added, second_step_added),
        (mfa.authenticator_reset, second_step_added),
        (mfa.authenticator_removed, second_step_removed),
    ):
        signal.connect(heard, dispatch_uid=f"evenhand.sign_in.{heard.__name__}.{id(signal)}")
