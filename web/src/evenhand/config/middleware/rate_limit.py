"""Rate limiting: a token bucket for each client, in the memory of each process.

docs/adr/0020-production.md has the measurements that explain why the buckets are not in the database.
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

from evenhand.config.middleware import GetResponse
from evenhand.config.middleware.error_page import error_response

MAX_CLIENTS = 20_000
HEALTH = "/health/"
SIGN_IN = ("account_", "mfa_", "openid_connect_", "socialaccount_", "usersessions_", "sign_in:")
EXPENSIVE = ("figures", "csv", "export", "search", "proof", "download", "metrics")


@dataclass
class Bucket:
    tokens: float
    at: float


class Buckets:
    """Token buckets that hold `limit` tokens and refill in a minute. The client unseen for longest is dropped first."""

    def __init__(self, limit: float, *, clock: Callable[[], float] = time.monotonic, max_clients: int = MAX_CLIENTS):
        self.limit, self.clock, self.max_clients = limit, clock, max_clients
        self.by_client: OrderedDict[str, Bucket] = OrderedDict()
        self.lock = Lock()

    def wait(self, client: str) -> float:
        """Take a token and return 0, or return the number of seconds until there is one."""
        with self.lock:
            now = self.clock()
            bucket = self.by_client.pop(client, None) or Bucket(self.limit, now)
            bucket.tokens = min(self.limit, bucket.tokens + (now - bucket.at) * self.limit / 60)
            bucket.at = now
            self.by_client[client] = bucket
            while len(self.by_client) > self.max_clients:
                self.by_client.popitem(last=False)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return (1 - bucket.tokens) * 60 / self.limit


class RateLimitMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
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
        if any(word in name for word in EXPENSIVE):
            return self._refusal(request, "heavy")
        return None

    def _refusal(self, request: HttpRequest, *kinds: str) -> HttpResponseBase | None:
        client = network_of(request.META.get("REMOTE_ADDR", ""))
        seconds = max((self.buckets[kind].wait(client) for kind in kinds if kind in self.buckets), default=0)
        return error_response(429, Retry_After=str(math.ceil(seconds))) if seconds else None


def network_of(address: str) -> str:
    """The /64 network of an IPv6 address, because a client can use any address in it."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else address
