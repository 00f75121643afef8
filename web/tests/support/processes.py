"""The web process and the worker, started as by `make run`, for tests that kill them."""

import http.client
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from support import fork_server

REPOSITORY = Path(__file__).resolve().parents[3]
TIMEOUT_SECONDS = 60


def wait_until(condition: Callable[[], bool], description: str) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"timed out waiting for {description}"
        time.sleep(0.02)  # the only place that waits: for another process


class SiteProcess:
    """A process and its children, in their own process group."""

    def __init__(self, settings: dict[str, str], log: Path, program: Callable[..., None], *words: str) -> None:
        self.settings, self.log, self.program, self.words = settings, log, program, words

    def start(self) -> None:
        self.process = fork_server.ForkedProcess(
            self.program, *self.words, settings=self.settings, cwd=REPOSITORY, log=self.log
        )

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended already, or does not have its own group yet
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(TIMEOUT_SECONDS)

    def is_running(self) -> bool:
        return self.process.poll() is None


def worker_process(settings: dict[str, str], folder: Path) -> SiteProcess:
    return SiteProcess(settings, folder / "worker.log", fork_server.run_evenhand, "worker")


def web_process(settings: dict[str, str], folder: Path, port: int) -> SiteProcess:
    words = ("--config", "scripts/gunicorn_conf.py", "--pythonpath", "web/tests", "support.writing_site:application")
    return SiteProcess(settings | {"PORT": str(port)}, folder / "web.log", fork_server.run_gunicorn, *words)


def post(port: int, path: str) -> str | None:
    """The body of a response with status 200; None for any other status, or no response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path)
        response = connection.getresponse()
        body = response.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return body if response.status == 200 else None
