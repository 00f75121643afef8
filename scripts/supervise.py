"""Programs that belong together: started together, stopped together, started again when one falls over.

Each runs in a group of its own, so that Ctrl-C reaches the supervisor alone, and it stops them in order. On Linux the
kernel stops them even when the supervisor is killed outright.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.commands import told

Command = Sequence[str | Path]
STOPPING_SECONDS = 15  # for the request or the task in hand
TOO_SOON_SECONDS = 10  # one that falls over sooner will do so again
WATCH_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """Somebody asked for an end."""


@dataclass
class Program:
    name: str
    command: Command
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes]" = field(init=False)
    began: float = field(init=False)

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environment, start_new_session=True, preexec_fn=_end_with_parent()
        )

    def kill(self) -> None:
        """It, and whatever it started and left behind."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def together(commands: Mapping[str, Command], environment: Mapping[str, str]) -> int:
    """Keep them running until somebody asks for an end (0), or one falls over at once (1)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    programs: list[Program] = []
    try:
        for name, command in commands.items():
            programs.append(Program(name, command, environment))
            programs[-1].start()
        while all(_kept_running(each) for each in programs):
            time.sleep(WATCH_SECONDS)
    except Stopped:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the end is under way
        _end(programs)
    return 1


def _kept_running(program: Program) -> bool:
    code = program.process.poll()
    if code is None:
        return True
    program.kill()
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    if time.monotonic() - program.began < TOO_SOON_SECONDS:
        told(f"the {program.name} {how} just after its start; everything is stopped")
        return False
    told(f"the {program.name} {how}; it is started again")
    program.start()
    return True


def _end(programs: Sequence[Program]) -> None:
    for each in programs:
        each.process.terminate()
    until = time.monotonic() + STOPPING_SECONDS
    for each in programs:
        try:
            each.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            told(f"the {each.name} did not stop in time and is killed")
        each.kill()


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def _end_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    parent, kernel = os.getpid(), ctypes.CDLL(None)

    def ask() -> None:
        kernel.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask
