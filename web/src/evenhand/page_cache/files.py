"""Django's cache in files, without compression: unpacking a page would take longer than reading it."""

import pickle
from pathlib import Path
from typing import Any

from django.core.cache.backends.filebased import FileBasedCache


class UncompressedFileCache(FileBasedCache):
    """The folder is readable only by the user of the site, so what is unpickled was written by the site itself."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            with Path(self._key_to_file(key, version)).open("rb") as file:  # type: ignore[attr-defined]
                return default if self._is_expired(file) else pickle.load(file)  # type: ignore[attr-defined]  # noqa: S301
        except FileNotFoundError:
            return default

    def _write_content(self, file: Any, timeout: Any, value: Any) -> None:
        expiry = self.get_backend_timeout(timeout)
        pickle.dump(expiry, file, pickle.HIGHEST_PROTOCOL)
        pickle.dump(value, file, pickle.HIGHEST_PROTOCOL)
