"""Parse the address in EVENHAND_MAIL into Django's settings for e-mail."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

FILES = "evenhand.notifications.mail_files.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {"starttls": 587, "implicit": 465, "none": 25}
FIX = "Give `files`, or smtp://user:password@host:587?tls=starttls (or tls=implicit, tls=none)."


def mail(address: str) -> dict[str, Any]:
    """The settings by name. Error messages do not repeat the address, because it contains a password."""
    if address == "files":
        return {"EMAIL_BACKEND": FILES}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"EVENHAND_MAIL is not a valid address. {FIX}") from error
    options = parse_qs(parts.query)
    tls = options.pop("tls", ["starttls"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in PORTS or options or parts.path.strip("/"):
        raise ImproperlyConfigured(f"EVENHAND_MAIL is not a valid address. {FIX}")
    return {
        "EMAIL_BACKEND": SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or PORTS[tls],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "implicit",
    }
