"""`make bench`: times every kind of public page, compared with a constant view of the same size in the same run.

The constant view goes through the same middleware, in the same process and on the same connection. Requests alternate
between the two, so that a change in the machine's load affects both: quote the ratio, not the times. Times are lower
quartiles, because other work on the machine only ever adds to them. Each page is timed warm (from the page cache) and
cold (the cache was emptied before the request). The exit code is 1 if a warm page takes more than TARGET_RATIO times as
long as the constant view.
"""

import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from scripts.places import ROOT

PROGRAMS = Path(sys.executable).parent
CONFIGURATION = ROOT / "scripts" / "gunicorn_conf.py"
TARGET_RATIO = 1.5
WARM_UP, WARM_REQUESTS, COLD_REQUESTS = 6, 200, 12
CALDERDALE = "/authorities/calderdale-council/"
PUBLICATION = f"{CALDERDALE}publications/workforce-2019-to-2026/"
PAGES = (
    "/",
    "/?groups=all",
    "/authorities/",
    CALDERDALE,
    "/authorities/liverpool-city-region-combined-authority/",
    "/authorities/liverpool-city-region-combined-authority/plans/equality-objectives/",
    f"{CALDERDALE}measures/representation-ethnicity/",
    f"{CALDERDALE}measures/representation-ethnicity/2019/",
    PUBLICATION,
    f"{PUBLICATION}2020/",
    f"{PUBLICATION}figures.csv",
    f"{PUBLICATION}certificate.json",
    f"{CALDERDALE}record/",
    f"{CALDERDALE}record/checkpoint",
    "/worked-example/",
    "/methods/",
    "/sources/",
    "/accessibility/",
)
STAFF_EMAIL = "officer@exampleton-city-council-invented.example"
STAFF_PAGES = ("/", "/work/", "/work/exampleton-city-council-invented/")
# All requests come from one address, so the limits are raised. The code that counts the requests still runs.
LIMITS = {f"EVENHAND_{kind}_A_MINUTE": "10000000" for kind in ("REQUESTS", "FORMS", "SIGN_INS", "HEAVY")}


@dataclass
class Browser:
    """One visitor, on one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> bytes:
        try:
            return self._request("GET", path)
        except (http.client.RemoteDisconnected, ConnectionError):  # the server ended a connection that was idle
            self.connection.close()
            return self._request("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> None:
        self._request("POST", path, urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, email: str, password: str) -> None:
        form = self.get("/sign-in/").decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token is not None
        self.post("/sign-in/", {"csrfmiddlewaretoken": token[1], "login": email, "password": password})

    def time(self, path: str) -> float:
        started = time.perf_counter()
        self.get(path)
        return time.perf_counter() - started

    def _request(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> bytes:
        cookie = (
            {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        )
        self.connection.request(method, path, body, {**(headers or {}), **cookie})
        response = self.connection.getresponse()
        content = response.read()
        if response.status not in (200, 302):
            raise SystemExit(f"{method} {path}: {response.status} {response.reason}")
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        settings = os.environ | LIMITS | {"EVENHAND_VAR": folder}
        for command in (["migrate"], ["demo"], ["collectstatic", "--noinput"]):
            subprocess.run([PROGRAMS / "evenhand", *command], env=settings, check=True, capture_output=True)
        with serve("benchmarks.constant_view:application", settings) as port:
            ratios = _public_pages(port, Path(folder) / "pages")
            _middleware(port, settings)
            _staff_pages(port, (Path(folder) / "demonstration_password").read_text(encoding="utf-8").strip())
    slow = [page for page, ratio in ratios.items() if ratio > TARGET_RATIO]
    print(f"\nslower than {TARGET_RATIO} times the constant view: {', '.join(slow) or 'none'}", flush=True)
    return 1 if slow else 0


def _public_pages(port: int, cached_pages: Path) -> dict[str, float]:
    print(f"{'public page':<82}{'kB':>7}{'cold ms':>9}{'warm ms':>9}{'constant':>10}{'ratio':>7}")
    visitor, ratios = Browser(port), {}
    for page in PAGES:
        cold = _time_cold(visitor, page, before=lambda: shutil.rmtree(cached_pages, ignore_errors=True))
        size = len(visitor.get(page))
        warm, constant = _alternate(visitor, page, f"/constant/{size}/")
        ratios[page] = warm / constant
        figures = f"{size / 1000:>7.1f}{cold:>9.1f}{warm:>9.2f}{constant:>10.2f}{ratios[page]:>7.2f}"
        print(f"{page:<82}{figures}", flush=True)
    return ratios


def _middleware(port: int, settings: dict[str, str]) -> None:
    """The constant view, compared with a WSGI application that does nothing else."""
    size = 50_000
    with serve("benchmarks.public_pages:fixed_page", settings | {"BENCH_BYTES": str(size)}) as fixed_port:
        browsers = Browser(port), Browser(fixed_port)
        pairs = [(browsers[0].time(f"/constant/{size}/"), browsers[1].time("/")) for _ in range(WARM_REQUESTS)]
    constant, fixed = map(_lower_quartile_ms, zip(*pairs, strict=True))
    print(f"\nconstant view {constant:.2f} ms, without Django {fixed:.2f} ms: {constant / fixed:.1f} times", flush=True)


def _staff_pages(port: int, password: str) -> None:
    print(f"\n{'signed in (never cached)':<82}{'kB':>7}{'ms':>9}{'constant':>19}{'ratio':>7}")
    staff = Browser(port)
    staff.sign_in(STAFF_EMAIL, password)
    for page in STAFF_PAGES:
        size = len(staff.get(page))
        milliseconds, constant = _alternate(Browser(port, staff.cookies), page, f"/constant/{size}/")
        figures = f"{size / 1000:>7.1f}{milliseconds:>9.1f}{constant:>19.2f}{milliseconds / constant:>7.1f}"
        print(f"{page:<82}{figures}", flush=True)


def _time_cold(visitor: Browser, page: str, *, before: Callable[[], object]) -> float:
    times = []
    for _ in range(COLD_REQUESTS):
        before()
        times.append(visitor.time(page))
    return _lower_quartile_ms(times)


def _alternate(visitor: Browser, page: str, constant: str) -> tuple[float, float]:
    """Milliseconds of both."""
    pairs = [(visitor.time(page), visitor.time(constant)) for _ in range(WARM_UP + WARM_REQUESTS)][WARM_UP:]
    page_ms, constant_ms = map(_lower_quartile_ms, zip(*pairs, strict=True))
    return page_ms, constant_ms


def _lower_quartile_ms(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=4)[0] * 1000


def fixed_page(_environment: object, start_response: object) -> Iterator[bytes]:
    """A WSGI application with a single page."""
    size = os.environ["BENCH_BYTES"]
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", size)])  # type: ignore[operator]
    yield b"x" * int(size)


@contextmanager
def serve(application: str, settings: dict[str, str]) -> Iterator[int]:
    """Serve the application until the end of the block. Yields the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command: list[str | Path] = [PROGRAMS / "gunicorn", "--config", CONFIGURATION, application]
    environment = settings | {"PORT": str(port)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if "Evenhand is at" in line:
                break
        try:
            yield port
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
