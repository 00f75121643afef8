"""Runs several programs together: starts and stops them together, and restarts one that fails.

Each program has its own process group, so that Ctrl-C reaches only the supervisor, which stops them in order. On Linux
the kernel stops them even if the supervisor is killed.
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

from scripts.commands import print_step

Command = Sequence[str | Path]
STOPPING_SECONDS = 15  # for the current request or task to finish
TOO_SOON_SECONDS = 10  # a program that fails sooner will fail again
WATCH_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


class StopRequested(BaseException):
    """A signal to stop was received."""


@dataclass
class SupervisedProgram:
    name: str
    command: Command
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes]" = field(init=False)
    started: float = field(init=False)

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command, env=self.environment, start_new_session=True, preexec_fn=_end_with_parent()
        )

    def kill(self) -> None:
        """Kills the program and all processes that it started."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def run_together(commands: Mapping[str, Command], environment: Mapping[str, str]) -> int:
    """Keep them running until a signal to stop (returns 0), or until one fails just after its start (returns 1)."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    programs: list[SupervisedProgram] = []
    try:
        for name, command in commands.items():
            programs.append(SupervisedProgram(name, command, environment))
            programs[-1].start()
        while all(_keep_running(program) for program in programs):
            time.sleep(WATCH_SECONDS)
    except StopRequested:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # the programs are being stopped already
        _stop_all(programs)
    return 1


def _keep_running(program: SupervisedProgram) -> bool:
    code = program.process.poll()
    if code is None:
        return True
    program.kill()
    reason = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    if time.monotonic() - program.started < TOO_SOON_SECONDS:
        print_step(f"the {program.name} {reason} just after starting; stopping all programs")
        return False
    print_step(f"the {program.name} {reason}; restarting it")
    program.start()
    return True


def _stop_all(programs: Sequence[SupervisedProgram]) -> None:
    for program in programs:
        program.process.terminate()
    deadline = time.monotonic() + STOPPING_SECONDS
    for program in programs:
        try:
            program.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print_step(f"the {program.name} did not stop in time; killing it")
        program.kill()


def _stop(_number: int, _frame: object) -> None:
    raise StopRequested


def _end_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    parent, kernel = os.getpid(), ctypes.CDLL(None)

    def request_signal() -> None:
        kernel.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # the parent ended before the call
            os._exit(1)

    return request_signal
