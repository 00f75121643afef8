"""`make run`: set up, load the demonstration into an empty database, serve on this machine only, with a worker."""

import os
import socket

from scripts import frontend
from scripts.commands import CannotGoOnError, exit_with, told
from scripts.places import ROOT, STATIC, VAR, VENV
from scripts.set_up import set_up
from scripts.site import EVENHAND, cast, demonstrate, evenhand, settings
from scripts.stamps import once
from scripts.supervise import together

GUNICORN = VENV / "bin" / "gunicorn"
APPLICATION = "evenhand.config.wsgi:application"


def main() -> int:
    port = _free_port(os.environ.get("PORT") or "8000")
    set_up()
    demonstrate("--if-empty")
    # the stamp stands with the copies, so that both go when `var` is deleted
    once(VAR / "static.stamp", [ROOT / "uv.lock", STATIC], [VAR / "static", frontend.STYLES], _collect_static)
    os.chdir(ROOT)
    return together(
        {
            "web process": [GUNICORN, "--config", "scripts/gunicorn_conf.py", APPLICATION],
            "worker": [EVENHAND, "worker", "--verbosity", "0"],
        },
        settings() | {"PORT": str(port), "EVENHAND_CAST": cast()},
    )


def _free_port(given: str) -> int:
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise CannotGoOnError(f"PORT={given} is not a port; give a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(given)))
        except OSError as error:
            raise CannotGoOnError(
                f"Port {given} cannot be used ({error.strerror}). Another program may be serving on it; "
                f"choose another: make run PORT={min(int(given) + 1, 65535)}"
            ) from error
    return int(given)


def _collect_static() -> None:
    told("static files")
    evenhand("collectstatic", "--noinput", "--clear", "--verbosity", "0")


if __name__ == "__main__":
    exit_with(main)
