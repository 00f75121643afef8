"""The canonical form of an entry: the bytes under its fingerprint, and what they commit to. Pure: text in, text out.

docs/how-to/verify-the-record.md says the same to an outsider, with an example. What is written here is for good:
another form would be another `FORM`, beside this one.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

FORM = "evenhand-entry/1"
NOTHING_BEFORE = "0" * 64
SYSTEM = UUID(int=0)  # the chain of what belongs to no authority
BEFORE_POSITION = ("action", "actor", "at", "authority", "chain", "commitment", "form", "id")
AFTER_PREVIOUS = ("subject_id", "subject_kind")
AT = "%Y-%m-%dT%H:%M:%S.%fZ"


def actor_commitment(blind: str, actor_id: str) -> str:
    """Who acted, for those who must not learn it: the blind is as long as the hash, so it can't be guessed at."""
    return hashlib.sha256(f"{blind}{actor_id}".encode()).hexdigest()


def payload_commitment(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def parts(said: Mapping[str, str | None]) -> tuple[str, str]:
    """The canonical form on either side of `"position":N,"previous":"H"`, which a writer learns last."""
    left = {name: said[name] for name in BEFORE_POSITION}
    right = {name: said[name] for name in AFTER_PREVIOUS}
    return f'{_json(left)[:-1]},"position":', f'",{_json(right)[1:]}'


def canonical(said: Mapping[str, str | None], position: int, previous: str) -> bytes:
    left, right = parts(said)
    return f'{left}{position},"previous":"{previous}{right}'.encode("ascii", "backslashreplace")


def fingerprint(said: Mapping[str, str | None], position: int, previous: str) -> str:
    """The entry's own hash, and its leaf in the tree: SHA-256 over a zero byte and the canonical form (RFC 9162)."""
    return hashlib.sha256(b"\x00" + canonical(said, position, previous)).hexdigest()


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
