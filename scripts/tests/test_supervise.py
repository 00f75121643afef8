"""Programs that belong together: what becomes of the rest when one of them, or the supervisor, ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripts.places import ROOT

# Writes its own id to a file, then waits for a signal; `deaf` does not mind SIGTERM.
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
sys.exit(supervise.together({"first": first, "second": second}, os.environ))
"""


def until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.02)  # the only wait: for another process


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    began: list[subprocess.Popen[str]] = []

    def run(too_soon: float = 0, *more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", SUPERVISOR, CHILD, str(too_soon), *more]
        surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
        began.append(subprocess.Popen(command, cwd=tmp_path, env=surroundings, stdout=subprocess.PIPE, text=True))
        until(lambda: (tmp_path / "first").exists() and (tmp_path / "second").exists())
        return began[-1]

    yield run
    for each in began:
        each.kill()
        each.communicate()


def pids(folder: Path) -> list[int]:
    return [int((folder / name).read_text()) for name in ("first", "second")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_stops_both(start, tmp_path: Path, number: signal.Signals) -> None:
    supervisor = start()
    children = pids(tmp_path)
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert not any(map(alive, children))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_killed_outright_it_leaves_none_behind(start, tmp_path: Path) -> None:
    supervisor = start()
    children = pids(tmp_path)
    supervisor.kill()
    supervisor.wait(10)
    until(lambda: not any(map(alive, children)))


def test_one_that_falls_over_is_said_and_started_again(start, tmp_path: Path) -> None:
    supervisor = start()
    _first, second = pids(tmp_path)
    os.kill(second, signal.SIGKILL)
    until(lambda: pids(tmp_path)[1] != second)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=10)
    assert supervisor.returncode == 0
    assert said == "- the second was killed by signal 9; it is started again\n"


def test_one_that_falls_over_at_once_stops_everything(start, tmp_path: Path) -> None:
    supervisor = start(too_soon=60)
    first, second = pids(tmp_path)
    os.kill(second, signal.SIGKILL)
    said, _ = supervisor.communicate(timeout=10)
    assert supervisor.returncode == 1
    assert said == "- the second was killed by signal 9 just after its start; everything is stopped\n"
    assert not alive(first)


def test_one_that_does_not_stop_is_killed(start, tmp_path: Path) -> None:
    supervisor = start(0, "deaf")
    children = pids(tmp_path)
    supervisor.terminate()
    said, _ = supervisor.communicate(timeout=10)
    assert said == "- the second did not stop in time and is killed\n"
    assert not any(map(alive, children))
