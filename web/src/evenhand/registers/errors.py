from dataclasses import dataclass
from typing import Any

from evenhand.authorities.errors import NotPossible


@dataclass(frozen=True)
class ConflictingField:
    """A field that two people have changed: what the second wrote, and what stands now."""

    name: str
    yours: Any
    theirs: Any


class EditConflict(NotPossible):
    """Somebody else changed the same fields in the meantime. Nothing was saved, and nothing that was typed is lost.

    `merged` are the values to show in the form again: what the person wrote, and in the fields that they did not touch
    what stands now.
    """

    def __init__(self, message: str, version: int, fields: list[ConflictingField], merged: dict[str, Any]) -> None:
        super().__init__(message)
        self.version, self.fields, self.merged = version, fields, merged
