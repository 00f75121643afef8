"""The list of erasures: a file next to the database that holds only ids, so that it survives a restored backup.

Each line is one erasure as JSON. `evenhand privacy reapply` reads the file and erases those people again.
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
class ListedErasure:
    """One line: the person's id, the time, and the ids of the deleted rows by model."""

    person_id: UUID
    at: datetime
    rows: dict[str, list[str]]


class ErasureListError(ValueError):
    """The file is not a list of erasures: the message names the line."""


def path() -> Path:
    """In the folder above the site's private files."""
    private: Path = settings.EVENHAND_FILE_ROOTS["private"]
    return private.parent / NAME


def to_line(erasure: Erasure) -> str:
    return json.dumps(
        {"person": str(erasure.person_id), "erased_at": erasure.erased_at.isoformat(), "rows": erasure.rows},
        sort_keys=True,
    )


def append_missing() -> None:
    """Add erasures that are not in the file yet, including any left out because a process was killed."""
    listed = {erasure.person_id for erasure in read(path())} if path().exists() else set()
    missing = [erasure for erasure in Erasure.objects.all() if erasure.person_id not in listed]
    if not missing:
        return
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as file:
        file.writelines(f"{to_line(erasure)}\n" for erasure in missing)
        file.flush()
        os.fsync(file.fileno())


def read(file: Path) -> Iterator[ListedErasure]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            data: dict[str, Any] = json.loads(line)
            rows = {str(label): [str(UUID(row_id)) for row_id in row_ids] for label, row_ids in data["rows"].items()}
            yield ListedErasure(UUID(data["person"]), datetime.fromisoformat(data["erased_at"]), rows)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ErasureListError(f"{file}: line {number} is not an entry of a list of erasures: {error}.") from error
