"""When the last backup was made and the last one restored, stored in EVENHAND_VAR for `evenhand doctor`."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

BACKUP, RESTORE = "last_backup.json", "last_restore.json"


def save_last(name: str, **details: Any) -> None:
    path = _path(name)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(details))
    unfinished.replace(path)


def load_last(name: str) -> dict[str, Any]:
    """Empty if nothing has been saved or the file can't be read."""
    try:
        details = json.loads(_path(name).read_text())
    except (OSError, ValueError):
        return {}
    return details if isinstance(details, dict) else {}


def _path(name: str) -> Path:
    folder: Path = settings.VAR
    return folder / name
