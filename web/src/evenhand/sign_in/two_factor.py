"""The allauth MFA adapter: secrets are encrypted in the database, and error messages are ours."""

import base64
import logging
import secrets
from io import BytesIO

import qrcode
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from evenhand.authorities.models import User

log = logging.getLogger(__name__)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The security code is incorrect or has expired. Enter the code shown in your app now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """With a white background, so that a phone can scan it in dark mode."""
        image = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(image)
        return image.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Encrypted with another key. Return a random secret, so that no code is ever accepted.
            log.error("a second factor can't be decrypted: EVENHAND_SECRET_KEY has changed since it was stored")
            return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _position in range(32))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


def passkeys_work(request: HttpRequest) -> bool:
    """A passkey belongs to a domain name: browsers do not create one for an IP address."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return not (host.startswith("[") or host.replace(".", "").isdigit())


def totp_qr_code() -> str | None:
    """The QR code (SVG) of the authenticator app key being set up, or None if none is being set up."""
    key = context.request.session.get("mfa.totp.secret")
    adapter = MFAAdapter()
    return adapter.build_totp_svg(adapter.build_totp_url(context.request.user, key)) if key else None


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(_derive_key(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derive_key(key: str | bytes) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"evenhand second steps").derive(force_bytes(key))
    return base64.urlsafe_b64encode(derived)
