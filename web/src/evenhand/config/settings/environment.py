"""What the environment says. A secret NAME may stand in a file that NAME_FILE points at."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
PACKAGE = Path(__file__).resolve().parents[2]
VAR = Path(env.str("EVENHAND_VAR", default=str(Path.cwd() / "var"))).resolve()
PRODUCTION: bool = env.bool("EVENHAND_PRODUCTION", default=False)


def secret(name: str) -> str:
    """The secret itself, or the content of the file that NAME_FILE names; empty where neither is set."""
    file = env.str(f"{name}_FILE", default="")
    if not file:
        return str(env.str(name, default=""))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as fault:
        raise ImproperlyConfigured(f"{name}_FILE={file} can't be read: {fault.strerror}.") from fault
