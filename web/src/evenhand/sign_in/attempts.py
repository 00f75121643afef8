"""Attempts to sign in: counted before they are looked at, so that a hundred at once are not a hundred guesses.

Five failures, none more than an hour after the one before, lock the account for thirty minutes. An attempt during
that time is not looked at and lengthens nothing, so that nobody can be kept out for ever. The same happens for an
address that nobody has here. Passkeys and the body's own sign-in service can't be guessed, and stay open.

The table is django-axes' own. Only the counting is ours: the library looks at the count before the password and writes
afterwards, so that attempts at the same moment would all be let through.
"""

import hashlib
from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Max, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

WINDOW = timedelta(hours=1)
LIMIT: int = settings.AXES_FAILURE_LIMIT
LOCKED_FOR: timedelta = settings.AXES_COOLOFF_TIME


def address_of(request: HttpRequest) -> str | None:
    """Where the request comes from, as the outermost middleware has settled it."""
    return request.META.get("REMOTE_ADDR") or None


def begin(request: HttpRequest, email: str) -> bool:
    """Count an attempt. False where the account is locked: then it must not be looked at."""
    now = timezone.now()
    _forget(email, now)
    if failures(email) >= LIMIT:
        return False
    attempt, _created = AccessAttempt.objects.get_or_create(
        username=email.lower(),
        ip_address=address_of(request),
        user_agent="",  # what a browser calls itself is the guesser's to choose
        defaults={"attempt_time": now, "failures_since_start": 0},
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(
        failures_since_start=F("failures_since_start") + 1, attempt_time=now
    )
    return failures(email) <= LIMIT


def passed(request: HttpRequest, email: str) -> None:
    """The attempt was right, so it is no failure."""
    mine = _of(email).filter(ip_address=address_of(request), failures_since_start__gt=0)
    mine.update(failures_since_start=F("failures_since_start") - 1)


def just_locked(email: str) -> bool:
    """True for one of those who find the account locked: the one that has it written down."""
    return is_locked(email) and cache.add(_mark(email), True, timeout=int(LOCKED_FOR.total_seconds()))


def clear(email: str) -> int:
    """Lift the lock and forget the failures; how many there were."""
    forgotten = failures(email)
    _of(email).delete()
    cache.delete(_mark(email))
    return forgotten


def is_locked(email: str) -> bool:
    _forget(email, timezone.now())
    return failures(email) >= LIMIT


def locked_until(email: str) -> datetime | None:
    last: datetime | None = _of(email).aggregate(last=Max("attempt_time"))["last"]
    return last + LOCKED_FOR if last and is_locked(email) else None


def _of(email: str) -> "QuerySet[AccessAttempt]":
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(username=email.lower())
    return attempts


def failures(email: str) -> int:
    return int(_of(email).aggregate(all=Sum("failures_since_start"))["all"] or 0)


def _forget(email: str, now: datetime) -> None:
    AccessAttempt.objects.filter(attempt_time__lt=now - WINDOW).delete()
    last = _of(email).aggregate(last=Max("attempt_time"))["last"]
    if last and last <= now - LOCKED_FOR and failures(email) >= LIMIT:
        clear(email)


def _mark(email: str) -> str:
    return f"locked:{hashlib.sha256(email.lower().encode()).hexdigest()}"
