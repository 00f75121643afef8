"""What a backup says of the record of changes: the key that signs it, and the last statement of every chain."""

from typing import Any

from django.db.models import Model

from evenhand.ledger.checkpoints import issue_all
from evenhand.ledger.keys import public_pem
from evenhand.ledger.looks import drain


def settle() -> None:
    """What was noted beside the database goes into the record, and every chain is stated, before a backup is taken."""
    drain()
    issue_all()


def stated(checkpoints: type[Model], using: str) -> dict[str, Any]:
    """Of each chain the longest statement that the database holds at this moment."""
    last: dict[str, str] = {}
    ordered = checkpoints._base_manager.using(using).order_by("chain", "size")
    for chain, note in ordered.values_list("chain", "note").iterator():
        last[str(chain)] = note
    return {"public_key": public_pem(), "checkpoints": last}
