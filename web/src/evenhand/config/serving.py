"""How gunicorn serves the site: `gunicorn --config python:evenhand.config.serving evenhand.config.wsgi:application`.

Read by gunicorn, which takes every lower-case name as a setting. A proxy that ends TLS stands in front.
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
from evenhand.config.middleware.headers import ALWAYS
from evenhand.config.production import insist

# Each process counts into a file of its own here. Said before anything imports prometheus_client, which looks at once.
_counts = Path(os.environ.get("EVENHAND_VAR") or "var").absolute() / "metrics"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.config.settings")
insist()

bind = os.environ.get("EVENHAND_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("EVENHAND_WEB_PROCESSES") or 2)
threads = 4  # a slow visitor holds up one of them, not a process
worker_class = "gthread"
preload_app = True  # a fault in the site, or a setting refused, shows once and ends it
timeout = 60
graceful_timeout = 30
keepalive = 5
limit_request_line = 6_000
limit_request_fields = 60
limit_request_field_size = 8_190
forwarded_allow_ips = ""  # whom to believe is said in one place: EVENHAND_TRUSTED_PROXIES
secure_scheme_headers: dict[str, str] = {}
accesslog = None  # it would hold addresses; the site writes its own line (config/middleware/journal.py)
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a heartbeat; no disk may hold it up
control_socket_disable = True  # nothing is written outside EVENHAND_VAR
SLOWEST_SECONDS = 20  # for the next bytes of a request

gunicorn.SERVER = "Evenhand"  # the Server header, which gunicorn always sends: not what serves, and no version


class Log(Logger):  # type: ignore[misc]
    """Gunicorn's own lines, written as the site's are: it would put addresses and headers into them."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines() if settings.EVENHAND_LOG == "json" else PlainLines())


logger_class = Log
loglevel = "info" if settings.EVENHAND_LOG == "json" else "warning"


def on_starting(server: Any) -> None:
    shutil.rmtree(_counts, ignore_errors=True)
    _counts.mkdir(mode=0o700, parents=True)


def when_ready(server: Any) -> None:
    for listener in server.LISTENERS:  # Linux hands it on to every connection that is accepted
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SLOWEST_SECONDS, 0))


def _refuse(sock: Any, status: int, reason: str, _message: str) -> None:
    """What can't be read as a request at all never reaches the site: the same headers, and no echo of what was sent."""
    if status == 501:  # a coding that nobody uses: the fault is the sender's
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


gunicorn.util.write_error = _refuse
