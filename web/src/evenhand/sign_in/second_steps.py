"""How allauth treats second steps here: the keys are encrypted where they are kept, and named in plain words."""

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


class SecondSteps(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code is not right, or its half minute is over. Type the one that shows now."),
    }

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a telephone reads it in the dark too."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # Another key than it was written with: no code fits then, and none can be guessed.
            log.error("a second step can't be read: EVENHAND_SECRET_KEY is not the one that it was kept with")
            return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _place in range(32))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}


def passkeys_work(request: HttpRequest) -> bool:
    """A passkey belongs to a name: at an address of figures alone no browser makes one."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return not (host.startswith("[") or host.replace(".", "").isdigit())


def picture_of_key() -> str | None:
    """The key that is being set up, for a telephone's camera; None when none is."""
    key = context.request.session.get("mfa.totp.secret")
    adapter = SecondSteps()
    return adapter.build_totp_svg(adapter.build_totp_url(context.request.user, key)) if key else None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str | bytes) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=b"evenhand second steps").derive(force_bytes(key))
    return base64.urlsafe_b64encode(derived)
