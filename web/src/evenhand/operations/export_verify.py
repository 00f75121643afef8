#!/usr/bin/env python3
"""Goes over the record of changes in the folder that this program stands in. It needs Python 3.11 and nothing else.

    python3 verify.py

For every chain: each entry gives its own fingerprint, names the one before it and stands at the next position; what it
said, where that was not erased, is what it committed to; and every signed statement is true of the entries that it
covers. The signatures are checked where the package `cryptography` is installed; otherwise that is said.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORM = "evenhand-entry/1"
SAID = ("action", "actor", "at", "authority", "chain", "commitment", "form", "id", "subject_id", "subject_kind")


def main(folder: Path) -> int:
    faults: list[str] = []
    total = 0
    chains = sorted(folder.glob("*.jsonl"))
    for file in chains:
        entries, fault = chain(file, statements(file.with_suffix(".checkpoints.txt")))
        total += entries
        faults += [f"{file.name}: {fault}"] if fault else []
    faults += signatures(folder)
    print("\n".join(faults) or f"The record holds: {total} entries in {len(chains)} chains.")
    return 1 if faults else 0


def chain(file: Path, stated: dict[int, bytes]) -> tuple[int, str]:
    """How many entries are sound, and what is wrong with the next; empty where nothing is."""
    edge: list[bytes] = []
    before, position = "0" * 64, 0
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if fault := wrong_with(entry, position + 1, before, file.stem):
                return position, f"entry {position + 1}: {fault}"
            position, before = position + 1, entry["entry_hash"]
            edge = grown(edge, position, bytes.fromhex(before))
            if stated.pop(position, root(edge)) != root(edge):
                return position, f"entry {position}: the statement of {position} entries was signed for others"
    return position, f"the statement of {min(stated)} entries was signed, and there are {position}" if stated else ""


def wrong_with(entry: dict[str, Any], position: int, before: str, name: str) -> str:
    if entry["form"] != FORM or entry["chain"] != name or entry["position"] != position:
        return "does not stand in its place"
    if entry["previous"] != before:
        return "does not name the entry before it"
    if fingerprint(entry) != entry["entry_hash"]:
        return "does not give its own fingerprint"
    if entry["said"] is not None and sha256(entry["salt"] + entry["said"]) != entry["commitment"]:
        return "did not say what is written here"
    return ""


def fingerprint(entry: dict[str, Any]) -> str:
    """SHA-256 over a zero byte and the canonical form: sorted names, no spaces, ASCII."""
    said = {**entry, "actor": sha256(entry["blind"] + entry["actor_id"])}
    chosen = {name: said[name] for name in (*SAID, "position", "previous")}
    text = json.dumps(chosen, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def grown(edge: list[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The right edge of the tree of RFC 9162 with one leaf more; `size` counts the leaf."""
    while size % 2 == 0:
        *edge, left = edge
        leaf, size = hashlib.sha256(b"\x01" + left + leaf).digest(), size // 2
    return [*edge, leaf]


def root(edge: list[bytes]) -> bytes:
    *rest, found = edge
    for left in reversed(rest):
        found = hashlib.sha256(b"\x01" + left + found).digest()
    return found


def notes(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return [note for note in text.split("-----\n") if note]


def statements(file: Path) -> dict[int, bytes]:
    """Size and root of each. An empty file is a chain about which nothing was signed yet."""
    lines = [note.splitlines() for note in notes(file)]
    return {int(line[1]): base64.b64decode(line[2]) for line in lines}


def signatures(folder: Path) -> list[str]:
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - it may not be there
        from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415
    except ImportError:
        print("The signatures were not checked: that takes the package `cryptography`.")
        return []
    key: Any = load_pem_public_key((folder / "key.pem").read_bytes())
    faults = []
    for file in sorted(folder.glob("*.checkpoints.txt")):
        for note in notes(file):
            text, _, signed = note.partition("\n\n")
            try:
                key.verify(base64.b64decode(signed.split()[-1])[4:], f"{text}\n".encode())
            except InvalidSignature:
                faults.append(
                    f"{file.name}: the statement of {note.splitlines()[1]} entries is not signed with key.pem"
                )
    return faults


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent))
