"""Read the environment. A secret NAME can also be given in a file named by NAME_FILE.

Every name that is read anywhere must be declared in `declared.py`, from which `docs/generated/settings.md` is written.
A test fails if a name is read but not declared.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

Network = IPv4Network | IPv6Network

env = environ.Env()
PACKAGE = Path(__file__).resolve().parents[2]
VAR = Path(env.str("EVENHAND_VAR", default=str(Path.cwd() / "var"))).resolve()
PRODUCTION: bool = env.bool("EVENHAND_PRODUCTION", default=False)
UNUSABLE: dict[
    str, str
] = {}  # in production, settings that could not be read, to be reported together with all other problems


def secret(name: str) -> str:
    """The secret itself, or the content of the file that NAME_FILE names; empty if neither is set."""
    file = env.str(f"{name}_FILE", default="")
    if not file:
        return str(env.str(name, default=""))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        _report_unusable(f"{name}_FILE", f"{file} can't be read: {reason}.", error)
        return ""


def networks(name: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas: 10.0.0.7, 10.1.0.0/16, 2001:db8::/32."""
    parsed = []
    for text in filter(None, (part.strip() for part in env.list(name, default=[]))):
        try:
            parsed.append(ip_network(text, strict=False))
        except ValueError as error:
            _report_unusable(name, f"“{text}” is not an IP address or network.", error)
    return tuple(parsed)


def _report_unusable(name: str, reason: str, error: Exception) -> None:
    if not PRODUCTION:
        raise ImproperlyConfigured(f"{name}: {reason}") from error
    UNUSABLE[name] = reason
