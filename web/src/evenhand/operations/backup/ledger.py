"""The ledger details in a backup: the public key that its checkpoints are signed with, and the latest of each chain."""

from typing import Any

from django.db.models import Model

from evenhand.ledger.access_log import drain
from evenhand.ledger.checkpoints import issue_all
from evenhand.ledger.keys import public_pem


def flush_ledger() -> None:
    """Before a backup, write queued access log entries to the ledger and issue a checkpoint for every chain."""
    drain()
    issue_all()


def latest_checkpoints(checkpoints: type[Model], using: str) -> dict[str, Any]:
    """For each chain, the checkpoint that covers the most entries."""
    latest: dict[str, str] = {}
    ordered = checkpoints._base_manager.using(using).order_by("chain", "size")
    for chain, note in ordered.values_list("chain", "note").iterator():
        latest[str(chain)] = note
    return {"public_key": public_pem(), "checkpoints": latest}
