"""The ledger after a restore: it must verify, and agree with every checkpoint in the backup."""

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from evenhand.ledger.keys import public_key
from evenhand.ledger.verification import verify
from evenhand.operations.backup.manifest import Manifest
from evenhand.operations.restore.target import CannotRestore


def require_same_key(manifest: Manifest) -> None:
    """Raises CannotRestore if this system has another ledger key than the one that was backed up."""
    if manifest.public_key and load_pem_public_key(manifest.public_key.encode()) != public_key():
        raise CannotRestore(
            "The record of changes in this backup is signed with a key that this system does not have, and the backup "
            "does not contain it. Set EVENHAND_LEDGER_KEY to the old system's key, or copy its file `ledger_key` into "
            "EVENHAND_VAR, and restore again."
        )


def require_valid_ledger(manifest: Manifest) -> None:
    report = verify(against=list(manifest.checkpoints.values()))
    if not report.ok:
        error = report.problems[0]
        where = f"chain {error.chain}, position {error.position} {error.entry_id}".strip()
        raise CannotRestore(f"The record of changes in the backup failed verification: {where}: {error.description}.")
