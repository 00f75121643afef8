"""The site's web process, really started on a port of its own, and stopped afterwards."""

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
CONFIGURED = ("--config", "python:evenhand.config.serving", "evenhand.config.wsgi:application")
STARTS_WITHIN_SECONDS = 60
NAME = "equality.example.gov.uk"
TLS = {"X-Forwarded-Proto": "https", "Host": NAME}


@contextmanager
def served(settings: Mapping[str, str], *, before: Sequence[str] = (), cwd: Path | None = None) -> Iterator[int]:
    """Its port. What it writes goes to `server.log` in EVENHAND_VAR."""
    port = free_port()
    log = Path(settings["EVENHAND_VAR"]) / "server.log"
    command = [*before, str(GUNICORN), *CONFIGURED]
    environment = {**settings, "EVENHAND_BIND": f"127.0.0.1:{port}"}
    with (
        log.open("w") as written,
        subprocess.Popen(command, env=environment, cwd=cwd, stdout=written, stderr=written) as server,
    ):
        try:
            _wait(port, server, log)
            yield port
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _wait(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended before it answered:\n{log.read_text()}"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # the only wait: for another process to begin to listen
    raise AssertionError("the server did not listen")


def production(folder: Path) -> dict[str, str]:
    """What a careful authority sets."""
    (folder / "var").mkdir(mode=0o700)
    (folder / "key").write_text(secrets.token_urlsafe(64))
    (folder / "key").chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EVENHAND_", "DATABASE_URL"))}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "evenhand.config.settings",
        "EVENHAND_PRODUCTION": "true",
        "EVENHAND_VAR": str(folder / "var"),
        "EVENHAND_SECRET_KEY_FILE": str(folder / "key"),
        "EVENHAND_LEDGER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "EVENHAND_HOSTS": NAME,
        "EVENHAND_ADDRESS": f"https://{NAME}",
        "EVENHAND_TRUSTED_PROXIES": "127.0.0.1",
        "EVENHAND_MAIL": "smtp://evenhand:secret@mail.example.gov.uk:587",
        "EVENHAND_SECURITY_CONTACT": "mailto:security@example.gov.uk",
    }


def asked(port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, dict(response.getheaders())
