"""Logging, to standard error, where systemd or the container engine collects it."""

from evenhand.config.settings.environment import PRODUCTION, env

EVENHAND_LOG: str = env.str("EVENHAND_LOG", default="json" if PRODUCTION else "plain")
EVENHAND_LOG_LEVEL: str = env.str("EVENHAND_LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING").upper()

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "evenhand.config.log_lines.JsonLines"},
        "plain": {"()": "evenhand.config.log_lines.PlainLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if EVENHAND_LOG == "json" else "plain"}
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "evenhand": {"level": EVENHAND_LOG_LEVEL},
        # Django's own handlers are removed: one uses another format, one sends values by e-mail.
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # our own request log covers the rest
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
