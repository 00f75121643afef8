"""Malformed HTTP sent to a real gunicorn server: refused or answered, never a 5xx, and the server keeps running."""

import random
import re
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.addresses import addresses
from support.databases import copy_static_files, migrated_database, settings_of
from support.hostile_requests import HostileRequest, RequestGenerator
from support.servers import running_server

REPOSITORY = Path(__file__).resolve().parents[3]
HOST = b"Host: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"
STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)
CRAFTED: dict[str, bytes] = {
    "nothing": b"",
    "an empty line": b"\r\n\r\n",
    "noise": bytes(range(256)) * 20,
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "HTTP/2 without an upgrade": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "an invalid version": b"GET / HTTP/9.9\r\n" + HOST + END,
    "no method": b" / HTTP/1.1\r\n" + HOST + END,
    "a lower-case method": b"get / HTTP/1.1\r\n" + HOST + END,
    "TRACE": b"TRACE / HTTP/1.1\r\n" + HOST + b"X-Secret: leaked\r\n" + END,
    "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + HOST + END,
    "an absolute address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n" + END,
    "a star": b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    "a path without a slash": b"GET etc/passwd HTTP/1.1\r\n" + HOST + END,
    "a path out of the folder": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST + END,
    "the same, percent-encoded": b"GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + END,
    "the same, with backslashes": b"GET /static\\..\\..\\..\\etc\\passwd HTTP/1.1\r\n" + HOST + END,
    "a raw NUL in the path": b"GET /\0 HTTP/1.1\r\n" + HOST + END,
    "raw bytes in the path": b"GET /\xff\xfe\xed\xa0\x80 HTTP/1.1\r\n" + HOST + END,
    "a long line": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + END,
    "a long header": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n" + END,
    "many headers": b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 5_000 + END,
    "a header without a name": b"GET / HTTP/1.1\r\n" + HOST + b": y\r\n" + END,
    "a header without a colon": b"GET / HTTP/1.1\r\n" + HOST + b"nonsense\r\n" + END,
    "a header with a space": b"GET / HTTP/1.1\r\n" + HOST + b"Content-Length : 5\r\n" + END,
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n" + END,
    "a NUL in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n" + END,
    "a bare line feed in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\nX-Injected: 1\r\n" + END,
    "an underscore for a hyphen": b"GET / HTTP/1.1\r\n" + HOST + b"X_Forwarded_For: 127.0.0.1\r\n" + END,
    "no host": b"GET / HTTP/1.1\r\n" + END,
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n" + END,
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + END,
    "a length and chunks": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\na=bcdef",
    "a negative length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n" + END,
    "a length with a sign": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\na=bcd",
    "a length that is not a number": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n" + END,
    "a huge length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 30 + b"\r\n" + END,
    "an unknown transfer coding": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two transfer codings": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "an invalid chunk size": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
    "a chunk that never ends": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    "a body that ends too soon": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nlogin=a",
    "a file that ends too soon": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 500\r\n\r\n--X\r\nContent-Disp",
    "an unknown charset": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded; charset=base64\r\nContent-Length: 3\r\n"
    + END
    + b"a=b",
    "two requests at once": b"GET /health/live HTTP/1.1\r\n" + HOST + b"\r\nGET /health/live HTTP/1.1\r\n" + HOST + END,
    "an upgrade": b"GET / HTTP/1.1\r\n"
    + HOST
    + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade\r\n\r\n",
    "the proxy protocol": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n" + HOST + END,
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("bytes")
    copy_static_files(folder)
    with migrated_database("sqlite", folder) as database:
        log = {"EVENHAND_LOG": "json", "EVENHAND_LOG_LEVEL": "INFO"}
        with running_server(settings_of(folder, database) | log) as port:
            yield port
    log_text = (folder / "server.log").read_text()
    assert "Traceback" not in log_text
    for marker in ("leaked", "evil.example", "smuggled", "127.0.0.1"):  # nothing from the requests is logged
        assert marker not in log_text.replace("http://127.0.0.1", "")


def send(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except OSError:
            return b""  # closing the connection is also acceptable


def problems_in(response: bytes) -> list[str]:
    statuses = [int(status) for status in STATUS.findall(response)]
    not_ready = b"\r\n\r\nnot ok" in response or b'{"ok": false}' in response  # /health/ready, as no worker runs
    problems = [f"status {status}" for status in statuses if status >= 500 and not not_ready]
    secrets = (b"Traceback", str(REPOSITORY).encode(), b"root:x:0", b"\r\nX-Injected", b"gunicorn")
    return problems + [f"reveals {secret!r}" for secret in secrets if secret in response]


@pytest.mark.parametrize("name", CRAFTED)
def test_crafted_requests_reveal_nothing_and_cause_no_server_error(port: int, name: str) -> None:
    assert problems_in(send(port, CRAFTED[name])) == []


@pytest.mark.parametrize(
    "name", ["a length and chunks", "two lengths", "a bare line feed in a header", "TRACE", "a lower-case method"]
)
def test_ambiguous_requests_are_refused(port: int, name: str) -> None:
    response = send(port, CRAFTED[name])
    statuses = [int(status) for status in STATUS.findall(response)]
    assert len(statuses) == 1
    assert 400 <= statuses[0] < 500
    assert b"smuggled" not in response
    assert b"leaked" not in response
    assert b"Content-Security-Policy: " in response  # even if the request never reached the site


def as_bytes(request: HostileRequest) -> bytes:
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(request.body)), "Connection": "close"}
    headers |= {"Content-Type": request.content_type}
    headers |= {name.removeprefix("HTTP_").replace("_", "-").title(): value for name, value in request.headers.items()}
    head = "\r\n".join(
        (f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items()))
    )
    return head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + request.body


@pytest.mark.parametrize("number", [90, pytest.param(600, marks=pytest.mark.long)])
def test_many_hostile_requests_as_bytes(port: int, number: int) -> None:
    """Half of them with some random bytes changed."""
    rng = random.Random(3)
    requests = [bytearray(as_bytes(request)) for request in RequestGenerator(3, addresses(), {}).requests(number)]
    for request in requests[::2]:
        for _ in range(rng.randrange(1, 6)):
            request[rng.randrange(len(request))] = rng.randrange(256)
    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(lambda request: send(port, bytes(request)), requests))
    assert [
        (bytes(request[:300]), problems_in(response))
        for request, response in zip(requests, responses, strict=True)
        if problems_in(response)
    ] == []
    assert sum(bool(response) for response in responses) > number / 2
    assert b" 200 " in send(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)


def test_slow_clients_do_not_block_others(port: int) -> None:
    """Half as many slow clients as threads, each with a request that never ends."""
    slow_connections = []
    for start in (
        b"GET / HTTP/1.1\r\nX: ",
        b"POST /sign-in/ HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\nlogin=",
    ) * 2:
        slow_connections.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        slow_connections[-1].sendall(start)
    started = time.monotonic()
    for _ in range(10):
        assert b" 200 " in send(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)
    assert time.monotonic() - started < 15
    for connection in slow_connections:
        connection.close()


def test_a_client_that_stops_sending_is_disconnected(port: int) -> None:
    from evenhand.config.serving import SLOWEST_SECONDS

    with socket.create_connection(("127.0.0.1", port), timeout=SLOWEST_SECONDS + 30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        started = time.monotonic()
        response = connection.recv(65_536)
    assert time.monotonic() - started < SLOWEST_SECONDS + 15
    assert problems_in(response) == []


def test_a_client_that_resets_the_connection_affects_no_other(port: int) -> None:
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )  # a reset, not a normal close
        connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + END)
        connection.close()
    assert b" 200 " in send(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)
