"""Gunicorn configuration: `gunicorn --config python:evenhand.config.serving evenhand.config.wsgi:application`.

Gunicorn reads every lower-case name in this module as a setting. A proxy in front of it terminates TLS.
"""

import os
import shutil
import socket
import struct
from pathlib import Path
from typing import Any

import gunicorn
import gunicorn.util
from django.conf import settings
from gunicorn.glogging import Logger

from evenhand.config.log_lines import JsonLines, PlainLines
from evenhand.config.middleware.security_headers import ALWAYS
from evenhand.config.production import exit_if_unsafe

# Each process writes its metrics to its own file here. Set before anything imports prometheus_client, which reads this
# variable when it is imported.
_metrics_folder = Path(os.environ.get("EVENHAND_VAR") or "var").absolute() / "metrics"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_folder)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
exit_if_unsafe()

bind = os.environ.get("EVENHAND_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("EVENHAND_WEB_PROCESSES") or 2)
threads = 4  # a slow client occupies one thread, not a whole process
worker_class = "gthread"
preload_app = True  # an error in the site, or a refused setting, is reported once and ends the server
timeout = 60
graceful_timeout = 30
keepalive = 5
limit_request_line = 6_000
limit_request_fields = 60
limit_request_field_size = 8_190
forwarded_allow_ips = ""  # trusted proxies are configured in one place only: EVENHAND_TRUSTED_PROXIES
secure_scheme_headers: dict[str, str] = {}
accesslog = None  # it would contain IP addresses; the site logs requests itself (config/middleware/request_log.py)
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat must not wait for a disk
control_socket_disable = True  # nothing is written outside EVENHAND_VAR
SLOWEST_SECONDS = 20  # longest wait for the next bytes of a request

gunicorn.SERVER = "Evenhand"  # gunicorn always sends a Server header: do not reveal the software and its version


class GunicornLogger(Logger):  # type: ignore[misc]
    """Formats gunicorn's own log lines like the site's. Gunicorn would include IP addresses and headers."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines() if settings.EVENHAND_LOG == "json" else PlainLines())


logger_class = GunicornLogger
loglevel = "info" if settings.EVENHAND_LOG == "json" else "warning"


def on_starting(server: Any) -> None:
    shutil.rmtree(_metrics_folder, ignore_errors=True)
    _metrics_folder.mkdir(mode=0o700, parents=True)


def when_ready(server: Any) -> None:
    for listener in server.LISTENERS:  # on Linux, accepted connections inherit the option
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SLOWEST_SECONDS, 0))


def _write_error(sock: Any, status: int, reason: str, _message: str) -> None:
    """Answer requests that cannot be parsed and never reach the site: the same headers, and no echo of the request."""
    if status == 501:  # an unknown transfer coding: a client error, not a server error
        status, reason = 400, "Bad Request"
    body = f"{reason}\n"
    headers = {
        **ALWAYS,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
    }
    head = "\r\n".join((f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())))
    gunicorn.util.write_nonblock(sock, f"{head}\r\n\r\n{body}".encode("latin-1", "replace"))


gunicorn.util.write_error = _write_error
