"""The browsers in which a person is signed in, and when a session expires."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from evenhand.authorities.models import User

SINCE, SEEN, ENDED = "signed_in_at", "seen_at", "ended_because"  # session keys
SEEN_EVERY_SECONDS = 60
# The first match is used. Browsers built on another also name that one, so the more specific names come first.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class BrowserSession:
    id: int
    device: str
    ip_address: str
    signed_in_at: datetime
    last_seen_at: datetime
    is_current: bool


def open_sessions(person: User, *, current_key: str | None) -> list[BrowserSession]:
    """The person's open sessions, most recent first. Expired sessions are deleted."""
    sessions = sorted(UserSession.objects.purge_and_list(person), key=_last_seen_at, reverse=True)
    return [
        BrowserSession(
            session.pk,
            describe_user_agent(session.user_agent),
            session.ip,
            session.created_at,
            session.last_seen_at,
            session.session_key == current_key,
        )
        for session in sessions
    ]


def _last_seen_at(session: Any) -> datetime:
    last_seen_at: datetime = session.last_seen_at
    return last_seen_at


def describe_user_agent(user_agent: str) -> str:
    """The browser and operating system, in words."""
    browser = next((name for token, name in BROWSERS if token in user_agent), "")
    system = next((name for token, name in SYSTEMS if token in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("Unknown browser")


def delete_sessions(sessions: Iterable[Any]) -> int:
    """End these sessions: their next request is anonymous. Returns the number ended."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ended = 0
    for session in sessions:
        store.delete(session.session_key)
        session.delete()
        ended += 1
    return ended


def delete_all_sessions(person: User) -> int:
    """End every session of someone who leaves, or whose second factors were removed."""
    return delete_sessions(UserSession.objects.filter(user=person))


def expiry_reason(request: HttpRequest) -> str:
    """Why this session has expired ("age" or "idle"). Empty if it has not."""
    now = time.time()
    if now - request.session.setdefault(SINCE, now) > settings.SESSION_COOKIE_AGE:
        return "age"
    if now - request.session.get(SEEN, now) > settings.EVENHAND_SESSION_IDLE_SECONDS:
        return "idle"
    if now - request.session.get(SEEN, 0) > SEEN_EVERY_SECONDS:  # write once a minute, not on every request
        request.session[SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
    return ""
