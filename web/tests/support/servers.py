"""The site's web process, started on a free port and stopped afterwards."""

import base64
import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

GUNICORN = Path(sys.executable).parent / "gunicorn"
SERVER_ARGUMENTS = ("--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application")
STARTS_WITHIN_SECONDS = 60
HOST_NAME = "equality.example.gov.uk"
TLS_HEADERS = {"X-Forwarded-Proto": "https", "Host": HOST_NAME}


@contextmanager
def running_server(
    settings: Mapping[str, str], *, before: Sequence[str] = (), cwd: Path | None = None
) -> Iterator[int]:
    """Yields its port. Its output goes to `server.log` in EVENHAND_VAR."""
    port = free_port()
    log = Path(settings["EVENHAND_VAR"]) / "server.log"
    command = [*before, str(GUNICORN), *SERVER_ARGUMENTS]
    environment = {**settings, "EVENHAND_BIND": f"127.0.0.1:{port}"}
    with (
        log.open("w") as output,
        subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=output) as server,
    ):
        try:
            _wait_for_port(port, server, log)
            yield port
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait_for_port(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended before it responded:\n{log.read_text()}"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # the only place that waits: for another process to listen
    raise AssertionError("the server did not listen")


def production_settings(folder: Path) -> dict[str, str]:
    """The settings of a complete production installation."""
    (folder / "var").mkdir(mode=0o700)
    (folder / "key").write_text(secrets.token_urlsafe(64))
    (folder / "key").chmod(0o600)
    other = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DATABASE_URL"))}
    return other | {
        "DJANGO_SETTINGS_MODULE": "evenhand.config.settings",
        "EVENHAND_PRODUCTION": "true",
        "EVENHAND_VAR": str(folder / "var"),
        "EVENHAND_SECRET_KEY_FILE": str(folder / "key"),
        "EVENHAND_LEDGER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "EVENHAND_HOSTS": HOST_NAME,
        "EVENHAND_ADDRESS": f"https://{HOST_NAME}",
        "EVENHAND_TRUSTED_PROXIES": "127.0.0.1",
        "EVENHAND_MAIL": "smtp://evenhand:secret@mail.example.gov.uk:587",
        "EVENHAND_SECURITY_CONTACT": "mailto:security@example.gov.uk",
    }


def get(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, dict(response.getheaders())
