"""Where a person is signed in: each browser with its device, its place and when it was last seen."""

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

SINCE, SEEN, ENDED = "signed_in_at", "seen_at", "ended_because"
SEEN_EVERY_SECONDS = 60
# The first that fits; a browser that is built on another names that too, so the particular stand before the general.
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
class OpenSession:
    id: int
    device: str
    place: str
    since: datetime
    seen: datetime
    is_this_one: bool


def open_sessions(person: User, *, this_one: str | None) -> list[OpenSession]:
    """The person's, the latest first. Those that ended of themselves are cleared away."""
    return [
        OpenSession(
            each.pk, device(each.user_agent), each.ip, each.created_at, each.last_seen_at, each.session_key == this_one
        )
        for each in sorted(UserSession.objects.purge_and_list(person), key=_when, reverse=True)
    ]


def _when(session: Any) -> datetime:
    seen: datetime = session.last_seen_at
    return seen


def device(user_agent: str) -> str:
    """What a browser calls itself, in words."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or gettext("A program that does not say what it is")


def end(sessions: Iterable[Any]) -> int:
    """End these; whoever is signed in by one is a stranger at the next request. How many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    ended = 0
    for session in sessions:
        store.delete(session.session_key)
        session.delete()
        ended += 1
    return ended


def end_all(person: User) -> int:
    """End every session of someone who leaves, or whose way in was reset."""
    return end(UserSession.objects.filter(user=person))


def why_it_ends(request: HttpRequest) -> str:
    """Why this open session goes no further; empty while it does."""
    now = time.time()
    if now - request.session.setdefault(SINCE, now) > settings.SESSION_COOKIE_AGE:
        return "age"
    if now - request.session.get(SEEN, now) > settings.EVENHAND_SESSION_IDLE_SECONDS:
        return "idle"
    if now - request.session.get(SEEN, 0) > SEEN_EVERY_SECONDS:  # a write each minute, not each request
        request.session[SEEN] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
    return ""
