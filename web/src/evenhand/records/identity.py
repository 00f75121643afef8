"""Public ids: UUID version 7. They sort by time of creation and reveal nothing else."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    return UUID(int=uuid7().int)
