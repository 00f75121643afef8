"""Encryption of kept content: AES-256-GCM with a key derived from SECRET_KEY, bound to the row and the person."""

import json
import secrets
import zlib
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_SIZE = 12


def encrypt(content: dict[str, Any], *, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_SIZE)
    packed = zlib.compress(json.dumps(content, ensure_ascii=False).encode())
    return nonce + _cipher().encrypt(nonce, packed, bound_to.encode())


def decrypt(encrypted: bytes, *, bound_to: str) -> dict[str, Any] | None:
    """None if it was encrypted with another key, for another row or person, or was changed since."""
    try:
        packed = _cipher().decrypt(encrypted[:NONCE_SIZE], encrypted[NONCE_SIZE:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None
    content: dict[str, Any] = json.loads(zlib.decompress(packed))
    return content


def _cipher() -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"evenhand kept content")
    return AESGCM(derived.derive(settings.SECRET_KEY.encode()))
