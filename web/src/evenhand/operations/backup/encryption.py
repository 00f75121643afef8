"""Encryption with a passphrase: AES-256-GCM in chunks, with a key derived from the passphrase by scrypt.

The nonce of each chunk contains its position and whether it is the last one, and the header is authenticated with every
chunk. A chunk that is changed, moved, repeated or missing is therefore detected, and chunks can be read in any order.

    header: magic, scrypt cost, salt, nonce prefix, passphrase check
    chunk: 64 KiB of ciphertext and a 16-byte authentication tag
"""

import io
import secrets
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"EVENHAND SEALED 1\n"
CHUNK_SIZE, TAG_SIZE = 65_536, 16
SALT_SIZE, NONCE_PREFIX_SIZE, CHECK_SIZE = 16, 7, 16
HEADER_SIZE = len(MAGIC) + 1 + SALT_SIZE + NONCE_PREFIX_SIZE + CHECK_SIZE
SCRYPT_COST = 17  # 2**17 blocks take 128 MB and a third of a second
MAX_SCRYPT_COST = 20  # a header that would need more than 1 GB is refused


class UnreadableBackup(ValueError):
    """The file can't be opened or trusted; the message gives the reason."""


class WrongPassphrase(UnreadableBackup):
    """The passphrase is not the one that the file was encrypted with."""


@dataclass(frozen=True)
class _Key:
    header: bytes
    nonce_prefix: bytes
    cipher: AESGCM

    def nonce(self, position: int, last: bool) -> bytes:
        return self.nonce_prefix + position.to_bytes(4) + bytes([last])


def is_encrypted(stream: BinaryIO) -> bool:
    has_magic = stream.read(len(MAGIC)) == MAGIC
    stream.seek(0)
    return has_magic


class EncryptingWriter(io.RawIOBase):
    """Encrypts what is written to it. Until `finish` is called the file is incomplete, and reading it fails."""

    def __init__(self, output: BinaryIO, passphrase: str, cost: int = SCRYPT_COST) -> None:
        self._output, self._buffer, self._position = output, bytearray(), 0
        self._key = _new_key(passphrase, cost)
        output.write(self._key.header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._buffer += data
        while len(self._buffer) > CHUNK_SIZE:  # the last chunk is written by `finish`, even when it is full
            self._encrypt(bytes(self._buffer[:CHUNK_SIZE]), last=False)
            del self._buffer[:CHUNK_SIZE]
        return len(data)

    def finish(self) -> None:
        self._encrypt(bytes(self._buffer), last=True)
        self._buffer.clear()

    def _encrypt(self, chunk: bytes, *, last: bool) -> None:
        self._output.write(self._key.cipher.encrypt(self._key.nonce(self._position, last), chunk, self._key.header))
        self._position += 1


class DecryptingReader(io.RawIOBase):
    """Reads an encrypted file as plain bytes. A chunk is authenticated before any of it is returned."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source, self._offset = source, 0
        self._key = _key_from_header(source.read(HEADER_SIZE), passphrase)
        encrypted_size = source.seek(0, io.SEEK_END) - HEADER_SIZE
        self._chunk_count = max(1, -(-encrypted_size // (CHUNK_SIZE + TAG_SIZE)))
        self._size = encrypted_size - self._chunk_count * TAG_SIZE
        self._cached: tuple[int, bytes] = (-1, b"")
        self._chunk(self._chunk_count - 1)  # a file that was cut short has no last chunk

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._offset = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._size}[whence]
        return self._offset

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        if self._offset >= self._size:
            return 0
        position, skip = divmod(self._offset, CHUNK_SIZE)
        data = self._chunk(position)[skip : skip + len(buffer)]
        buffer[: len(data)] = data
        self._offset += len(data)
        return len(data)

    def _chunk(self, position: int) -> bytes:
        if self._cached[0] != position:
            self._source.seek(HEADER_SIZE + position * (CHUNK_SIZE + TAG_SIZE))
            encrypted, last = self._source.read(CHUNK_SIZE + TAG_SIZE), position == self._chunk_count - 1
            nonce = self._key.nonce(position, last)
            try:
                self._cached = position, self._key.cipher.decrypt(nonce, encrypted, self._key.header)
            except (InvalidTag, ValueError) as error:
                raise UnreadableBackup(
                    "The file has been changed or cut short since it was written. Use another copy of it."
                ) from error
        return self._cached[1]


def _new_key(passphrase: str, cost: int) -> _Key:
    salt, nonce_prefix = secrets.token_bytes(SALT_SIZE), secrets.token_bytes(NONCE_PREFIX_SIZE)
    key, check = _derive_key(passphrase, salt, cost)
    return _Key(MAGIC + bytes([cost]) + salt + nonce_prefix + check, nonce_prefix, AESGCM(key))


def _key_from_header(header: bytes, passphrase: str) -> _Key:
    if len(header) < HEADER_SIZE or not header.startswith(MAGIC):
        raise UnreadableBackup("The file is not an encrypted backup, or has been cut short.")
    fields = header[len(MAGIC) :]
    cost, salt = fields[0], fields[1 : 1 + SALT_SIZE]
    nonce_end = 1 + SALT_SIZE + NONCE_PREFIX_SIZE
    nonce_prefix, check = fields[1 + SALT_SIZE : nonce_end], fields[nonce_end:]
    if not 1 <= cost <= MAX_SCRYPT_COST:
        raise UnreadableBackup("The file header has been changed since it was written. Use another copy of the file.")
    key, expected = _derive_key(passphrase, salt, cost)
    if not secrets.compare_digest(check, expected):
        raise WrongPassphrase("The passphrase is not the one that this backup was encrypted with.")
    return _Key(header, nonce_prefix, AESGCM(key))


def _derive_key(passphrase: str, salt: bytes, cost: int) -> tuple[bytes, bytes]:
    """The key, and a check value that distinguishes a wrong passphrase from a damaged file."""
    derived = Scrypt(salt=salt, length=32 + CHECK_SIZE, n=2**cost, r=8, p=1).derive(passphrase.encode())
    return derived[:32], derived[32:]
