"""Who really asks, where proxies stand in between. What comes after may trust REMOTE_ADDR and X-Forwarded-Proto.

A header that anybody can send is believed only from an address in EVENHAND_TRUSTED_PROXIES; otherwise it is taken out,
so that no library further in can be deceived by it.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.middleware import Answer

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_X_REQUEST_ID",
)
HEALTH = "/health/"
Address = IPv4Address | IPv6Address


class Visitors:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if trusted(peer):
            request.META["REMOTE_ADDR"] = str(visitor(peer, request.META.get("HTTP_X_FORWARDED_FOR", "")) or "")
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        if request.path_info.startswith(HEALTH) and settings.ALLOWED_HOSTS:
            # Whoever looks after the machine asks it by its address, which is none of the site's names.
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
        return self.get_response(request)


def trusted(address: Address | None) -> bool:
    return address is not None and any(address in network for network in settings.EVENHAND_TRUSTED_PROXIES)


def visitor(peer: Address | None, forwarded_for: str) -> Address | None:
    """The last address that no trusted proxy has: whatever stands before it, its sender may have made up."""
    nearest = peer
    for part in reversed(forwarded_for.split(",") if forwarded_for else []):
        found = _address(part.strip())
        if found is None:
            return nearest
        nearest = found
        if not trusted(found):
            return found
    return nearest


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
