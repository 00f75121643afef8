"""Forks processes that have the libraries loaded already, because loading them takes longer than most commands.

A fork server has loaded the libraries but no settings, and forks for every process requested. Each process has its own
session, environment, folder and output files, runs the site's real entry points, and can be killed like any other.
Tests that need a process from its very first line (`python -W error`, the environment of the machine) start it with
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

# The slowest modules that load without settings: `python -X importtime .venv/bin/evenhand ledger verify`.
LIBRARIES = [
    "allauth.decorators",
    "allauth.socialaccount.providers.openid_connect",
    "annotated_types",
    "asgiref.sync",
    "axes.apps",
    "cryptography.fernet",
    "cryptography.hazmat.primitives.ciphers.aead",
    "cryptography.hazmat.primitives.kdf.scrypt",
    "cryptography.x509",
    "csp.middleware",
    "django.contrib.admin.utils",
    "django.contrib.auth.apps",
    "django.contrib.auth.hashers",
    "django.contrib.sessions.middleware",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles.finders",
    "django.contrib.syndication.views",
    "django.core.handlers.wsgi",
    "django.core.management",
    "django.core.management.commands.migrate",
    "django.core.serializers.json",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.migrations.loader",
    "django.forms",
    "django.middleware.locale",
    "django.template.defaultfilters",
    "django.template.loader_tags",
    "django.urls",
    "django.views.debug",
    "django_stubs_ext",
    "django_tasks.backends",
    "django_tasks_db.compat",
    "environ",
    "evenstat.disclosure",
    "evenstat.disclosure.single_tables",
    "evenstat.measures",
    "evenstat.standards",
    "fido2.server",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "jwt",
    "numpy",
    "prometheus_client.core",
    "psycopg",
    "pydantic.fields",
    "pydantic.json_schema",
    "pydantic.types",
    "qrcode",
    "qrcode.image.svg",
    "requests",
    "smtplib",
    "whitenoise.middleware",
    "xml.sax",
    "yaml",
]
MODULES_OF_THE_SITE = [
    "evenhand.evidence.intake",
    "evenhand.operations.backup.archive",
    "evenhand.operations.backup.manifest",
    "evenhand.plans.check",
    "evenhand.plans.document",
    "evenhand.public.charts",
    "evenhand.records.fetching",
    "evenhand.releases.certificate_words",
    "evenhand.releases.groupings",
    "evenhand.releases.tables",
]
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([*LIBRARIES, *MODULES_OF_THE_SITE])
_numbers = count()


def new_folder() -> Path:
    """A new folder that is deleted when the tests end."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


_output_folder = cache(new_folder)


class ForkedProcess:
    """A forked process with the interface of `subprocess.Popen`. Its output goes to files, so it never blocks."""

    def __init__(
        self,
        program: Callable[..., None],
        *words: str,
        settings: Mapping[str, str],
        cwd: Path | None = None,
        log: Path | None = None,
    ) -> None:
        prefix = f"{next(_numbers)}-"
        self._stdout, self._stderr = (log or _output_folder() / (prefix + name) for name in ("stdout", "stderr"))
        for file in (self._stdout, self._stderr):
            file.touch()
        arguments = (program, words, dict(settings), cwd or Path.cwd(), self._stdout, self._stderr)
        self._process = _context.Process(target=_run_program, args=arguments, daemon=True)
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
            raise TimeoutError(f"process {self.pid} is still running after {timeout} seconds")
        return self._process.exitcode

    def communicate(self) -> tuple[str, str]:
        self.wait()
        return self._stdout.read_text(), self._stderr.read_text()

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _run_program(
    program: Callable[..., None],
    words: tuple[str, ...],
    settings: dict[str, str],
    cwd: Path,
    stdout: Path,
    stderr: Path,
) -> None:
    gc.freeze()  # objects loaded by the fork server are never collected
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(settings)
    use_fast_password_hashing()
    sys.path += filter(None, settings.get("PYTHONPATH", "").split(os.pathsep))
    for path, descriptor in ((stdout, 1), (stderr, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    program(*words)


def use_fast_password_hashing() -> None:
    """Uses the same password hash function with fewer iterations, because tests hash hundreds of passwords."""
    PBKDF2PasswordHasher.iterations = 1_000


def run_evenhand(*words: str) -> None:
    """Runs the `evenhand` command through its entry point."""
    from evenhand.config.command_line import main

    sys.argv = ["evenhand", *words]
    try:
        main()
    finally:
        sys.stdout.flush()


def run_python(text: str) -> None:
    """Runs Python code with the site's models loaded."""
    import django

    django.setup()
    exec(text, {"__name__": "__main__"})


def run_gunicorn(*words: str) -> None:
    """Runs gunicorn with its worker processes."""
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", *words]
    run()
