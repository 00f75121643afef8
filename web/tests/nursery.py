"""Processes that begin with the libraries loaded already: loading them takes longer than most commands do.

A server that has loaded them, and knows no settings, forks for every process that is asked for. Each has a session, an
environment, a folder and files of its own, runs the site's real entry points and can be killed like any other. What a
test must see from the very first line of the program (`python -W error`, an environment of the machine) is started by
`subprocess` instead.
"""

import atexit
import gc
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Those that load without settings and take the most time: `python -X importtime .venv/bin/evenhand ledger verify`.
LIBRARIES = [
    "allauth.socialaccount.providers.openid_connect",
    "annotated_types",
    "asgiref.sync",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.scrypt",
    "cryptography.x509",
    "django.contrib.admin.utils",
    "django.contrib.auth.hashers",
    "django.contrib.staticfiles.finders",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.serializers.json",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.loader",
    "django.forms",
    "django.template.defaultfilters",
    "django.template.loader_tags",
    "django.urls",
    "django.views.debug",
    "evenstat.disclosure",
    "fido2.server",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "jwt",
    "numpy",
    "psycopg",
    "pydantic.fields",
    "pydantic.json_schema",
    "pydantic.types",
    "qrcode",
    "requests",
    "yaml",
]
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(LIBRARIES)
_numbers = count()


def new_folder() -> Path:
    """Gone when the tests end."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


_answers = cache(new_folder)


class Born:
    """One of them, with what `subprocess.Popen` would tell of it. What it says goes to a file, and so never waits."""

    def __init__(
        self,
        program: Callable[..., None],
        *words: str,
        settings: Mapping[str, str],
        cwd: Path | None = None,
        log: Path | None = None,
    ) -> None:
        own = f"{next(_numbers)}-"
        self._said, self._complained = (log or _answers() / (own + name) for name in ("said", "complained"))
        for file in (self._said, self._complained):
            file.touch()
        begin = (program, words, dict(settings), cwd or Path.cwd(), self._said, self._complained)
        self._process = _forks.Process(target=_live, args=begin, daemon=True)
        self._process.start()
        self.pid = self._process.pid or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError(f"process {self.pid} goes on after {timeout} seconds")
        return self._process.exitcode

    def communicate(self) -> tuple[str, str]:
        self.wait()
        return self._said.read_text(), self._complained.read_text()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _live(
    program: Callable[..., None],
    words: tuple[str, ...],
    settings: dict[str, str],
    cwd: Path,
    said: Path,
    complained: Path,
) -> None:
    gc.freeze()  # what the server had loaded is never cleared away
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(settings)
    hash_sooner()
    sys.path += filter(None, settings.get("PYTHONPATH", "").split(os.pathsep))
    for path, descriptor in ((said, 1), (complained, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    program(*words)


def hash_sooner() -> None:
    """Passwords by the same function in fewer rounds: nobody guesses them here, and hundreds are hashed."""
    PBKDF2PasswordHasher.iterations = 1_000


def evenhand(*words: str) -> None:
    """The site's command, by its own door."""
    from evenhand.config.command_line import main

    sys.argv = ["evenhand", *words]
    try:
        main()
    finally:
        sys.stdout.flush()


def script(text: str) -> None:
    """A program with the site's models."""
    import django

    django.setup()
    exec(text, {"__name__": "__main__"})


def gunicorn(*words: str) -> None:
    """The web process and what it starts."""
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", *words]
    run()
