"""The gunicorn configuration of `make run`: as in production (config/serving.py), but only on this machine."""

import os
from typing import Any

from evenhand.config import serving

globals().update(vars(serving))

bind = f"127.0.0.1:{os.environ['PORT']}"


def when_ready(server: Any) -> None:
    serving.when_ready(server)
    accounts = os.environ.get("EVENHAND_CAST", "").strip()  # the accounts of the demonstration, if it is loaded
    lines = [f"\nEvenhand is at http://{bind}/\nPress Ctrl-C to stop it.", *([f"\n{accounts}"] if accounts else [])]
    print(*lines, sep="\n", flush=True)
