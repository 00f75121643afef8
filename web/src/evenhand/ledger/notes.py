"""Write, read and verify signed notes in the C2SP `signed-note` and `tlog-checkpoint` formats. Pure functions.

evenhand.record/<chain>
<number of entries>
<root, base64>

— evenhand.record/<chain> <base64 of the key's four-byte id and the Ed25519 signature>
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "evenhand.record/"
ED25519 = b"\x01"
PATTERN = re.compile(
    r"(?P<text>(?P<name>evenhand\.record/[0-9a-f-]{36})\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<root>[A-Za-z0-9+/]{43}=)\n)"
    r"\n(?P<signatures>(?:— [^ +\n]+ [A-Za-z0-9+/=]+\n)+)"
)


class InvalidNote(ValueError):
    """The text is not a checkpoint of a record of changes."""


@dataclass(frozen=True)
class Note:
    chain: UUID
    size: int
    root: bytes
    text: str
    signatures: tuple[tuple[str, bytes], ...]  # name, and key id with signature

    @property
    def name(self) -> str:
        return f"{ORIGIN}{self.chain}"


def write(chain: UUID, size: int, root: bytes, key: Ed25519PrivateKey) -> str:
    name = f"{ORIGIN}{chain}"
    text = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
    signed = key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signed).decode()}\n"


def read(text: str) -> Note:
    match = PATTERN.fullmatch(text.replace("\r\n", "\n").strip() + "\n")
    if match is None:
        raise InvalidNote("This is not a checkpoint. Give the text exactly as the address `checkpoint` returned it.")
    lines = (line.split(" ") for line in match["signatures"].splitlines())
    try:
        signatures = tuple((name, base64.b64decode(signed, validate=True)) for _dash, name, signed in lines)
        chain = UUID(match["name"].removeprefix(ORIGIN))
    except (binascii.Error, ValueError) as error:
        raise InvalidNote("This is not a checkpoint: its last line can't be read.") from error
    return Note(chain, int(match["size"]), base64.b64decode(match["root"]), match["text"], signatures)


def is_signed_by(note: Note, key: Ed25519PublicKey) -> bool:
    """Whether the site's own signature was made with this key. Other signatures (of witnesses) are ignored."""
    ours = [signed for name, signed in note.signatures if name == note.name and signed[:4] == key_id(name, key)]
    try:
        for signed in ours:
            key.verify(signed[4:], note.text.encode())
    except InvalidSignature:
        return False
    return bool(ours)


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:4]
