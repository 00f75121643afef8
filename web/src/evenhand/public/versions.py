"""The version of each kind of public page: it changes with everything that the page shows (page_cache.pages)."""

import hashlib
from functools import cache
from pathlib import Path

import django
from django.contrib.staticfiles.storage import staticfiles_storage

import evenhand
import evenstat
from evenhand.authorities.models import Authority
from evenhand.ledger.models import Checkpoint
from evenhand.page_cache.counters import EVERYONE, version_of

_AUTHORITY = f"(SELECT id FROM {Authority._meta.db_table} WHERE slug = %s)"  # noqa: S608  only our own names
OF_ONE_AUTHORITY = f"WHERE scope = {_AUTHORITY} OR scope = '{EVERYONE.hex}'"
SIGNED_SIZE = f"(SELECT MAX(size) FROM {Checkpoint._meta.db_table} WHERE chain = {_AUTHORITY})"  # noqa: S608


def every_authority() -> str:
    """For pages about several authorities, and for pages that show only the site itself."""
    return f"{site_version()} {version_of()}"


def one_authority(*, authority: str, **_kwargs: str) -> str:
    """For the pages of the authority with this slug."""
    return f"{site_version()} {version_of(OF_ONE_AUTHORITY, [authority])}"


def record_of_authority(*, authority: str) -> str:
    """The record also shows the latest signed statement. Statements are never removed, so their size is a counter."""
    return f"{site_version()} {version_of(OF_ONE_AUTHORITY, [authority, authority], also=SIGNED_SIZE)}"


@cache
def site_version() -> str:
    """A digest of the installed code, templates, reference figures and style sheets.

    The web server computes it when it loads the code, before it starts its processes. A process that still runs the old
    code after an upgrade therefore never uses the pages of the new code, and the other way round.
    """
    digest = hashlib.sha256(f"{evenhand.__version__} {django.get_version()}".encode())
    digest.update(str(getattr(staticfiles_storage, "manifest_hash", "")).encode())
    for package in (evenhand, evenstat):
        folder = Path(str(package.__file__)).parent
        for file in sorted(folder.rglob("*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(folder)} {file.stat().st_size} {file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()
