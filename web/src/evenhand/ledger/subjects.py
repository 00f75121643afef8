"""What the record knows of the things and people above it: opaque ids and the name of a kind."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from evenhand.ledger.form import SYSTEM


class Actor(Protocol):
    """Whoever acts: known here by an id alone."""

    id: Any


@dataclass(frozen=True)
class Subject:
    """What a change is about, as the record knows it."""

    kind: str
    id: UUID
    authority_id: UUID | None

    @property
    def chain(self) -> UUID:
        return self.authority_id or SYSTEM
