"""The record of changes after a restore: whole, and in keeping with every statement that the backup brought along."""

from cryptography.hazmat.primitives.serialization import load_pem_public_key

from evenhand.ledger.keys import public_key
from evenhand.ledger.verification import verify
from evenhand.operations.backup_manifest import Manifest
from evenhand.operations.restore_target import CannotRestore


def require_same_key(manifest: Manifest) -> None:
    """Raises CannotRestore where this system would sign the record with another key than before."""
    if manifest.public_key and load_pem_public_key(manifest.public_key.encode()) != public_key():
        raise CannotRestore(
            "The record of changes in this backup is signed with a key that this system does not have, and the backup "
            "does not bring it along. Put the old system's key into EVENHAND_LEDGER_KEY, or its file `ledger_key` into "
            "EVENHAND_VAR, and restore again."
        )


def require_sound_record(manifest: Manifest) -> None:
    report = verify(against=list(manifest.checkpoints.values()))
    if not report.ok:
        fault = report.faults[0]
        where = f"chain {fault.chain}, position {fault.position} {fault.entry_id}".strip()
        raise CannotRestore(f"The record of changes in the backup does not hold: {where}: {fault.what}.")
