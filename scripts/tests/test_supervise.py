"""Supervised programs: what happens to the others when one of them, or the supervisor, ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripts.places import ROOT

# Writes its process id to a file and waits for a signal; `deaf` ignores SIGTERM.
CHILD = """
import os, pathlib, signal, sys
if sys.argv[2:] == ["deaf"]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
file = pathlib.Path(sys.argv[1]); part = file.with_suffix(".part")
part.write_text(str(os.getpid())); part.replace(file)
while True: signal.pause()
"""
SUPERVISOR = """
import os, sys
from scripts import supervise
supervise.TOO_SOON_SECONDS, supervise.STOPPING_SECONDS = float(sys.argv[2]), 1
child = [sys.executable, "-c", sys.argv[1]]
first, second = [*child, "first"], [*child, "second", *sys.argv[3:]]
sys.exit(supervise.run_together({"first": first, "second": second}, os.environ))
"""


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # the only place that waits: for another process


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    started: list[subprocess.Popen[str]] = []

    def run(too_soon: float = 0, *more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", SUPERVISOR, CHILD, str(too_soon), *more]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        started.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True))
        wait_until(lambda: (tmp_path / "first").exists() and (tmp_path / "second").exists())
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def pids(folder: Path) -> list[int]:
    return [int((folder / name).read_text()) for name in ("first", "second")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_stops_both_programs(start, tmp_path: Path, number: signal.Signals) -> None:
    supervisor = start()
    children = pids(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert not any(map(alive, children))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can end a process with its parent")
def test_no_program_survives_a_killed_supervisor(start, tmp_path: Path) -> None:
    supervisor = start()
    children = pids(tmp_path)
    supervisor.kill()
    supervisor.wait(10)
    wait_until(lambda: not any(map(alive, children)))


def test_a_program_that_fails_is_reported_and_restarted(start, tmp_path: Path) -> None:
    supervisor = start()
    _first, second = pids(tmp_path)
    os.kill(second, signal.SIGKILL)
    wait_until(lambda: pids(tmp_path)[1] != second)
    supervisor.terminate()
    output, _ = supervisor.communicate(timeout=10)
    assert supervisor.returncode == 0
    assert output == "- the second was killed by signal 9; restarting it\n"


def test_a_program_that_fails_at_once_stops_everything(start, tmp_path: Path) -> None:
    supervisor = start(too_soon=60)
    first, second = pids(tmp_path)
    os.kill(second, signal.SIGKILL)
    output, _ = supervisor.communicate(timeout=10)
    assert supervisor.returncode == 1
    assert output == "- the second was killed by signal 9 just after starting; stopping all programs\n"
    assert not alive(first)


def test_a_program_that_does_not_stop_is_killed(start, tmp_path: Path) -> None:
    supervisor = start(0, "deaf")
    children = pids(tmp_path)
    supervisor.terminate()
    output, _ = supervisor.communicate(timeout=10)
    assert output == "- the second did not stop in time; killing it\n"
    assert not any(map(alive, children))
