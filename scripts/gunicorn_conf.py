"""How `make run` serves: as in production (config/serving.py), but on this machine only."""

import os
from typing import Any

from evenhand.config import serving

globals().update(vars(serving))

bind = f"127.0.0.1:{os.environ['PORT']}"


def when_ready(server: Any) -> None:
    serving.when_ready(server)
    cast = os.environ.get("EVENHAND_CAST", "").strip()  # whom one can sign in as, where a demonstration is loaded
    print(f"\nEvenhand is at http://{bind}/\nCtrl-C stops it.", *([f"\n{cast}"] if cast else []), sep="\n", flush=True)
