"""Public ids: UUID version 7, so that they sort by time of creation and give nothing else away."""

from uuid import UUID

from uuid6 import uuid7


def new_id() -> UUID:
    return UUID(int=uuid7().int)
