"""Sign-in attempts are counted before the password is checked, so that parallel guesses can't exceed the limit.

Five failed attempts, each within an hour of the one before, lock the account for 30 minutes. Attempts during the lock
are not checked and do not extend it, so nobody can keep a person locked out indefinitely. Email addresses that have no
account behave in the same way. Passkeys and single sign-on can't be guessed, and still work during a lock.

The table belongs to django-axes; the counting is ours. axes reads the count before the password is checked and writes
it afterwards, so simultaneous attempts would all be allowed.
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


def client_ip(request: HttpRequest) -> str | None:
    """The IP address of the client, as set by the proxy middleware."""
    return request.META.get("REMOTE_ADDR") or None


def count_attempt(request: HttpRequest, email: str) -> bool:
    """Count an attempt. Returns False if the account is locked: the attempt must not be checked."""
    now = timezone.now()
    _delete_expired(email, now)
    if failure_count(email) >= LIMIT:
        return False
    attempt, _created = AccessAttempt.objects.get_or_create(
        username=email.lower(),
        ip_address=client_ip(request),
        user_agent="",  # the client chooses its user agent, so it must not split the count
        defaults={"attempt_time": now, "failures_since_start": 0},
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(
        failures_since_start=F("failures_since_start") + 1, attempt_time=now
    )
    return failure_count(email) <= LIMIT


def record_success(request: HttpRequest, email: str) -> None:
    """Take a successful attempt off the count of failures."""
    attempts = _attempts(email).filter(ip_address=client_ip(request), failures_since_start__gt=0)
    attempts.update(failures_since_start=F("failures_since_start") - 1)


def is_newly_locked(email: str) -> bool:
    """True for only one of the requests that find the account locked: the one that records the lock."""
    return is_locked(email) and cache.add(_cache_key(email), True, timeout=int(LOCKED_FOR.total_seconds()))


def clear(email: str) -> int:
    """Unlock the account and delete its failed attempts. Returns how many there were."""
    failures = failure_count(email)
    _attempts(email).delete()
    cache.delete(_cache_key(email))
    return failures


def is_locked(email: str) -> bool:
    _delete_expired(email, timezone.now())
    return failure_count(email) >= LIMIT


def locked_until(email: str) -> datetime | None:
    last: datetime | None = _attempts(email).aggregate(last=Max("attempt_time"))["last"]
    return last + LOCKED_FOR if last and is_locked(email) else None


def _attempts(email: str) -> "QuerySet[AccessAttempt]":
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(username=email.lower())
    return attempts


def failure_count(email: str) -> int:
    return int(_attempts(email).aggregate(all=Sum("failures_since_start"))["all"] or 0)


def _delete_expired(email: str, now: datetime) -> None:
    AccessAttempt.objects.filter(attempt_time__lt=now - WINDOW).delete()
    last = _attempts(email).aggregate(last=Max("attempt_time"))["last"]
    if last and last <= now - LOCKED_FOR and failure_count(email) >= LIMIT:
        clear(email)


def _cache_key(email: str) -> str:
    return f"locked:{hashlib.sha256(email.lower().encode()).hexdigest()}"
