"""What the environment says. A secret NAME may stand in a file that NAME_FILE points at.

Every name that is read anywhere is declared in `declared.py`: `docs/generated/settings.md` is written from it, and a
test fails on a name that is read and not declared.
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
UNUSABLE: dict[str, str] = {}  # in production, what could not be read: said with every other fault, not before them


def secret(name: str) -> str:
    """The secret itself, or the content of the file that NAME_FILE names; empty where neither is set."""
    file = env.str(f"{name}_FILE", default="")
    if not file:
        return str(env.str(name, default=""))
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not text"
        _unusable(f"{name}_FILE", f"{file} can't be read: {why}.", fault)
        return ""


def networks(name: str) -> tuple[Network, ...]:
    """Addresses and networks, with commas between: 10.0.0.7, 10.1.0.0/16, 2001:db8::/32."""
    found = []
    for each in filter(None, (part.strip() for part in env.list(name, default=[]))):
        try:
            found.append(ip_network(each, strict=False))
        except ValueError as fault:
            _unusable(name, f"“{each}” is no address and no network.", fault)
    return tuple(found)


def _unusable(name: str, says: str, fault: Exception) -> None:
    if not PRODUCTION:
        raise ImproperlyConfigured(f"{name}: {says}") from fault
    UNUSABLE[name] = says
