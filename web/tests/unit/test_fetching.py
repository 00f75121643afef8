"""Which addresses may be fetched, tested with a local server and host names that the test resolves."""

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
from evenhand.records.fetching import CannotFetch, fetch, is_public

INTERNAL = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # shared address space (carrier-grade NAT)
    "100.100.100.200",  # one cloud's metadata service
    "169.254.169.254",  # most clouds' metadata service
    "168.63.129.16",  # another cloud's
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
EXTERNAL = ["1.1.1.1", "81.2.69.142", "2606:4700:4700::1111", "::ffff:81.2.69.142", "64:ff9b::5102:458e"]


@pytest.mark.parametrize("address", INTERNAL)
def test_an_internal_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", EXTERNAL)
def test_an_external_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.fixture
def host_names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of each host name. Looked-up names are listed under `requested`."""
    addresses: dict[str, list[str]] = {"requested": []}

    def resolve_host(host: str, _port: int) -> list[str]:
        addresses["requested"].append(host)
        if host not in addresses:
            raise OSError("no such name")
        return addresses[host]

    monkeypatch.setattr(fetching, "resolve_host", resolve_host)
    return addresses


@pytest.fixture
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize("address", INTERNAL)
def test_a_name_with_an_internal_address_is_refused(host_names: dict[str, list[str]], address: str) -> None:
    host_names["feeds.example"] = ["81.2.69.142", address]  # one internal address is enough
    with pytest.raises(CannotFetch, match="inside a network"):
        fetch("https://feeds.example/")


@pytest.mark.usefixtures("no_connection")
@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://outside.example/", "Port 80"),
        ("http://outside.example:443/", "can only be fetched over https"),
        ("https://outside.example:22/", "Port 22"),
        ("https://ana:secret@outside.example/", "a user name or a password"),
        ("ftp://outside.example/", "could not be fetched"),
        ("file:///etc/passwd", "could not be fetched"),
        ("https:///nothing", "could not be fetched"),
        ("https://nowhere.example/", "has no address"),
        ("https://[::1]/", "has no address"),
    ],
)
def test_only_https_on_the_standard_port_is_fetched(
    host_names: dict[str, list[str]], address: str, message: str
) -> None:
    host_names["outside.example"] = ["81.2.69.142"]
    with pytest.raises(CannotFetch, match=message):
        fetch(address)


@pytest.mark.parametrize("notation", ["0x7f000001", "2130706433", "0177.0.0.1", "127.1", "localhost", "127.0.0.1"])
def test_this_machine_is_refused_in_every_notation(notation: str) -> None:
    with pytest.raises(CannotFetch):  # with the real resolver
        fetch(f"https://{notation}/")


Handle = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def serving(handle: Handle, context: ssl.SSLContext | None = None) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            try:
                handle(self)
            except OSError:
                return  # the client has gone

        def log_message(self, *_args: object) -> None:
            """Log nothing."""

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


def responding(content: bytes, status: int = 200, **headers: str) -> Handle:
    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(content)

    return handle


@pytest.fixture
def allow(settings) -> Callable[[str], None]:
    def allow_host(host: str) -> None:
        settings.EVENHAND_FETCH_ALLOWED = settings.EVENHAND_FETCH_ALLOWED | {host}

    return allow_host


def test_this_machine_can_be_fetched_from_if_the_settings_allow_it(allow: Callable[[str], None]) -> None:
    with serving(responding(b"content")) as port:
        with pytest.raises(CannotFetch):
            fetch(f"http://127.0.0.1:{port}/")
        allow(f"127.0.0.1:{port}")
        response = fetch(f"http://127.0.0.1:{port}/")
        assert (response.status, response.content) == (200, b"content")
        with pytest.raises(CannotFetch):  # the setting allows one port only
            fetch("http://127.0.0.1:1/")


def test_the_name_is_resolved_once_and_that_address_is_used(
    host_names: dict[str, list[str]], allow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects against DNS rebinding: a name that resolves to another address the second time."""
    host_names["feeds.example"] = ["127.0.0.1"]
    monkeypatch.setattr(socket, "getaddrinfo", _only_ip_addresses(socket.getaddrinfo))
    with serving(responding(b"content")) as port:
        allow(f"feeds.example:{port}")
        assert fetch(f"http://feeds.example:{port}/").content == b"content"
    assert host_names["requested"] == ["feeds.example"]


def _only_ip_addresses(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def checked(host: str, *rest: Any, **more: Any) -> Any:
        ip_address(host)  # a name would mean a second look-up
        return resolve(host, *rest, **more)

    return checked


def test_a_redirect_is_checked_like_the_original_address(
    host_names: dict[str, list[str]], allow: Callable[[str], None]
) -> None:
    host_names["feeds.example"], host_names["inside.example"] = ["127.0.0.1"], ["10.0.0.1"]
    for target, message in {
        "https://inside.example/": "inside a network",
        "http://127.0.0.1:1/": "Port 1",
        "https://a:b@feeds.example/": "a user name or a password",
        "file:///etc/passwd": "could not be fetched",
    }.items():
        with serving(responding(b"", 302, Location=target)) as port:
            allow(f"feeds.example:{port}")
            with pytest.raises(CannotFetch, match=message):
                fetch(f"http://feeds.example:{port}/")


def test_at_most_three_redirects_are_followed(allow: Callable[[str], None]) -> None:
    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        remaining = int(request.path.strip("/"))
        responding(b"content", 302 if remaining else 200, Location=f"/{remaining - 1}")(request)

    with serving(handle) as port:
        allow(f"127.0.0.1:{port}")
        assert fetch(f"http://127.0.0.1:{port}/3").content == b"content"
        with pytest.raises(CannotFetch, match="TooManyRedirects"):
            fetch(f"http://127.0.0.1:{port}/4")


@pytest.mark.parametrize("with_length", [True, False])
def test_a_response_above_the_size_limit_is_refused(allow: Callable[[str], None], with_length: bool) -> None:
    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        if with_length:
            request.send_header("Content-Length", "1000000")
        request.end_headers()
        request.wfile.write(b"x" * 1_000_000)

    with serving(handle) as port:
        allow(f"127.0.0.1:{port}")
        with pytest.raises(CannotFetch, match="larger than 100000 bytes"):
            fetch(f"http://127.0.0.1:{port}/", largest_bytes=100_000)


def test_the_size_limit_applies_to_decompressed_content(allow: Callable[[str], None]) -> None:
    import gzip

    with serving(responding(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")) as port:
        allow(f"127.0.0.1:{port}")
        with pytest.raises(CannotFetch, match="larger than"):
            fetch(f"http://127.0.0.1:{port}/", largest_bytes=1_000_000)


def _send_headers_slowly(request: http.server.BaseHTTPRequestHandler, stop: threading.Event) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not stop.wait(0.02):
        request.wfile.write(b"X: y\r\n")


def _send_body_slowly(request: http.server.BaseHTTPRequestHandler, stop: threading.Event) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not stop.wait(0.02):
        request.wfile.write(b"x")


@pytest.mark.parametrize("send_slowly", [_send_headers_slowly, _send_body_slowly])
def test_a_slow_response_is_cut_off_at_the_deadline(
    allow: Callable[[str], None], send_slowly: Callable[..., None]
) -> None:
    stopped = threading.Event()
    with serving(lambda request: send_slowly(request, stopped)) as port:
        allow(f"127.0.0.1:{port}")
        started = time.monotonic()
        with pytest.raises(CannotFetch):
            fetch(f"http://127.0.0.1:{port}/", seconds=0.5)
        assert time.monotonic() - started < 4
        stopped.set()


def test_proxies_and_netrc_passwords_in_the_environment_are_not_used(
    allow: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    received_headers: list[str] = []

    def handle(request: http.server.BaseHTTPRequestHandler) -> None:
        received_headers.append(str(request.headers))
        responding(b"content")(request)

    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ana password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serving(handle) as port:
        allow(f"127.0.0.1:{port}")
        assert fetch(f"http://127.0.0.1:{port}/").content == b"content"
    assert "Authorization" not in received_headers[0]


@pytest.fixture
def certificate(tmp_path: Path) -> ssl.SSLContext:
    """A self-signed certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "feeds.example")])
    now = datetime.now(UTC)
    signed = (
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
    (tmp_path / "certificate").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (tmp_path / "key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    return context


def test_over_https_the_certificate_must_be_trusted_and_match_the_host_name(
    host_names: dict[str, list[str]], allow: Callable[[str], None], certificate: ssl.SSLContext, tmp_path: Path
) -> None:
    host_names["feeds.example"] = host_names["other.example"] = ["127.0.0.1"]
    with serving(responding(b"content"), certificate) as port:
        for host in ("feeds.example", "other.example"):
            allow(f"{host}:{port}")
        with pytest.raises(CannotFetch, match="SSLError"):
            fetch(f"https://feeds.example:{port}/")
        with fetching.session() as client:
            client.verify = str(tmp_path / "certificate")
            assert client.get(f"https://feeds.example:{port}/").text == "content"
            with pytest.raises(CannotFetch, match="SSLError"):
                client.get(f"https://other.example:{port}/")
