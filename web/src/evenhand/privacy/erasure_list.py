"""The list of erasures, ids alone, as a file beside the database: it outlives a restored backup.

One line of JSON for each. `evenhand privacy reapply` reads it, so that nobody comes back with an older backup.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from evenhand.privacy.models import Erasure

NAME = "erasures.jsonl"


@dataclass(frozen=True)
class Erased:
    """One line: who, as an id, when, and the ids of the rows that went, by model."""

    person_id: UUID
    at: datetime
    rows: dict[str, list[str]]


class UnreadableList(ValueError):
    """The file is no list of erasures: the message says where it fails."""


def path() -> Path:
    """Beside the files that the site keeps."""
    private: Path = settings.EVENHAND_FILE_ROOTS["private"]
    return private.parent / NAME


def line(erasure: Erasure) -> str:
    return json.dumps(
        {"person": str(erasure.person_id), "erased_at": erasure.erased_at.isoformat(), "rows": erasure.rows},
        sort_keys=True,
    )


def complete() -> None:
    """Add what is missing in the file, so that it holds every erasure even where a process was killed after one."""
    held = {each.person_id for each in read(path())} if path().exists() else set()
    missing = [each for each in Erasure.objects.all() if each.person_id not in held]
    if not missing:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as file:
        file.writelines(f"{line(each)}\n" for each in missing)
        file.flush()
        os.fsync(file.fileno())


def read(file: Path) -> Iterator[Erased]:
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            said: dict[str, Any] = json.loads(text)
            rows = {str(label): [str(UUID(each)) for each in ids] for label, ids in said["rows"].items()}
            yield Erased(UUID(said["person"]), datetime.fromisoformat(said["erased_at"]), rows)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise UnreadableList(f"{file}, line {number} is no line of a list of erasures: {fault}.") from fault
