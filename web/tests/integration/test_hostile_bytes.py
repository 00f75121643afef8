"""Bytes that are no proper HTTP, sent to the real gunicorn: refused or answered, no 5xx, and it goes on serving."""

import random
import re
import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from addresses import addresses
from hostility import Hostile, Maker
from own_databases import laid_out, settings_of, with_static_files
from own_servers import served

REPOSITORY = Path(__file__).resolve().parents[3]
HOST = b"Host: 127.0.0.1\r\n"
END = b"Connection: close\r\n\r\n"
STATUS = re.compile(rb"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)
CRAFTED: dict[str, bytes] = {
    "nothing": b"",
    "an empty line": b"\r\n\r\n",
    "noise": bytes(range(256)) * 20,
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
    "HTTP/2 without asking": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "a version that is none": b"GET / HTTP/9.9\r\n" + HOST + END,
    "no method": b" / HTTP/1.1\r\n" + HOST + END,
    "a small method": b"get / HTTP/1.1\r\n" + HOST + END,
    "TRACE": b"TRACE / HTTP/1.1\r\n" + HOST + b"X-Secret: leaked\r\n" + END,
    "CONNECT": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + HOST + END,
    "a whole address": b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n" + END,
    "a star": b"OPTIONS * HTTP/1.1\r\n" + HOST + END,
    "a path without a slash": b"GET etc/passwd HTTP/1.1\r\n" + HOST + END,
    "a path out of the folder": b"GET /static/../../../../etc/passwd HTTP/1.1\r\n" + HOST + END,
    "the same, hidden": b"GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + END,
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
    "a bare line end in a header": b"GET / HTTP/1.1\r\n" + HOST + b"X: a\nX-Injected: 1\r\n" + END,
    "an underscore for a hyphen": b"GET / HTTP/1.1\r\n" + HOST + b"X_Forwarded_For: 127.0.0.1\r\n" + END,
    "no host": b"GET / HTTP/1.1\r\n" + END,
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n" + END,
    "another host": b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + END,
    "a length and chunks": b"POST / HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\na=bcdef",
    "a length below nothing": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n" + END,
    "a length with a sign": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +5\r\n\r\na=bcd",
    "a length that is no number": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: many\r\n" + END,
    "a length beyond everything": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 30 + b"\r\n" + END,
    "chunks spelt strangely": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks twice": b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a chunk that lies": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
    "a chunk without end": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nabc",
    "a body that ends too soon": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\nlogin=a",
    "a file that ends too soon": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: multipart/form-data; boundary=X\r\nContent-Length: 500\r\n\r\n--X\r\nContent-Disp",
    "a charset that is not one": b"POST /sign-in/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Type: application/x-www-form-urlencoded; charset=base64\r\nContent-Length: 3\r\n"
    + END
    + b"a=b",
    "two requests in one": b"GET /health/live HTTP/1.1\r\n" + HOST + b"\r\nGET /health/live HTTP/1.1\r\n" + HOST + END,
    "an upgrade": b"GET / HTTP/1.1\r\n"
    + HOST
    + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade\r\n\r\n",
    "the proxy protocol": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET / HTTP/1.1\r\n" + HOST + END,
}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("bytes")
    with_static_files(folder)
    with laid_out("sqlite", folder) as database:
        log = {"EVENHAND_LOG": "json", "EVENHAND_LOG_LEVEL": "INFO"}
        with served(settings_of(folder, database) | log) as listening:
            yield listening
    written = (folder / "server.log").read_text()
    assert "Traceback" not in written
    for marker in ("leaked", "evil.example", "smuggled", "127.0.0.1"):  # of what was sent, nothing is in the log
        assert marker not in written.replace("http://127.0.0.1", "")


def answered(port: int, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))
        except OSError:
            return b""  # cut off: no answer is an answer


def faults_of(answer: bytes) -> list[str]:
    statuses = [int(each) for each in STATUS.findall(answer)]
    unready = b"\r\n\r\nnot ok" in answer or b'{"ok": false}' in answer  # /health/ready says so: no worker runs here
    found = [f"status {status}" for status in statuses if status >= 500 and not unready]
    hidden = (b"Traceback", str(REPOSITORY).encode(), b"root:x:0", b"\r\nX-Injected", b"gunicorn")
    return found + [f"gives away {each!r}" for each in hidden if each in answer]


@pytest.mark.parametrize("name", CRAFTED)
def test_crafted(port: int, name: str) -> None:
    assert faults_of(answered(port, CRAFTED[name])) == []


@pytest.mark.parametrize(
    "name", ["a length and chunks", "two lengths", "a bare line end in a header", "TRACE", "a small method"]
)
def test_what_could_mean_two_things_is_refused(port: int, name: str) -> None:
    answer = answered(port, CRAFTED[name])
    statuses = [int(each) for each in STATUS.findall(answer)]
    assert len(statuses) == 1
    assert 400 <= statuses[0] < 500
    assert b"smuggled" not in answer
    assert b"leaked" not in answer
    assert b"Content-Security-Policy: " in answer  # even where the site itself was never reached


def as_bytes(request: Hostile) -> bytes:
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(request.body)), "Connection": "close"}
    headers |= {"Content-Type": request.content_type}
    headers |= {name.removeprefix("HTTP_").replace("_", "-").title(): value for name, value in request.headers.items()}
    head = "\r\n".join(
        (f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items()))
    )
    return head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + request.body


def test_hundreds_of_the_hostile_requests_as_bytes(port: int) -> None:
    """Half of them with some bytes changed on the way."""
    chance = random.Random(3)
    made = [bytearray(as_bytes(each)) for each in Maker(3, addresses(), {}).requests(600)]
    for sent in made[::2]:
        for _ in range(chance.randrange(1, 6)):
            sent[chance.randrange(len(sent))] = chance.randrange(256)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda sent: answered(port, bytes(sent)), made))
    assert [
        (bytes(sent[:300]), faults_of(answer)) for sent, answer in zip(made, answers, strict=True) if faults_of(answer)
    ] == []
    assert sum(bool(answer) for answer in answers) > 300
    assert b" 200 " in answered(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)


def test_slow_visitors_do_not_hold_up_the_others(port: int) -> None:
    """As many as half the threads there are, each with a request that never ends."""
    slow = []
    for start in (
        b"GET / HTTP/1.1\r\nX: ",
        b"POST /sign-in/ HTTP/1.1\r\n" + HOST + b"Content-Length: 900\r\n\r\nlogin=",
    ) * 2:
        slow.append(socket.create_connection(("127.0.0.1", port), timeout=60))
        slow[-1].sendall(start)
    began = time.monotonic()
    for _ in range(10):
        assert b" 200 " in answered(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)
    assert time.monotonic() - began < 15
    for each in slow:
        each.close()


def test_a_visitor_that_falls_silent_is_cut_off(port: int) -> None:
    from evenhand.config.serving import SLOWEST_SECONDS

    with socket.create_connection(("127.0.0.1", port), timeout=SLOWEST_SECONDS + 30) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127")
        began = time.monotonic()
        answer = silent.recv(65_536)
    assert time.monotonic() - began < SLOWEST_SECONDS + 15
    assert faults_of(answer) == []


def test_whoever_breaks_the_connection_off_breaks_nothing_else(port: int) -> None:
    for _ in range(20):
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, not an end
        connection.sendall(b"GET / HTTP/1.1\r\n" + HOST + END)
        connection.close()
    assert b" 200 " in answered(port, b"GET /health/live HTTP/1.1\r\n" + HOST + END)
