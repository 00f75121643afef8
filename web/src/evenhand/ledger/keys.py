"""The key that signs the record: EVENHAND_LEDGER_KEY, or else one made once, in EVENHAND_VAR, for this user alone."""

import base64
import binascii
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

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
    file = Path(settings.VAR) / "ledger_key"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return _made(file)


def _made(file: Path) -> str:
    """Written whole beside it and then linked, so that of two processes at once both take the same key."""
    own = file.with_name(f"{file.name}.{os.getpid()}")
    with open(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as made:  # noqa: PTH123
        made.write(base64.b64encode(os.urandom(BYTES)).decode())
        made.flush()
        os.fsync(made.fileno())
    try:
        file.hardlink_to(own)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        own.unlink()
    return file.read_text(encoding="ascii").strip()


def _wrong() -> str:
    return (
        "EVENHAND_LEDGER_KEY is not a key: give 32 random bytes in base64. "
        'Make one with: python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
    )
