"""How the ledger refers to things and people in the apps above it: by opaque ids and the name of a kind."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from evenhand.ledger.form import SYSTEM


class Actor(Protocol):
    """The person who acts. The ledger uses only the id."""

    id: Any


@dataclass(frozen=True)
class Subject:
    """What a change is about."""

    kind: str
    id: UUID
    authority_id: UUID | None

    @property
    def chain(self) -> UUID:
        return self.authority_id or SYSTEM
