"""The site's own processes, to be killed: the web process and the worker, as `make run` starts them."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
WITHIN_SECONDS = 60


def until(condition: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + WITHIN_SECONDS
    while not condition():
        assert time.monotonic() < give_up, f"waited in vain for {what}"
        time.sleep(0.02)  # the only wait: for another process


class Own:
    """One process and its children, in a group of their own."""

    def __init__(self, settings: dict[str, str], log: Path, *command: str | Path) -> None:
        self.settings, self.log, self.command = settings, log, command

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.settings, stdout=log, stderr=log, start_new_session=True, cwd=REPOSITORY
            )

    def kill(self) -> None:
        with suppress(ProcessLookupError):  # it has ended already
            os.killpg(self.process.pid, signal.SIGKILL)
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
    return Own(settings, folder / "worker.log", PROGRAMS / "evenhand", "worker")


def web(settings: dict[str, str], folder: Path, port: int) -> Own:
    gunicorn = (PROGRAMS / "gunicorn", "--config", "scripts/gunicorn_conf.py", "--pythonpath", "web/tests")
    return Own(settings | {"PORT": str(port)}, folder / "web.log", *gunicorn, "writing_site:application")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


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
