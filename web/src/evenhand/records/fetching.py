"""Fetch from the web without letting the address reach the server's own network (server-side request forgery).

Anyone who can choose an address (a sign-in service, a feed) could otherwise make this server send requests to its own
network or cloud and read the responses. Therefore: only https; the host name is resolved once, every resolved address
must be public, and the connection is made to that address; each redirect is checked again; time and size are limited;
credentials in addresses, proxies and `.netrc` are not used. EVENHAND_FETCH_ALLOWED lists hosts in our own network that
may be fetched from.

Limits: the time that the system's resolver takes to look up a name is not limited.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
MOST_REDIRECTS = 3
LARGEST_BYTES = 5_000_000
SECONDS, SECONDS_OF_SILENCE = 20.0, 5.0
NAT64 = ip_network("64:ff9b::/96")
# in public ranges, but used inside clouds
INTERNAL = tuple(ip_network(network) for network in ("168.63.129.16/32", "192.0.0.0/24"))
CHUNK = 65_536


class CannotFetch(requests.RequestException):
    """The address was not fetched. The message gives the reason and quotes nothing of the response."""


@dataclass(frozen=True)
class Fetched:
    address: str  # after redirects
    status: int
    headers: Mapping[str, str]
    content: bytes


def fetch(address: str, *, largest_bytes: int = LARGEST_BYTES, seconds: float = SECONDS) -> Fetched:
    with session(largest_bytes=largest_bytes, seconds=seconds) as http:
        try:
            response = http.get(address)
        except CannotFetch:
            raise
        except (requests.RequestException, ValueError) as error:
            raise CannotFetch(f"It could not be fetched ({type(error).__name__}).") from error
    return Fetched(response.url, response.status_code, dict(response.headers), response.content)


def session(*, largest_bytes: int = LARGEST_BYTES, seconds: float = SECONDS) -> requests.Session:
    """A session for libraries that need one. It raises `CannotFetch` for addresses that may not be fetched."""
    restricted = requests.Session()
    restricted.trust_env = False
    restricted.max_redirects = MOST_REDIRECTS
    adapter = RestrictedAdapter(largest_bytes=largest_bytes, seconds=seconds)
    restricted.mount("https://", adapter)
    restricted.mount("http://", adapter)
    return restricted


def resolve_host(host: str, port: int) -> list[str]:
    return sorted({str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def is_public(address: Address) -> bool:
    """Whether the address is public and does not embed a private one (IPv4-mapped, 6to4, Teredo or NAT64)."""
    if isinstance(address, IPv6Address):
        embedded = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            embedded = IPv4Address(int(address) & 0xFFFFFFFF)
        if embedded:
            return is_public(embedded)
    special = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not special and not any(address in network for network in INTERNAL)


@dataclass
class FetchAttempt:
    """One request: which hosts it may connect to, and its deadline."""

    deadline: float
    allowed_hosts: frozenset[str]  # hosts in our own network
    resolve: Resolve
    sockets: list[socket.socket] = field(default_factory=list)
    refusal: str = ""  # the first reason, because the HTTP libraries replace our exceptions with their own

    def connect(self, host: str, port: int, *, encrypted: bool) -> socket.socket:
        addresses = self.checked_addresses(host, port, encrypted=encrypted)
        for number, address in enumerate(addresses, start=1):
            try:
                connection = socket.create_connection((address, port), timeout=self.timeout())
            except OSError as error:
                if number == len(addresses):
                    raise self.refused(f"{host} does not answer.") from error
            else:
                self.sockets.append(connection.dup())  # lets `abort` close it even after it is wrapped in TLS
                return connection
        raise self.refused(f"{host} has no address.")

    def checked_addresses(self, host: str, port: int, *, encrypted: bool) -> list[str]:
        allowed = bool(self.allowed_hosts & {host.lower(), f"{host.lower()}:{port}"})
        if port != 443 and not allowed:
            raise self.refused(f"Port {port} of {host} is not one that the site fetches from.")
        try:
            addresses = [ip_address(address.partition("%")[0]) for address in self.resolve(host, port)]
        except (OSError, UnicodeError, ValueError) as error:
            raise self.refused(f"{host} has no address.") from error
        if not allowed and not all(is_public(address) for address in addresses):
            raise self.refused(f"{host} is inside a network, and EVENHAND_FETCH_ALLOWED does not list it.")
        if not encrypted and not (allowed and all(address.is_loopback for address in addresses)):
            raise self.refused(f"{host} can only be fetched over https.")
        return [str(address) for address in addresses]

    def timeout(self) -> float:
        remaining = self.deadline - time.monotonic()
        if remaining <= 0:
            raise self.refused("It took too long.")
        return min(remaining, SECONDS_OF_SILENCE)

    def refused(self, reason: str) -> CannotFetch:
        self.refusal = self.refusal or reason
        return CannotFetch(self.refusal)

    def abort(self) -> None:
        self.refused("It took too long.")
        for open_socket in self.sockets:
            with _ignoring_closed_sockets():
                open_socket.shutdown(socket.SHUT_RDWR)


@contextmanager
def _ignoring_closed_sockets() -> Iterator[None]:
    try:
        yield
    except OSError:
        return  # it is closed already


class RestrictedAdapter(HTTPAdapter):
    def __init__(self, *, largest_bytes: int, seconds: float) -> None:
        super().__init__()
        self.largest_bytes, self.seconds = largest_bytes, seconds
        self.current = threading.local()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        _check_address(str(request.url))
        attempt = FetchAttempt(time.monotonic() + self.seconds, settings.EVENHAND_FETCH_ALLOWED, resolve_host)
        self.current.attempt = attempt
        timer = threading.Timer(self.seconds, attempt.abort)
        timer.daemon = True
        timer.start()
        try:
            options |= {"stream": True, "proxies": {}, "timeout": (attempt.timeout(), SECONDS_OF_SILENCE)}
            response = super().send(request, *args, **options)
            response._content = self._content(response, attempt)
            response._content_consumed = True
            return response
        except (requests.RequestException, HTTPError, OSError) as error:
            raise attempt.refused(f"It could not be fetched ({type(error).__name__}).") from error
        finally:
            timer.cancel()
            for open_socket in attempt.sockets:
                open_socket.close()

    def _content(self, response: requests.Response, attempt: FetchAttempt) -> bytes:
        content = bytearray()
        for chunk in response.raw.stream(CHUNK, decode_content=True):
            content += chunk
            attempt.timeout()
            if len(content) > self.largest_bytes:
                response.raw.close()
                raise attempt.refused(f"It is larger than {self.largest_bytes} bytes.")
        attempt.timeout()  # a response that was cut off can look complete
        return bytes(content)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """A pool for this request alone, whose connections are checked by the attempt."""
        parts, attempt = urlsplit(str(request.url)), self.current.attempt
        if parts.scheme == "https":
            secure = HTTPSConnectionPool(str(parts.hostname), parts.port or 443, maxsize=1, retries=False)
            secure.ConnectionCls = _checked_connection(attempt, HTTPSConnection)
            return secure
        plain = HTTPConnectionPool(str(parts.hostname), parts.port or 80, maxsize=1, retries=False)
        plain.ConnectionCls = _checked_connection(attempt, HTTPConnection)
        return plain


def _checked_connection(attempt: FetchAttempt, base: type[Any]) -> Any:
    class CheckedConnection(base):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            return attempt.connect(self._dns_host, self.port, encrypted=issubclass(base, HTTPSConnection))

    return CheckedConnection


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise CannotFetch("The address is not a web address.")
    if parts.username is not None or parts.password is not None:
        raise CannotFetch("The address contains a user name or a password.")
