"""Fetching from the web without being made to fetch from inside.

Whoever may choose an address (a sign-in service, a feed) could otherwise make this machine ask its own network, or the
cloud that it runs in, and read out the answer. So: https only; the name is looked up once, every address found must be
public, and that address is the one connected to; each redirect anew; little time, little data, no credentials in an
address, no proxy and no `.netrc` from the environment. Hosts of one's own network are named in EVENHAND_FETCH_ALLOWED.

Limits: the lookup itself takes as long as the machine's resolver lets it.
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
# public by their numbers, and yet the inside of a cloud
INSIDE = tuple(ip_network(each) for each in ("168.63.129.16/32", "192.0.0.0/24"))
CHUNK = 65_536


class CannotFetch(requests.RequestException):
    """It was not fetched: the text says why, and nothing of what was found."""


@dataclass(frozen=True)
class Fetched:
    address: str  # after redirects
    status: int
    headers: Mapping[str, str]
    content: bytes


def fetch(address: str, *, largest_bytes: int = LARGEST_BYTES, seconds: float = SECONDS) -> Fetched:
    with session(largest_bytes=largest_bytes, seconds=seconds) as asking:
        try:
            found = asking.get(address)
        except CannotFetch:
            raise
        except (requests.RequestException, ValueError) as fault:
            raise CannotFetch(f"It could not be fetched ({type(fault).__name__}).") from fault
    return Fetched(found.url, found.status_code, dict(found.headers), found.content)


def session(*, largest_bytes: int = LARGEST_BYTES, seconds: float = SECONDS) -> requests.Session:
    """For a library that wants one. What it may not reach raises `CannotFetch`."""
    made = requests.Session()
    made.trust_env = False
    made.max_redirects = MOST_REDIRECTS
    adapter = Careful(largest_bytes=largest_bytes, seconds=seconds)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


def look_up(host: str, port: int) -> list[str]:
    return sorted({str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})


def public(address: Address) -> bool:
    """Reachable by anybody on the internet, and nothing inside of it hidden in another notation."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return public(inner)
    shut = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not shut and not any(address in network for network in INSIDE)


@dataclass
class Way:
    """One request on its way: where it may go, and when it has to be back."""

    ends: float
    own: frozenset[str]  # hosts of one's own network that are allowed
    resolve: Resolve
    open: list[socket.socket] = field(default_factory=list)
    refusal: str = ""  # kept, because the libraries on the way turn an exception into one of their own

    def connected(self, host: str, port: int, *, encrypted: bool) -> socket.socket:
        addresses = self.checked(host, port, encrypted=encrypted)
        for place, address in enumerate(addresses, start=1):
            try:
                made = socket.create_connection((address, port), timeout=self.patience())
            except OSError as fault:
                if place == len(addresses):
                    raise self.refused(f"{host} does not answer.") from fault
            else:
                self.open.append(made.dup())  # by which it can be cut, whatever is wrapped around it later
                return made
        raise self.refused(f"{host} has no address.")

    def checked(self, host: str, port: int, *, encrypted: bool) -> list[str]:
        named = bool(self.own & {host.lower(), f"{host.lower()}:{port}"})
        if port != 443 and not named:
            raise self.refused(f"Port {port} of {host} is not one that the site fetches from.")
        try:
            found = self.resolve(host, port)
            addresses = [ip_address(each.partition("%")[0]) for each in found]
        except (OSError, UnicodeError, ValueError) as fault:
            raise self.refused(f"{host} has no address.") from fault
        if not named and not all(public(each) for each in addresses):
            raise self.refused(f"{host} is inside a network, and EVENHAND_FETCH_ALLOWED does not name it.")
        if not encrypted and not (named and all(each.is_loopback for each in addresses)):
            raise self.refused(f"{host} is not asked over https.")
        return [str(each) for each in addresses]

    def patience(self) -> float:
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.refused("It took too long.")
        return min(left, SECONDS_OF_SILENCE)

    def refused(self, why: str) -> CannotFetch:
        self.refusal = self.refusal or why
        return CannotFetch(self.refusal)

    def cut(self) -> None:
        self.refused("It took too long.")
        for each in self.open:
            with _whatever_happened():
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def _whatever_happened() -> Iterator[None]:
    try:
        yield
    except OSError:
        return  # it is closed already


class Careful(HTTPAdapter):
    def __init__(self, *, largest_bytes: int, seconds: float) -> None:
        super().__init__()
        self.largest_bytes, self.seconds = largest_bytes, seconds
        self.way = threading.local()

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        _check_address(str(request.url))
        way = Way(time.monotonic() + self.seconds, settings.EVENHAND_FETCH_ALLOWED, look_up)
        self.way.now = way
        clock = threading.Timer(self.seconds, way.cut)
        clock.daemon = True
        clock.start()
        try:
            options |= {"stream": True, "proxies": {}, "timeout": (way.patience(), SECONDS_OF_SILENCE)}
            response = super().send(request, *args, **options)
            response._content = self._content(response, way)
            response._content_consumed = True
            return response
        except (requests.RequestException, HTTPError, OSError) as fault:
            raise way.refused(f"It could not be fetched ({type(fault).__name__}).") from fault
        finally:
            clock.cancel()
            for each in way.open:
                each.close()

    def _content(self, response: requests.Response, way: Way) -> bytes:
        content = bytearray()
        for chunk in response.raw.stream(CHUNK, decode_content=True):
            content += chunk
            way.patience()
            if len(content) > self.largest_bytes:
                response.raw.close()
                raise way.refused(f"It is larger than {self.largest_bytes} bytes.")
        way.patience()  # what was cut off may look like an end
        return bytes(content)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        """A pool of one, for this request alone, whose connection goes the checked way."""
        parts, way = urlsplit(str(request.url)), self.way.now
        if parts.scheme == "https":
            secure = HTTPSConnectionPool(str(parts.hostname), parts.port or 443, maxsize=1, retries=False)
            secure.ConnectionCls = _through(way, HTTPSConnection)
            return secure
        plain = HTTPConnectionPool(str(parts.hostname), parts.port or 80, maxsize=1, retries=False)
        plain.ConnectionCls = _through(way, HTTPConnection)
        return plain


def _through(way: Way, kind: type[Any]) -> Any:
    class Connection(kind):  # type: ignore[misc]
        def _new_conn(self) -> socket.socket:
            return way.connected(self._dns_host, self.port, encrypted=issubclass(kind, HTTPSConnection))

    return Connection


def _check_address(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise CannotFetch("The address is not one on the web.")
    if parts.username is not None or parts.password is not None:
        raise CannotFetch("The address has a name or a password in it.")
