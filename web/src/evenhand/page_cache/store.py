"""The stored pages, in a cache of their own. A store that cannot be read or written never stops a page."""

import logging
import pickle
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches

ALIAS = "pages"
SECONDS_KEPT = 26 * 60 * 60  # the key contains the date, so a page is not used for longer than a day
# what reading or unpickling a damaged file raises
UNREADABLE = (OSError, EOFError, ValueError, TypeError, LookupError, AttributeError, ImportError, pickle.PickleError)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredPage:
    key: str  # compared on reading, because the name of the file is only a hash of it
    content: bytes
    headers: Mapping[str, str]


def read(key: str) -> StoredPage | None:
    try:
        page = _cache().get(key)
    except UNREADABLE as error:
        logger.warning("a cached page cannot be read: %s", type(error).__name__)
        return None
    return page if isinstance(page, StoredPage) and page.key == key else None


def write(page: StoredPage) -> None:
    try:
        _cache().set(page.key, page, SECONDS_KEPT)
    except OSError as error:  # the disk is full, or the folder cannot be written to
        logger.warning("a page cannot be cached: %s", type(error).__name__)


def clear() -> None:
    """Remove every stored page of this machine, as after an erasure."""
    try:
        _cache().clear()
    except OSError as error:
        logger.warning("cached pages cannot be removed: %s", type(error).__name__)


def delete_expired() -> None:
    """Remove the files of earlier days, and unfinished ones: nothing reads them again."""
    oldest = time.time() - SECONDS_KEPT
    configuration: Any = settings.CACHES[ALIAS]
    for file in Path(configuration["LOCATION"]).glob("*"):
        with suppress(FileNotFoundError):  # another process has removed it
            if file.stat().st_mtime < oldest:
                file.unlink()


def _cache() -> BaseCache:
    return caches[ALIAS]
