"""The basic configuration of the site: apps, middleware, database, languages and files."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from evenhand.config.settings.environment import PACKAGE, PRODUCTION, VAR, env, secret
from evenhand.records.secret_file import read_or_create

VAR.mkdir(mode=0o700, parents=True, exist_ok=True)  # it contains counts about people, so only this user may read it

# required in production, so that every process and server uses the same key and backups do not contain it
SECRET_KEY = secret("EVENHAND_SECRET_KEY") or (
    "" if PRODUCTION else read_or_create(VAR / "secret_key", get_random_secret_key)
)
DEBUG = env.bool("EVENHAND_DEBUG", default=False)
ALLOWED_HOSTS = env.list("EVENHAND_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "evenhand.config",
    "evenhand.demonstration",
    "evenhand.operations",
    "evenhand.public",
    "evenhand.plans",
    "evenhand.releases",
    "evenhand.evidence",
    "evenhand.action_plan",
    "evenhand.organisation",
    "evenhand.registers",
    "evenhand.privacy",
    "evenhand.sign_in",
    "evenhand.clock",
    "evenhand.authorities",
    "evenhand.notifications",
    "evenhand.gates",
    "evenhand.ledger",
    "evenhand.page_cache",
    "evenhand.records",
    "evenhand.modules",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "evenhand.config.middleware.proxies.TrustedProxyMiddleware",
    "evenhand.config.middleware.request_log.RequestLogMiddleware",
    "evenhand.config.middleware.security_headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "evenhand.config.middleware.well_formed.WellFormedRequestMiddleware",
    "evenhand.config.middleware.rate_limit.RateLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "evenhand.sign_in.kept.middleware.KeptFormMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # pages are for staff unless marked otherwise
    "allauth.account.middleware.AccountMiddleware",
    "evenhand.sign_in.middleware.SessionExpiryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "evenhand.sign_in.kept.redirected.PostRedirectGetMiddleware",
    "evenhand.sign_in.kept.repeated.RepeatedFormMiddleware",
]
ROOT_URLCONF = "evenhand.config.urls"
WSGI_APPLICATION = "evenhand.config.wsgi.application"
AUTH_USER_MODEL = "authorities.User"
FORM_RENDERER = "evenhand.config.forms.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "evenhand.public.context.site",
            ],
            "builtins": ["evenhand.records.templatetags.numbers"],
        },
    }
]

_database = secret("DATABASE_URL") or f"sqlite:///{VAR}/evenhand.sqlite3"
if not _database.startswith(("sqlite://", "postgres://", "postgresql://")):
    raise ImproperlyConfigured("DATABASE_URL is not the address of a database: give postgres://… or sqlite:///…")
DATABASES = {"default": env.db_url_config(_database)}
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # a connection is reused for many requests
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at the start, so it cannot fail half-way
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    }
CACHES = {
    # Sign-in attempts must be counted across all processes; otherwise each process would allow as many again.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "sign_in_cache"},
    # Public pages, shared by the processes of this machine. Not in the database: reading a page must not wait for a
    # writer on SQLite (docs/adr/0028).
    "pages": {
        "BACKEND": "evenhand.page_cache.files.UncompressedFileCache",
        "LOCATION": VAR / "pages",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"  # for display; times are stored as UTC
USE_THOUSAND_SEPARATOR = False  # it would change years, positions and identifiers too: counts use `thousands`

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("EVENHAND_STATIC", default=str(VAR / "static")))  # may be built once and then read-only
STATICFILES_DIRS = [PACKAGE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # may be built by one user and read by another, unlike uploaded files
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
EVENHAND_FILE_ROOTS = {"private": VAR / "private", "public": VAR / "public"}
EVENHAND_LARGEST_FILE_BYTES = 20_000_000
