"""The keys of an installation. Only an encrypted backup contains them.

A restored system needs the ledger key to prove that the ledger is its own, so `restore` requires it. It needs the
site's secret key to read people's two-factor authentication secrets, which are encrypted with it.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from evenhand.ledger.keys import signing_key

SITE_KEY, LEDGER_KEY = "secret_key", "ledger_key"


def check_of_site_key(key: str | None = None) -> str:
    """A value that shows whether a restored system has the same key. The key is too long to be guessed from it."""
    return salted_hmac("evenhand backup", "the same key", secret=key, algorithm="sha256").hexdigest()


def site_keys() -> list[str]:
    """The key in use, and the key in the file that the next start would use."""
    file: Path = settings.VAR / SITE_KEY
    return [settings.SECRET_KEY, *([file.read_text()] if file.exists() else [])]


def keys_in_use() -> bytes:
    ledger_key = base64.b64encode(signing_key().private_bytes_raw()).decode()
    return json.dumps({SITE_KEY: settings.SECRET_KEY, LEDGER_KEY: ledger_key}, sort_keys=True).encode()


@contextmanager
def installed_keys(keys: Mapping[str, str]) -> Iterator[None]:
    """Writes the keys to this system's key files. If the block fails, the previous keys are restored."""
    key_files = {name: path for name, path in _key_files().items() if name in keys}
    before = {path: path.read_text() if path.exists() else None for path in key_files.values()}
    try:
        for name, path in key_files.items():
            _write(path, keys[name])
        yield
    except BaseException:
        for path, text in before.items():
            _restore_key(path, text)
        raise


def _key_files() -> dict[str, Path]:
    """Without the keys that are set in the environment, which a restore can't change."""
    folder: Path = settings.VAR
    site, ledger = folder / SITE_KEY, folder / LEDGER_KEY
    files = {SITE_KEY: site} if site.exists() and site.read_text() == settings.SECRET_KEY else {}
    return files | ({} if getattr(settings, "EVENHAND_LEDGER_KEY", "") else {LEDGER_KEY: ledger})


def _restore_key(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, text)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text)
    unfinished.replace(path)
