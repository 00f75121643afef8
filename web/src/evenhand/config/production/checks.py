"""The checks: each reports what is not safe in one setting, and how to fix it."""

import base64
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from evenhand.config.production.problems import SettingProblem
from evenhand.config.settings import environment
from evenhand.config.settings.declared import SETTINGS
from evenhand.config.settings.environment import VAR, env

SHORTEST_KEY, FEWEST_CHARACTERS = 50, 10
PLACEHOLDERS = ("django-insecure", "change-me", "changeme", "secret-key", "example", "password")
TLS = ("require", "verify-ca", "verify-full")
CONTAINER_SECRETS = Path("/run/secrets")  # mounted into the container, where there are no other users
HOW_TO_MAKE_LEDGER_KEY = 'python3 -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'
HOW_TO_MAKE_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'


def unreadable() -> Iterator[SettingProblem]:
    for name, reason in environment.UNUSABLE.items():
        yield SettingProblem(name, reason, "Correct it; docs/generated/settings.md lists the values allowed.")


def debug() -> Iterator[SettingProblem]:
    if settings.DEBUG:
        reason = "error pages would show visitors the program's internal data."
        yield SettingProblem("EVENHAND_DEBUG", reason, "Leave it out, or set it to false.")


def secret_key() -> Iterator[SettingProblem]:
    key = environment.secret("EVENHAND_SECRET_KEY")
    fix = f"Store it in a file that EVENHAND_SECRET_KEY_FILE names; create it with: {HOW_TO_MAKE_KEY}"
    if not key:
        yield SettingProblem("EVENHAND_SECRET_KEY", "it is missing.", fix)
    elif len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        yield SettingProblem("EVENHAND_SECRET_KEY", "the key is too short or too simple to be safe.", fix)
    elif any(word in key.lower() for word in PLACEHOLDERS):
        yield SettingProblem("EVENHAND_SECRET_KEY", "the key is a publicly known example.", fix)


def hosts() -> Iterator[SettingProblem]:
    fix = "Give each host name in full: EVENHAND_HOSTS=equality.example.gov.uk"
    if not env.list("EVENHAND_HOSTS", default=[]):
        yield SettingProblem("EVENHAND_HOSTS", "the site's host names are missing.", fix)
    elif any("*" in host for host in settings.ALLOWED_HOSTS):
        yield SettingProblem("EVENHAND_HOSTS", "any host name is accepted, so links in messages can be forged.", fix)


def address() -> Iterator[SettingProblem]:
    parts = urlsplit(settings.EVENHAND_ADDRESS)
    fix = "Give the address that people use: EVENHAND_ADDRESS=https://equality.example.gov.uk"
    if parts.scheme != "https" or not parts.hostname:
        reason = "it is not https, so passwords and figures could be read in transit."
        yield SettingProblem("EVENHAND_ADDRESS", reason, fix)
    elif parts.path or parts.query or parts.username:
        yield SettingProblem("EVENHAND_ADDRESS", "it contains more than https:// and a host name.", fix)
    elif not (settings.SECURE_SSL_REDIRECT and settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        reason = "your own settings override the security settings for https."
        yield SettingProblem("EVENHAND_ADDRESS", reason, "Remove those settings.")


def proxies() -> Iterator[SettingProblem]:
    fix = "Give the address or network of the proxy that terminates TLS: EVENHAND_TRUSTED_PROXIES=127.0.0.1"
    if not settings.EVENHAND_TRUSTED_PROXIES and "EVENHAND_TRUSTED_PROXIES" not in environment.UNUSABLE:
        reason = "without it the site cannot tell that a request was made over https."
        yield SettingProblem("EVENHAND_TRUSTED_PROXIES", reason, fix)
    elif any(network.prefixlen == 0 for network in settings.EVENHAND_TRUSTED_PROXIES):
        yield SettingProblem("EVENHAND_TRUSTED_PROXIES", "every client could forge its address.", fix)


def second_factor() -> Iterator[SettingProblem]:
    if not env.bool("EVENHAND_SECOND_FACTOR_REQUIRED", default=True):
        reason = "a stolen password would be enough to see unprotected figures."
        yield SettingProblem("EVENHAND_SECOND_FACTOR_REQUIRED", reason, "Leave it out, or set it to true.")


def ledger_key() -> Iterator[SettingProblem]:
    key = environment.secret("EVENHAND_LEDGER_KEY")
    fix = (
        f"Name its file in EVENHAND_LEDGER_KEY_FILE and keep a copy elsewhere; create it with: {HOW_TO_MAKE_LEDGER_KEY}"
    )
    if not key:
        reason = "without a separate key, anyone who can change the database can sign a forged record of changes."
        yield SettingProblem("EVENHAND_LEDGER_KEY", reason, fix)
    elif not _is_base64(key, 32):
        yield SettingProblem("EVENHAND_LEDGER_KEY", "it is not 32 bytes in base64.", fix)


def _is_base64(text: str, length: int) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == length
    except ValueError:
        return False


def mail() -> Iterator[SettingProblem]:
    server = environment.secret("EVENHAND_MAIL")
    fix = "EVENHAND_MAIL=smtp://user:password@host:587 – or EVENHAND_MAIL=files, if someone forwards the messages."
    if not server:
        reason = "it is missing, so invitations would be written to files on this server and not sent."
        yield SettingProblem("EVENHAND_MAIL", reason, fix)
    elif "tls=none" in server and not _is_local(urlsplit(server).hostname):
        yield SettingProblem("EVENHAND_MAIL", "messages and the password would be sent unencrypted.", fix)


def contact() -> Iterator[SettingProblem]:
    if not settings.EVENHAND_SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")):
        reason = "people who find a vulnerability have no way to report it (security.txt)."
        fix = "EVENHAND_SECURITY_CONTACT=mailto:security@example.gov.uk"
        yield SettingProblem("EVENHAND_SECURITY_CONTACT", reason, fix)


def database() -> Iterator[SettingProblem]:
    config = settings.DATABASES["default"]
    options = config.get("OPTIONS", {})
    host = config.get("HOST") or options.get("host", "")
    if config["ENGINE"].endswith("postgresql") and not _is_local(host) and options.get("sslmode") not in TLS:
        fix = "Add ?sslmode=verify-full&sslrootcert=… (or at least sslmode=require)."
        yield SettingProblem("DATABASE_URL", f"the connection to {host} is not encrypted.", fix)


def _is_local(host: str | None) -> bool:
    """Whether the host is this machine: no host, the folder of a socket, or a loopback address."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def folder_permissions() -> Iterator[SettingProblem]:
    if VAR.exists() and VAR.stat().st_mode & 0o007:
        yield SettingProblem("EVENHAND_VAR", "other users of this machine can access it.", f"chmod 700 {VAR}")


def secret_file_permissions() -> Iterator[SettingProblem]:
    for setting in SETTINGS:
        file = env.str(f"{setting.name}_FILE", default="") if setting.secret else ""
        if file and _is_world_readable(Path(file)):
            reason = "other users of this machine can read it."
            yield SettingProblem(f"{setting.name}_FILE", reason, f"chmod 600 {file}")


def _is_world_readable(file: Path) -> bool:
    path = file.absolute()
    if path.is_relative_to(CONTAINER_SECRETS) or not path.exists() or not path.stat().st_mode & 0o004:
        return False
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)


def metrics() -> Iterator[SettingProblem]:
    if any(network.prefixlen == 0 for network in settings.EVENHAND_METRICS_ALLOWED):
        fix = "Give the address of your monitoring system, or use a token instead."
        yield SettingProblem("EVENHAND_METRICS_ALLOWED", "anyone may read the metrics.", fix)


CHECKS: tuple[Callable[[], Iterator[SettingProblem]], ...] = (
    unreadable,
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
    folder_permissions,
    secret_file_permissions,
    metrics,
)
