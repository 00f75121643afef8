"""What is looked at: each look says what is not safe in one setting, and how it is mended."""

import base64
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from evenhand.config.production.faults import Fault
from evenhand.config.settings import environment
from evenhand.config.settings.declared import SETTINGS
from evenhand.config.settings.environment import VAR, env

SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10
PLACEHOLDERS = ("django-insecure", "change-me", "changeme", "secret-key", "example", "password")
TLS = ("require", "verify-ca", "verify-full")
MOUNTED = Path("/run/secrets")  # a container's own: nobody else is in there
HOW_TO_LEDGER_KEY = 'python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
HOW_TO_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'


def unusable() -> Iterator[Fault]:
    for name, says in environment.UNUSABLE.items():
        yield Fault(name, says, "Correct it; docs/generated/settings.md says what it may be.")


def debug() -> Iterator[Fault]:
    if settings.DEBUG:
        yield Fault("EVENHAND_DEBUG", "faults would show visitors what is in memory.", "Leave it out, or set it false.")


def secret_key() -> Iterator[Fault]:
    key = environment.secret("EVENHAND_SECRET_KEY")
    mend = f"Keep it in a file that EVENHAND_SECRET_KEY_FILE names; make it with: {HOW_TO_KEY}"
    if not key:
        yield Fault("EVENHAND_SECRET_KEY", "no key is given.", mend)
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield Fault("EVENHAND_SECRET_KEY", "the key is too short or too simple to be safe.", mend)
    elif any(word in key.lower() for word in PLACEHOLDERS):
        yield Fault("EVENHAND_SECRET_KEY", "the key is an example, which others know.", mend)


def hosts() -> Iterator[Fault]:
    mend = "Name each host in full: EVENHAND_HOSTS=equality.example.gov.uk"
    if not env.list("EVENHAND_HOSTS", default=[]):
        yield Fault("EVENHAND_HOSTS", "it is not said which names the site answers to.", mend)
    elif any("*" in host for host in settings.ALLOWED_HOSTS):
        yield Fault("EVENHAND_HOSTS", "any name is answered, so links in messages can be forged.", mend)


def address() -> Iterator[Fault]:
    parts = urlsplit(settings.EVENHAND_ADDRESS)
    mend = "Give the address that people use: EVENHAND_ADDRESS=https://equality.example.gov.uk"
    if parts.scheme != "https" or not parts.hostname:
        yield Fault("EVENHAND_ADDRESS", "it is not https, so passwords and figures could be read on the way.", mend)
    elif parts.path or parts.query or parts.username:
        yield Fault("EVENHAND_ADDRESS", "it is more than https:// and a name.", mend)
    elif not (settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        yield Fault("EVENHAND_ADDRESS", "your own settings undo what follows from https.", "Take those lines out.")


def proxies() -> Iterator[Fault]:
    mend = "Name the proxy that ends TLS, by its address or network: EVENHAND_TRUSTED_PROXIES=127.0.0.1"
    if not settings.EVENHAND_TRUSTED_PROXIES and "EVENHAND_TRUSTED_PROXIES" not in environment.UNUSABLE:
        yield Fault("EVENHAND_TRUSTED_PROXIES", "the site can't know that a request came by https.", mend)
    elif any(network.prefixlen == 0 for network in settings.EVENHAND_TRUSTED_PROXIES):
        yield Fault("EVENHAND_TRUSTED_PROXIES", "anybody's word is taken for who they are.", mend)


def second_factor() -> Iterator[Fault]:
    if not env.bool("EVENHAND_SECOND_FACTOR_REQUIRED", default=True):
        says = "a stolen password would be enough to see unprotected figures."
        yield Fault("EVENHAND_SECOND_FACTOR_REQUIRED", says, "Leave it out, or set it true.")


def ledger_key() -> Iterator[Fault]:
    given = environment.secret("EVENHAND_LEDGER_KEY")
    mend = f"Name its file in EVENHAND_LEDGER_KEY_FILE, keep a copy elsewhere; make it with: {HOW_TO_LEDGER_KEY}"
    if not given:
        says = "without a key of its own, whoever can change the database can sign a forged record of changes."
        yield Fault("EVENHAND_LEDGER_KEY", says, mend)
    elif not _bytes(given, 32):
        yield Fault("EVENHAND_LEDGER_KEY", "it is not 32 bytes in base64.", mend)


def _bytes(text: str, length: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == length
    except ValueError:
        return False


def mail() -> Iterator[Fault]:
    given = environment.secret("EVENHAND_MAIL")
    mend = "EVENHAND_MAIL=smtp://user:password@host:587 – or EVENHAND_MAIL=files, if somebody sends them on."
    if not given:
        yield Fault("EVENHAND_MAIL", "it is not said how messages leave; invitations would stay in files here.", mend)
    elif "tls=none" in given and not _local(urlsplit(given).hostname):
        yield Fault("EVENHAND_MAIL", "messages and the password would travel unencrypted.", mend)


def contact() -> Iterator[Fault]:
    if not settings.EVENHAND_SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
        says = "whoever finds a weakness can't tell you (security.txt)."
        yield Fault("EVENHAND_SECURITY_CONTACT", says, "EVENHAND_SECURITY_CONTACT=mailto:security@example.gov.uk")


def database() -> Iterator[Fault]:
    asked = settings.DATABASES["default"]
    options = asked.get("OPTIONS", {})
    host = asked.get("HOST") or options.get("host", "")
    if asked["ENGINE"].endswith("postgresql") and not _local(host) and options.get("sslmode") not in TLS:
        says = f"the way to {host} is not encrypted."
        yield Fault("DATABASE_URL", says, "Add ?sslmode=verify-full&sslrootcert=… (at the least sslmode=require).")


def _local(host: str | None) -> bool:
    """On this machine: no host, a socket's folder, or loopback."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def closed_folder() -> Iterator[Fault]:
    if VAR.exists() and VAR.stat().st_mode & 0o007:
        yield Fault("EVENHAND_VAR", "any user of the machine can look into it.", f"chmod 700 {VAR}")


def closed_secrets() -> Iterator[Fault]:
    for setting in SETTINGS:
        file = env.str(f"{setting.name}_FILE", default="") if setting.secret else ""
        if file and _open_to_all(Path(file)):
            yield Fault(f"{setting.name}_FILE", "any user of the machine can read it.", f"chmod 600 {file}")


def _open_to_all(file: Path) -> bool:
    path = file.absolute()
    if path.is_relative_to(MOUNTED) or not path.exists() or not path.stat().st_mode & 0o004:
        return False
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def metrics() -> Iterator[Fault]:
    if any(network.prefixlen == 0 for network in settings.EVENHAND_METRICS_ALLOWED):
        mend = "Name the address of your monitoring, or give a token."
        yield Fault("EVENHAND_METRICS_ALLOWED", "everybody may read the metrics.", mend)


LOOKS: tuple[Callable[[], Iterator[Fault]], ...] = (
    unusable,
    debug,
    secret_key,
    hosts,
    address,
    proxies,
    second_factor,
    ledger_key,
    mail,
    contact,
    database,
    closed_folder,
    closed_secrets,
    metrics,
)
