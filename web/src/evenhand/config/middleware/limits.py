"""Refuses whoever asks too often: a bucket of tokens for each visitor, in the memory of each process.

Why not in the database: docs/adr/0020-production.md has what was measured.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.middleware import Answer
from evenhand.config.middleware.refusing import refused

VISITORS_REMEMBERED = 20_000
HEALTH = "/health/"
SIGN_IN = ("account_", "mfa_", "openid_connect_", "socialaccount_", "usersessions_", "sign_in:")
HEAVY = ("figures", "csv", "export", "search", "proof", "download", "metrics")


@dataclass
class Bucket:
    tokens: float
    at: float


class Buckets:
    """`limit` at once, filled again over a minute. Whoever was not seen for longest is forgotten: a full bucket."""

    def __init__(self, limit: float, *, clock: Callable[[], float] = time.monotonic, room: int = VISITORS_REMEMBERED):
        self.limit, self.clock, self.room = limit, clock, room
        self.held: OrderedDict[str, Bucket] = OrderedDict()
        self.lock = Lock()

    def wait(self, visitor: str) -> float:
        """Takes a token and says 0, or says how many seconds there will be none."""
        with self.lock:
            now = self.clock()
            bucket = self.held.pop(visitor, None) or Bucket(self.limit, now)
            bucket.tokens = min(self.limit, bucket.tokens + (now - bucket.at) * self.limit / 60)
            bucket.at = now
            self.held[visitor] = bucket
            while len(self.held) > self.room:
                self.held.popitem(last=False)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return (1 - bucket.tokens) * 60 / self.limit


class Limits:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        processes = max(1, settings.EVENHAND_WEB_PROCESSES)
        self.buckets = {
            name: Buckets(max(1.0, limit / processes)) for name, limit in settings.EVENHAND_LIMITS.items() if limit > 0
        }

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(HEALTH):
            return self.get_response(request)
        kinds = ("requests", "forms") if request.method == "POST" else ("requests",)
        return self._refusal(request, *kinds) or self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method == "POST" and (name.startswith(SIGN_IN) or "invitation" in name):
            return self._refusal(request, "sign-ins")
        if any(word in name for word in HEAVY):
            return self._refusal(request, "heavy")
        return None

    def _refusal(self, request: HttpRequest, *kinds: str) -> HttpResponseBase | None:
        visitor = network_of(request.META.get("REMOTE_ADDR", ""))
        seconds = max((self.buckets[kind].wait(visitor) for kind in kinds if kind in self.buckets), default=0)
        return refused(429, Retry_After=str(math.ceil(seconds))) if seconds else None


def network_of(address: str) -> str:
    """An IPv6 visitor has a whole /64 to choose from, so that is who asks."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else address
