"""How `make run` serves; read by gunicorn, which takes every lower-case name as a setting."""

import os
from typing import Any

bind = f"127.0.0.1:{os.environ['PORT']}"
workers = 2
preload_app = True  # a fault in the site shows once, before any address is printed
accesslog = None
loglevel = "warning"
control_socket_disable = True  # nothing is written outside the folder


def when_ready(server: Any) -> None:
    print(f"\nEvenhand is at http://{bind}/\nCtrl-C stops it.", flush=True)
