"""The client's real address behind proxies. Later code can trust REMOTE_ADDR and X-Forwarded-Proto.

Forwarding headers are accepted only from an address in EVENHAND_TRUSTED_PROXIES. Otherwise they are removed, so that
they cannot deceive libraries later in the chain.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from evenhand.config.middleware import GetResponse

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


class TrustedProxyMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if is_trusted(peer):
            request.META["REMOTE_ADDR"] = str(client_address(peer, request.META.get("HTTP_X_FORWARDED_FOR", "")) or "")
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        if request.path_info.startswith(HEALTH) and settings.ALLOWED_HOSTS:
            # Monitoring may call the server by its IP address, which is not one of the site's host names.
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
        return self.get_response(request)


def is_trusted(address: Address | None) -> bool:
    return address is not None and any(address in network for network in settings.EVENHAND_TRUSTED_PROXIES)


def client_address(peer: Address | None, forwarded_for: str) -> Address | None:
    """The last address that is not a trusted proxy. Earlier addresses may have been invented by the client."""
    nearest = peer
    for part in reversed(forwarded_for.split(",") if forwarded_for else []):
        address = _address(part.strip())
        if address is None:
            return nearest
        nearest = address
        if not is_trusted(address):
            return address
    return nearest


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
