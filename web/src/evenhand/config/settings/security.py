"""What a browser may do with the pages, how much a visitor may send, and whom the site believes.

What production refuses is in `config/production.py`.
"""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from evenhand.config.settings.environment import PRODUCTION, env, networks, secret

EVENHAND_PRODUCTION = PRODUCTION
EVENHAND_ADDRESS: str = env.str("EVENHAND_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")
EVENHAND_TRUSTED_PROXIES = networks("EVENHAND_TRUSTED_PROXIES")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # not `no-referrer`: the protection of forms reads it where Origin is missing
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
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would sign people out who follow a link in a message
CSRF_COOKIE_HTTPONLY = True  # no script reads it: forms carry the token
CSRF_COOKIE_SAMESITE = "Lax"

_encrypted = urlsplit(EVENHAND_ADDRESS).scheme == "https"
if _encrypted:  # all of it follows from the address
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked inside the machine or the cluster, by plain http
    SECURE_HSTS_SECONDS = 63_072_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = False  # for the owner of the whole domain to decide
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [EVENHAND_ADDRESS]
    LANGUAGE_COOKIE_SECURE = True
    _policy["upgrade-insecure-requests"] = True
    if EVENHAND_TRUSTED_PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": _policy}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site's page needs our files

# What a request may bring. Whoever needs more for one page says so there.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # more goes to a temporary file
FILE_UPLOAD_PERMISSIONS = 0o600
EVENHAND_LARGEST_REQUEST_BYTES = 21_000_000  # the largest file, and the form around it
EVENHAND_LONGEST_PATH = 1_000
EVENHAND_LONGEST_QUERY = 4_000

# How often. Each process keeps its own count (docs/adr/0020), so each has its share.
EVENHAND_WEB_PROCESSES = env.int("EVENHAND_WEB_PROCESSES", default=2)
EVENHAND_LIMITS = {
    "requests": env.int("EVENHAND_REQUESTS_A_MINUTE", default=300),
    "forms": env.int("EVENHAND_FORMS_A_MINUTE", default=60),
    "sign-ins": env.int("EVENHAND_SIGN_INS_A_MINUTE", default=60),
    "heavy": env.int("EVENHAND_HEAVY_A_MINUTE", default=60),
}

CSRF_FAILURE_VIEW = "evenhand.public.views.site.form_not_taken"
EVENHAND_LEDGER_KEY = secret("EVENHAND_LEDGER_KEY")  # without one, the ledger makes and keeps its own
EVENHAND_METRICS_ALLOWED = networks("EVENHAND_METRICS_ALLOWED")
EVENHAND_METRICS_TOKEN = secret("EVENHAND_METRICS_TOKEN")
EVENHAND_SECURITY_CONTACT: str = env.str("EVENHAND_SECURITY_CONTACT", default="")
EVENHAND_FETCH_ALLOWED = frozenset(each.strip().lower() for each in env.list("EVENHAND_FETCH_ALLOWED", default=[]))
