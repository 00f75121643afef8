"""What may be fetched and what may not, with a server of our own and names that resolve as the test says."""

import http.server
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from evenhand.records import fetching
from evenhand.records.fetching import CannotFetch, fetch, public

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # shared by the customers of a provider
    "100.100.100.200",  # one cloud's inside
    "169.254.169.254",  # most clouds' inside
    "168.63.129.16",  # another's
    "192.0.0.192",
    "198.18.0.1",
    "192.0.2.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",  # 10.0.0.1 behind a translator
    "2002:a00:1::",  # 10.0.0.1 in a tunnel
]
OUTSIDE = ["1.1.1.1", "81.2.69.142", "2606:4700:4700::1111", "::ffff:81.2.69.142", "64:ff9b::5102:458e"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is(address: str) -> None:
    assert public(ip_address(address))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each name resolves to; whatever is asked for is noted under `asked`."""
    known: dict[str, list[str]] = {"asked": []}

    def look_up(host: str, _port: int) -> list[str]:
        known["asked"].append(host)
        if host not in known:
            raise OSError("no such name")
        return known[host]

    monkeypatch.setattr(fetching, "look_up", look_up)
    return known


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("something was connected to")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_asked(names: dict[str, list[str]], address: str) -> None:
    names["feeds.example"] = ["81.2.69.142", address]  # one of two is enough
    with pytest.raises(CannotFetch, match="inside a network"):
        fetch("https://feeds.example/")


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("http://outside.example/", "Port 80"),
        ("http://outside.example:443/", "not asked over https"),
        ("https://outside.example:22/", "Port 22"),
        ("https://ana:secret@outside.example/", "a name or a password"),
        ("ftp://outside.example/", "could not be fetched"),
        ("file:///etc/passwd", "could not be fetched"),
        ("https:///nothing", "could not be fetched"),
        ("https://nowhere.example/", "has no address"),
        ("https://[::1]/", "has no address"),
    ],
)
def test_what_is_not_https_to_a_public_port_is_not_asked(names: dict[str, list[str]], address: str, says: str) -> None:
    names["outside.example"] = ["81.2.69.142"]
    with pytest.raises(CannotFetch, match=says):
        fetch(address)


@pytest.mark.parametrize("notation", ["0x7f000001", "2130706433", "0177.0.0.1", "127.1", "localhost", "127.0.0.1"])
def test_no_notation_of_this_machine_gets_through(notation: str) -> None:
    with pytest.raises(CannotFetch):  # with the real resolver
        fetch(f"https://{notation}/")


Page = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serving(page: Page, context: ssl.SSLContext | None = None) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            try:
                page(self)
            except OSError:
                return  # whoever asked has gone

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_args: None  # type: ignore[method-assign]
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def said(content: bytes, status: int = 200, **headers: str) -> Page:
    def page(asked: http.server.BaseHTTPRequestHandler) -> None:
        asked.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            asked.send_header(name.replace("_", "-"), value)
        asked.end_headers()
        asked.wfile.write(content)

    return page


@pytest.fixture
def allow(settings) -> Callable[[str], None]:
    def also(host: str) -> None:
        settings.EVENHAND_FETCH_ALLOWED = settings.EVENHAND_FETCH_ALLOWED | {host}

    return also


def test_this_machine_is_asked_where_the_settings_name_it(allow: Callable[[str], None]) -> None:
    with serving(said(b"here")) as port:
        with pytest.raises(CannotFetch):
            fetch(f"http://127.0.0.1:{port}/")
        allow(f"127.0.0.1:{port}")
        found = fetch(f"http://127.0.0.1:{port}/")
        assert (found.status, found.content) == (200, b"here")
        with pytest.raises(CannotFetch):  # the port is part of what was allowed
            fetch("http://127.0.0.1:1/")


def test_the_name_is_looked_up_once_and_that_address_is_asked(
    names: dict[str, list[str]], allow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that means another address the second time gains nothing."""
    names["feeds.example"] = ["127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", _only_numbers(socket.getaddrinfo))
    with serving(said(b"here")) as port:
        allow(f"feeds.example:{port}")
        assert fetch(f"http://feeds.example:{port}/").content == b"here"
    assert names["asked"] == ["feeds.example"]


def _only_numbers(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def checked(host: str, *rest: Any, **more: Any) -> Any:
        ip_address(host)  # anything else would be a second look-up
        return resolve(host, *rest, **more)

    return checked


def test_a_redirect_is_checked_like_the_first_address(
    names: dict[str, list[str]], allow: Callable[[str], None]
) -> None:
    names["feeds.example"], names["inside.example"] = ["127.0.0.1"], ["10.0.0.1"]
    for target, says in {
        "https://inside.example/": "inside a network",
        "http://127.0.0.1:1/": "Port 1",
        "https://a:b@feeds.example/": "a name or a password",
        "file:///etc/passwd": "could not be fetched",
    }.items():
        with serving(said(b"", 302, Location=target)) as port:
            allow(f"feeds.example:{port}")
            with pytest.raises(CannotFetch, match=says):
                fetch(f"http://feeds.example:{port}/")


def test_three_redirects_are_followed_and_no_fourth(allow: Callable[[str], None]) -> None:
    def page(asked: http.server.BaseHTTPRequestHandler) -> None:
        left = int(asked.path.strip("/"))
        said(b"there", 302 if left else 200, Location=f"/{left - 1}")(asked)

    with serving(page) as port:
        allow(f"127.0.0.1:{port}")
        assert fetch(f"http://127.0.0.1:{port}/3").content == b"there"
        with pytest.raises(CannotFetch, match="TooManyRedirects"):
            fetch(f"http://127.0.0.1:{port}/4")


@pytest.mark.parametrize("honest", [True, False])
def test_more_than_the_limit_is_not_taken_in(allow: Callable[[str], None], honest: bool) -> None:
    def page(asked: http.server.BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        if honest:
            asked.send_header("Content-Length", "1000000")
        asked.end_headers()
        asked.wfile.write(b"x" * 1_000_000)

    with serving(page) as port:
        allow(f"127.0.0.1:{port}")
        with pytest.raises(CannotFetch, match="larger than 100000 bytes"):
            fetch(f"http://127.0.0.1:{port}/", largest_bytes=100_000)


def test_what_swells_when_it_is_unpacked_is_counted_unpacked(allow: Callable[[str], None]) -> None:
    import gzip

    with serving(said(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")) as port:
        allow(f"127.0.0.1:{port}")
        with pytest.raises(CannotFetch, match="larger than"):
            fetch(f"http://127.0.0.1:{port}/", largest_bytes=1_000_000)


def _drip_head(asked: http.server.BaseHTTPRequestHandler, go_on: threading.Event) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not go_on.wait(0.02):
        asked.wfile.write(b"X: y\r\n")


def _drip_body(asked: http.server.BaseHTTPRequestHandler, go_on: threading.Event) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not go_on.wait(0.02):
        asked.wfile.write(b"x")


@pytest.mark.parametrize("drip", [_drip_head, _drip_body])
def test_an_answer_that_drips_is_cut_off_in_time(allow: Callable[[str], None], drip: Callable[..., None]) -> None:
    ended = threading.Event()
    with serving(lambda asked: drip(asked, ended)) as port:
        allow(f"127.0.0.1:{port}")
        began = time.monotonic()
        with pytest.raises(CannotFetch):
            fetch(f"http://127.0.0.1:{port}/", seconds=0.5)
        assert time.monotonic() - began < 4
        ended.set()


def test_neither_proxies_nor_kept_passwords_of_the_environment_are_used(
    allow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sent: list[str] = []

    def page(asked: http.server.BaseHTTPRequestHandler) -> None:
        sent.append(str(asked.headers))
        said(b"here")(asked)

    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(page) as port:
        allow(f"127.0.0.1:{port}")
        assert fetch(f"http://127.0.0.1:{port}/").content == b"here"
    assert "Authorization" not in sent[0]


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """One that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("feeds.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    return context


def test_over_https_the_certificate_is_that_of_the_name_and_of_somebody_known(
    names: dict[str, list[str]], allow: Callable[[str], None], certificate: ssl.SSLContext, tmp_path: Path
) -> None:
    names["feeds.example"] = names["other.example"] = ["127.0.0.1"]
    with serving(said(b"here"), certificate) as port:
        for host in ("feeds.example", "other.example"):
            allow(f"{host}:{port}")
        with pytest.raises(CannotFetch, match="SSLError"):
            fetch(f"https://feeds.example:{port}/")
        with fetching.session() as asking:
            asking.verify = str(tmp_path / "certificate")
            assert asking.get(f"https://feeds.example:{port}/").text == "here"
            with pytest.raises(CannotFetch, match="SSLError"):
                asking.get(f"https://other.example:{port}/")
