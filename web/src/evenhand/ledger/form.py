"""The canonical form of an entry: the bytes that its fingerprint hashes, and its commitments. Pure functions on text.

docs/how-to/verify-the-record.md explains the form to outsiders, with an example. The form must never change: a new form
would need a new `FORM` identifier, and this one would have to be kept.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

FORM = "evenhand-entry/1"
NOTHING_BEFORE = "0" * 64
SYSTEM = UUID(int=0)  # the chain of entries that belong to no authority
BEFORE_POSITION = ("action", "actor", "at", "authority", "chain", "commitment", "form", "id")
AFTER_PREVIOUS = ("subject_id", "subject_kind")
AT = "%Y-%m-%dT%H:%M:%S.%fZ"


def actor_commitment(blind: str, actor_id: str) -> str:
    """A commitment that does not reveal who acted: the random blind is as long as the hash, so it cannot be guessed."""
    return hashlib.sha256(f"{blind}{actor_id}".encode()).hexdigest()


def payload_commitment(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def parts(fields: Mapping[str, str | None]) -> tuple[str, str]:
    """The canonical form before and after `"position":N,"previous":"H"`, which are not known until the last step."""
    left = {name: fields[name] for name in BEFORE_POSITION}
    right = {name: fields[name] for name in AFTER_PREVIOUS}
    return f'{_json(left)[:-1]},"position":', f'",{_json(right)[1:]}'


def canonical(fields: Mapping[str, str | None], position: int, previous: str) -> bytes:
    left, right = parts(fields)
    return f'{left}{position},"previous":"{previous}{right}'.encode("ascii", "backslashreplace")


def fingerprint(fields: Mapping[str, str | None], position: int, previous: str) -> str:
    """The entry's hash and its leaf in the tree: SHA-256 of a zero byte and the canonical form (RFC 9162)."""
    return hashlib.sha256(b"\x00" + canonical(fields, position, previous)).hexdigest()


def payload_text(content: Mapping[str, Any], encoder: type[json.JSONEncoder]) -> str:
    return json.dumps(
        content,
        cls=encoder,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def _json(value: Mapping[str, str | None]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
