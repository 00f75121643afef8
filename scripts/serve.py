"""`make run`: sets up, loads the demonstration into an empty database, and serves the site on this machine."""

import os
import socket

from scripts import frontend
from scripts.commands import ScriptError, exit_with, print_step
from scripts.places import ROOT, STATIC, VAR, VENV
from scripts.set_up import set_up
from scripts.site import EVENHAND, accounts, evenhand, load_demonstration, settings
from scripts.stamps import run_if_changed
from scripts.supervise import run_together

GUNICORN = VENV / "bin" / "gunicorn"
APPLICATION = "evenhand.config.wsgi:application"


def main() -> int:
    port = _free_port(os.environ.get("PORT") or "8000")
    set_up()
    load_demonstration("--if-empty")
    # the stamp is stored with the copies, so that both are deleted with `var`
    run_if_changed(VAR / "static.stamp", [ROOT / "uv.lock", STATIC], [VAR / "static", frontend.STYLES], _collect_static)
    os.chdir(ROOT)
    return run_together(
        {
            "web process": [GUNICORN, "--config", "scripts/gunicorn_conf.py", APPLICATION],
            "worker": [EVENHAND, "worker", "--verbosity", "0"],
        },
        settings() | {"PORT": str(port), "EVENHAND_BIND": f"127.0.0.1:{port}", "EVENHAND_CAST": accounts()},
    )


def _free_port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ScriptError(f"PORT={value} is not a port. Give a number from 1 to 65535.")
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", int(value)))
        except OSError as error:
            raise ScriptError(
                f"Port {value} cannot be used ({error.strerror}). Another program may be using it. "
                f"Choose another port: make run PORT={min(int(value) + 1, 65535)}"
            ) from error
    return int(value)


def _collect_static() -> None:
    print_step("static files")
    evenhand("collectstatic", "--noinput", "--clear", "--verbosity", "0")


if __name__ == "__main__":
    exit_with(main)
