"""The site's own processes, to be killed: the web process and the worker, as `make run` starts them."""

import http.client
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import nursery

REPOSITORY = Path(__file__).resolve().parents[2]
WITHIN_SECONDS = 60


def until(condition: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)  # the only wait: for another process


class Own:
    """One process and its children, in a group of their own."""

    def __init__(self, settings: dict[str, str], log: Path, program: Callable[..., None], *words: str) -> None:
        self.settings, self.log, self.program, self.words = settings, log, program, words

    def start(self) -> None:
        self.process = nursery.Born(self.program, *self.words, settings=self.settings, cwd=REPOSITORY, log=self.log)

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended already, or has no group of its own yet
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(WITHIN_SECONDS)

    def runs(self) -> bool:
        return self.process.poll() is None


def worker(settings: dict[str, str], folder: Path) -> Own:
    return Own(settings, folder / "worker.log", nursery.evenhand, "worker")


def web(settings: dict[str, str], folder: Path, port: int) -> Own:
    words = ("--config", "scripts/gunicorn_conf.py", "--pythonpath", "web/tests", "writing_site:application")
    return Own(settings | {"PORT": str(port)}, folder / "web.log", nursery.gunicorn, *words)


def posted(port: int, path: str) -> str | None:
    """What the site answered where it said that all was well; None where it did not, or said nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path)
        answer = connection.getresponse()
        said = answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return said if answer.status == 200 else None
