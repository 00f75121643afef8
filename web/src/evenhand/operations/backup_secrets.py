"""The keys that an installation works with. They go into a sealed backup alone.

Without the key of the record a restored system could not prove that the record is its own, so `restore` asks for it.
Without the site's key it can't read people's second steps of signing in, which are kept under it.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

from evenhand.ledger.keys import signing_key

SITE, RECORD = "secret_key", "ledger_key"


def check_of_site_key(key: str | None = None) -> str:
    """By which a restored system knows whether it has the same. The key is too long to be guessed at with it."""
    return salted_hmac("evenhand backup", "the same key", secret=key, algorithm="sha256").hexdigest()


def site_keys() -> list[str]:
    """The one in use, and the one that this system keeps for its next start."""
    kept: Path = settings.VAR / SITE
    return [settings.SECRET_KEY, *([kept.read_text()] if kept.exists() else [])]


def keys_in_use() -> bytes:
    record = base64.b64encode(signing_key().private_bytes_raw()).decode()
    return json.dumps({SITE: settings.SECRET_KEY, RECORD: record}, sort_keys=True).encode()


@contextmanager
def placing(keys: Mapping[str, str]) -> Iterator[None]:
    """Puts the keys where this system keeps its own; where the block fails, those that were there come back."""
    places = {name: path for name, path in _own_places().items() if name in keys}
    before = {path: path.read_text() if path.exists() else None for path in places.values()}
    try:
        for name, path in places.items():
            _write(path, keys[name])
        yield
    except BaseException:
        for path, text in before.items():
            _put_back(path, text)
        raise


def _own_places() -> dict[str, Path]:
    """Without those that come from the environment: whoever set them keeps them."""
    folder: Path = settings.VAR
    site, record = folder / SITE, folder / RECORD
    places = {SITE: site} if site.exists() and site.read_text() == settings.SECRET_KEY else {}
    return places | ({} if getattr(settings, "EVENHAND_LEDGER_KEY", "") else {RECORD: record})


def _put_back(path: Path, text: str | None) -> None:
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
