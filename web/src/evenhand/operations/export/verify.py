#!/usr/bin/env python3
"""Verifies the record of changes in the folder that contains this program. It needs only Python 3.11.

    python3 verify.py

In every chain, it checks that each entry has the hash of its own content, contains the hash of the entry before it and
has the next position; that its details, if they have not been erased, match the commitment to them; and that every
signed checkpoint matches the entries that it covers. Signatures are checked if the package `cryptography` is installed;
otherwise a message says that they were not.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORMAT = "evenhand-entry/1"
HASHED_FIELDS = (
    "action",
    "actor",
    "at",
    "authority",
    "chain",
    "commitment",
    "form",
    "id",
    "subject_id",
    "subject_kind",
)


def main(folder: Path) -> int:
    errors: list[str] = []
    total = 0
    chains = sorted(folder.glob("*.jsonl"))
    for file in chains:
        entries, error = verify_chain(file, checkpoints(file.with_suffix(".checkpoints.txt")))
        total += entries
        errors += [f"{file.name}: {error}"] if error else []
    errors += verify_signatures(folder)
    print("\n".join(errors) or f"The record of changes is valid: {total} entries in {len(chains)} chains.")
    return 1 if errors else 0


def verify_chain(file: Path, roots: dict[int, bytes]) -> tuple[int, str]:
    """The number of valid entries, and the error in the next one; empty if there is none."""
    edge: list[bytes] = []
    previous, position = "0" * 64, 0
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if error := find_error(entry, position + 1, previous, file.stem):
                return position, f"entry {position + 1}: {error}"
            position, previous = position + 1, entry["entry_hash"]
            edge = add_leaf(edge, position, bytes.fromhex(previous))
            if roots.pop(position, root(edge)) != root(edge):
                return position, f"entry {position}: the checkpoint of {position} entries was signed for other entries"
    return position, f"a checkpoint of {min(roots)} entries was signed, but there are only {position}" if roots else ""


def find_error(entry: dict[str, Any], position: int, previous: str, name: str) -> str:
    if entry["form"] != FORMAT or entry["chain"] != name or entry["position"] != position:
        return "is not in its place in the chain"
    if entry["previous"] != previous:
        return "does not contain the hash of the entry before it"
    if fingerprint(entry) != entry["entry_hash"]:
        return "does not match its own hash"
    if entry["said"] is not None and sha256(entry["salt"] + entry["said"]) != entry["commitment"]:
        return "has details that do not match its commitment"
    return ""


def fingerprint(entry: dict[str, Any]) -> str:
    """SHA-256 of a zero byte and the canonical JSON: sorted names, no spaces, ASCII."""
    fields = {**entry, "actor": sha256(entry["blind"] + entry["actor_id"])}
    hashed = {name: fields[name] for name in (*HASHED_FIELDS, "position", "previous")}
    text = json.dumps(hashed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def add_leaf(edge: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The right edge of the RFC 9162 tree after adding a leaf; `size` includes the new leaf."""
    while size % 2 == 0:
        *edge, left = edge
        leaf, size = hashlib.sha256(b"\x01" + left + leaf).digest(), size // 2
    return [*edge, leaf]


def root(edge: list[bytes]) -> bytes:
    *rest, node = edge
    for left in reversed(rest):
        node = hashlib.sha256(b"\x01" + left + node).digest()
    return node


def notes(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [note for note in text.split("-----\n") if note]


def checkpoints(file: Path) -> dict[int, bytes]:
    """The size and root hash of each checkpoint. The file is empty if none has been signed yet."""
    lines = [note.splitlines() for note in notes(file)]
    return {int(line[1]): base64.b64decode(line[2]) for line in lines}


def verify_signatures(folder: Path) -> list[str]:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - it may not be installed
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415
    except ImportError:
        print("The signatures were not checked. To check them, install the package `cryptography`.")
        return []
    key: Any = load_pem_public_key((folder / "key.pem").read_bytes())
    errors = []
    for file in sorted(folder.glob("*.checkpoints.txt")):
        for note in notes(file):
            text, _, signed = note.partition("\n\n")
            try:
                key.verify(base64.b64decode(signed.split()[-1])[4:], f"{text}\n".encode())
            except InvalidSignature:
                errors.append(
                    f"{file.name}: the checkpoint of {note.splitlines()[1]} entries is not signed with key.pem"
                )
    return errors


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
