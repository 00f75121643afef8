"""`make bench`: times the public pages, compared with a fixed page of the same size served in the same way and run.

A ratio of 4 means that the page takes four times as long as sending the same number of bytes. The times depend on the
machine and its load, so quote the ratio.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

PROGRAMS = Path(sys.executable).parent
CONFIGURATION = Path(__file__).resolve().parent / "gunicorn_conf.py"
REQUESTS = 60
WARM_UP = 6
CALDERDALE = "/authorities/calderdale-council/"
PAGES = (
    "/",
    "/authorities/",
    CALDERDALE,
    "/authorities/liverpool-city-region-combined-authority/plans/equality-objectives/",
    f"{CALDERDALE}measures/representation-ethnicity/",
    f"{CALDERDALE}publications/workforce-2019-to-2026/",
    f"{CALDERDALE}publications/workforce-2019-to-2026/figures.csv",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = os.environ | {"EVENHAND_VAR": folder}
        for command in (["migrate"], ["demo"], ["collectstatic", "--noinput"]):
            subprocess.run([PROGRAMS / "evenhand", *command], env=settings, check=True, capture_output=True)
        print(f"{'page':<76}{'kB':>8}{'ms':>8}{'fixed ms':>10}{'ratio':>8}")
        with serve("evenhand.config.wsgi:application", settings) as site:
            for page in PAGES:
                print_row(site, page, settings)


def print_row(site: str, page: str, settings: dict[str, str]) -> None:
    size = len(fetch(site + page))
    # Requests alternate between the two, so that a change in the machine's load affects both.
    with serve("scripts.bench:fixed_page", settings | {"BENCH_BYTES": str(size)}) as fixed:
        pairs = [(time_request(site + page), time_request(fixed)) for _ in range(WARM_UP + REQUESTS)][WARM_UP:]
    page_seconds, fixed_seconds = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = page_seconds / fixed_seconds
    print(f"{page:<76}{size / 1000:>8.1f}{page_seconds * 1000:>8.1f}{fixed_seconds * 1000:>10.1f}{ratio:>8.1f}")


def fixed_page(_environment: object, start_response: object) -> Iterator[bytes]:
    """A WSGI application with a single page."""
    start_response("200 OK", [("Content-Type", "text/html")])  # type: ignore[operator]
    yield b"x" * int(os.environ["BENCH_BYTES"])


@contextmanager
def serve(application: str, settings: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: list[str | Path] = [PROGRAMS / "gunicorn", "--config", CONFIGURATION, application]
    environment = settings | {"PORT": str(port)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if "Evenhand is at" in line:
                break
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def fetch(address: str) -> bytes:
    with urlopen(address, timeout=30) as response:  # noqa: S310  loopback, from the table above
        content: bytes = response.read()
        return content


def time_request(address: str) -> float:
    started = time.perf_counter()
    fetch(address)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
