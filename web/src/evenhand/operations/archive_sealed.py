"""A file sealed with a passphrase: AES-256-GCM over pieces, the key worked out from the passphrase by scrypt.

Each piece is bound by its nonce to its place and to whether it is the last, and by what is proved with it to the head
of the file. So a piece that is changed, moved, repeated or missing at the end is found; and pieces can be read in any
order.

    head: magic, cost of scrypt, salt, start of the nonce, check of the passphrase
    piece: 64 KiB sealed, and 16 bytes that prove it
"""

import io
import secrets
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"EVENHAND SEALED 1\n"
PIECE, PROOF = 65_536, 16
SALT, START, CHECK = 16, 7, 16
HEAD = len(MAGIC) + 1 + SALT + START + CHECK
COST, DEAREST = (
    17,
    20,
)  # 2**17 blocks are 128 MB and a third of a second; a head that asks for more than a GB is refused


class Unreadable(ValueError):
    """The file can't be trusted or opened: the message says why."""


class WrongPassphrase(Unreadable):
    """The passphrase is not the one that the file was sealed with."""


@dataclass(frozen=True)
class _Key:
    head: bytes
    start: bytes
    cipher: AESGCM

    def nonce(self, place: int, last: bool) -> bytes:
        return self.start + place.to_bytes(4) + bytes([last])


def is_sealed(stream: BinaryIO) -> bool:
    found = stream.read(len(MAGIC)) == MAGIC
    stream.seek(0)
    return found


class Sealing(io.RawIOBase):
    """Seals what is written to it. Until `finish` the file is no whole one, and is refused when it is read."""

    def __init__(self, into: BinaryIO, passphrase: str, cost: int = COST) -> None:
        self._into, self._held, self._place = into, bytearray(), 0
        self._key = _new_key(passphrase, cost)
        into.write(self._key.head)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        while len(self._held) > PIECE:  # the last piece waits for `finish`, even when it is full
            self._seal(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return len(data)

    def finish(self) -> None:
        self._seal(bytes(self._held), last=True)
        self._held.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._into.write(self._key.cipher.encrypt(self._key.nonce(self._place, last), piece, self._key.head))
        self._place += 1


class Unsealed(io.RawIOBase):
    """Reads a sealed file as if it were open. Nothing of a piece is given out before the piece is proved."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source, self._at = source, 0
        self._key = _key_of(source.read(HEAD), passphrase)
        sealed = source.seek(0, io.SEEK_END) - HEAD
        self._pieces = max(1, -(-sealed // (PIECE + PROOF)))
        self._size = sealed - self._pieces * PROOF
        self._held: tuple[int, bytes] = (-1, b"")
        self._piece(self._pieces - 1)  # a file that was cut short has no last piece

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def readinto(self, into: bytearray) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        place, skip = divmod(self._at, PIECE)
        found = self._piece(place)[skip : skip + len(into)]
        into[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _piece(self, place: int) -> bytes:
        if self._held[0] != place:
            self._source.seek(HEAD + place * (PIECE + PROOF))
            sealed, last = self._source.read(PIECE + PROOF), place == self._pieces - 1
            try:
                self._held = place, self._key.cipher.decrypt(self._key.nonce(place, last), sealed, self._key.head)
            except (InvalidTag, ValueError) as fault:
                raise Unreadable(
                    "The file has been changed or cut short since it was written. Take another copy of it."
                ) from fault
        return self._held[1]


def _new_key(passphrase: str, cost: int) -> _Key:
    salt, start = secrets.token_bytes(SALT), secrets.token_bytes(START)
    key, check = _derived(passphrase, salt, cost)
    return _Key(MAGIC + bytes([cost]) + salt + start + check, start, AESGCM(key))


def _key_of(head: bytes, passphrase: str) -> _Key:
    if len(head) < HEAD or not head.startswith(MAGIC):
        raise Unreadable("The file is not a sealed backup, or has been cut short.")
    rest = head[len(MAGIC) :]
    cost, salt = rest[0], rest[1 : 1 + SALT]
    start, check = rest[1 + SALT : 1 + SALT + START], rest[1 + SALT + START :]
    if not 1 <= cost <= DEAREST:
        raise Unreadable("The head of the file has been changed since it was written. Take another copy of it.")
    key, expected = _derived(passphrase, salt, cost)
    if not secrets.compare_digest(check, expected):
        raise WrongPassphrase("The passphrase is not the one that this backup was sealed with.")
    return _Key(head, start, AESGCM(key))


def _derived(passphrase: str, salt: bytes, cost: int) -> tuple[bytes, bytes]:
    """The key, and a check by which a wrong passphrase is told from a damaged file."""
    derived = Scrypt(salt=salt, length=32 + CHECK, n=2**cost, r=8, p=1).derive(passphrase.encode())
    return derived[:32], derived[32:]
