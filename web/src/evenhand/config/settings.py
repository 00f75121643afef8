"""Settings, all from the environment; what is given here is safe to run on a machine of one's own.

EVENHAND_VAR        where the site keeps its data (default: `var` in the folder it is started from)
EVENHAND_SECRET_KEY the signing key (default: made once, kept in EVENHAND_VAR)
EVENHAND_HOSTS      names it answers to, with commas between
EVENHAND_DEBUG      true shows faults in the browser; never where others can reach it
DATABASE_URL        default: SQLite in EVENHAND_VAR; postgres://… for PostgreSQL
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

env = environ.Env()
PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(env.str("EVENHAND_VAR", default=str(Path.cwd() / "var"))).resolve()


VAR.mkdir(mode=0o700, parents=True, exist_ok=True)  # counts about people are in it: for this user alone


def _secret_key() -> str:
    kept = VAR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text()


SECRET_KEY = env.str("EVENHAND_SECRET_KEY", default="") or _secret_key()
DEBUG = env.bool("EVENHAND_DEBUG", default=False)
ALLOWED_HOSTS = env.list("EVENHAND_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "evenhand.config",
    "evenhand.demonstration",
    "evenhand.public",
    "evenhand.plans",
    "evenhand.releases",
    "evenhand.evidence",
    "evenhand.authorities",
    "evenhand.gates",
    "evenhand.ledger",
    "evenhand.records",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "evenhand.config.urls"
WSGI_APPLICATION = "evenhand.config.wsgi.application"
AUTH_USER_MODEL = "authorities.User"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "evenhand.public.context.site",
            ],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR}/evenhand.sqlite3")}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # a connection serves many requests
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at the start, so it never fails in the middle
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"  # shown; stored as UTC
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EVENHAND_FILE_ROOTS = {"private": VAR / "private", "public": VAR / "public"}
EVENHAND_LARGEST_FILE_BYTES = 20_000_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
