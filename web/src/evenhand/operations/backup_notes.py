"""When the last backup was made and the last one restored, noted beside the site's data for `evenhand doctor`."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

BACKUP, RESTORE = "last_backup.json", "last_restore.json"


def note(name: str, **said: Any) -> None:
    path = _path(name)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(said))
    unfinished.replace(path)


def noted(name: str) -> dict[str, Any]:
    """Empty where there is no note, or it can't be read."""
    try:
        found = json.loads(_path(name).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _path(name: str) -> Path:
    folder: Path = settings.VAR
    return folder / name
