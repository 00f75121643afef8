"""The key that signs the ledger: EVENHAND_LEDGER_KEY, or a key created once in EVENHAND_VAR for this user only."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from evenhand.records.secret_file import read_or_create

BYTES = 32


def signing_key() -> Ed25519PrivateKey:
    # config/settings reads the setting from the environment; without it, the key is in the file.
    encoded = getattr(settings, "EVENHAND_LEDGER_KEY", "") or _key_in_file()
    try:
        secret = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(_invalid_key_message()) from error
    if len(secret) != BYTES:
        raise ImproperlyConfigured(_invalid_key_message())
    return Ed25519PrivateKey.from_private_bytes(secret)


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def public_pem() -> str:
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _key_in_file() -> str:
    return read_or_create(Path(settings.VAR) / "ledger_key", lambda: base64.b64encode(os.urandom(BYTES)).decode())


def _invalid_key_message() -> str:
    return (
        "EVENHAND_LEDGER_KEY is not a valid key: give 32 random bytes in base64. "
        'Create one with: python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
    )
