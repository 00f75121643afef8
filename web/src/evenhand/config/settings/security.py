"""Security headers, cookies, request limits and trusted proxies.

`config/production` contains the checks that production adds.
"""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from evenhand.config.settings.environment import PRODUCTION, env, networks, secret

EVENHAND_PRODUCTION = PRODUCTION
_port = env.str("EVENHAND_BIND", default="").rpartition(":")[2]  # where this site listens, unless it is a socket
_default_address = f"http://127.0.0.1:{_port if _port.isdecimal() else 8000}"
EVENHAND_ADDRESS: str = (env.str("EVENHAND_ADDRESS", default="") or _default_address).rstrip("/")
EVENHAND_TRUSTED_PROXIES = networks("EVENHAND_TRUSTED_PROXIES")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # not `no-referrer`: CSRF protection checks Referer if Origin is missing
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
_policy: dict[str, Any] = {
    "default-src": [NONE],
    "style-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # with Strict, people who follow a link in a message would appear signed out
EVENHAND_FORMER_SESSION_COOKIE_NAME = "former-session"  # whose session it was: gives no access
CSRF_COOKIE_HTTPONLY = True  # no script needs it: forms contain the token
CSRF_COOKIE_SAMESITE = "Lax"

_encrypted = urlsplit(EVENHAND_ADDRESS).scheme == "https"
if _encrypted:  # derived from the scheme of the address
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # called within the server or cluster over plain http
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = False  # a decision for the owner of the whole domain
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    EVENHAND_FORMER_SESSION_COOKIE_NAME = "__Host-former-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [EVENHAND_ADDRESS]
    LANGUAGE_COOKIE_SECURE = True
    _policy["upgrade-insecure-requests"] = True
    if EVENHAND_TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _policy}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site needs our files

# Limits on requests. A view that needs more sets its own limit.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # excluding files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # larger files go to a temporary file
FILE_UPLOAD_PERMISSIONS = 0o600
EVENHAND_LARGEST_REQUEST_BYTES = 21_000_000  # the largest file plus the rest of the form
EVENHAND_LONGEST_PATH = 1_000
EVENHAND_LONGEST_QUERY = 4_000

# Rate limits. Each process counts separately (docs/adr/0020), so the limits are divided between processes.
EVENHAND_WEB_PROCESSES = env.int("EVENHAND_WEB_PROCESSES", default=2)
EVENHAND_LIMITS = {
    "requests": env.int("EVENHAND_REQUESTS_A_MINUTE", default=300),
    "forms": env.int("EVENHAND_FORMS_A_MINUTE", default=60),
    "sign-ins": env.int("EVENHAND_SIGN_INS_A_MINUTE", default=60),
    "heavy": env.int("EVENHAND_HEAVY_A_MINUTE", default=60),
}

CSRF_FAILURE_VIEW = "evenhand.public.views.site.csrf_failure"
EVENHAND_LEDGER_KEY = secret("EVENHAND_LEDGER_KEY")  # without one, the ledger creates and stores its own
EVENHAND_METRICS_ALLOWED = networks("EVENHAND_METRICS_ALLOWED")
EVENHAND_METRICS_TOKEN = secret("EVENHAND_METRICS_TOKEN")
EVENHAND_SECURITY_CONTACT: str = env.str("EVENHAND_SECURITY_CONTACT", default="")
EVENHAND_FETCH_ALLOWED = frozenset(host.strip().lower() for host in env.list("EVENHAND_FETCH_ALLOWED", default=[]))
