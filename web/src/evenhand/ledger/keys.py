"""The key that signs the record: EVENHAND_LEDGER_KEY, or else one made once, in EVENHAND_VAR, for this user alone."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from evenhand.records.made_once import made_once

BYTES = 32


def signing_key() -> Ed25519PrivateKey:
    # The setting is read from the environment by config/settings; without it, the file is the key.
    given = getattr(settings, "EVENHAND_LEDGER_KEY", "") or _kept()
    try:
        secret = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise ImproperlyConfigured(_wrong()) from fault
    if len(secret) != BYTES:
        raise ImproperlyConfigured(_wrong())
    return Ed25519PrivateKey.from_private_bytes(secret)


def public_key() -> Ed25519PublicKey:
    return signing_key().public_key()


def public_pem() -> str:
    return public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _kept() -> str:
    return made_once(Path(settings.VAR) / "ledger_key", lambda: base64.b64encode(os.urandom(BYTES)).decode())


def _wrong() -> str:
    return (
        "EVENHAND_LEDGER_KEY is not a key: give 32 random bytes in base64. "
        'Make one with: python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
    )
