"""Tasks for the worker, and e-mail. `declared` describes the settings that are read here."""

from evenhand.config.settings.environment import VAR, env, secret
from evenhand.config.settings.mail import mail

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A worker without a heartbeat for this long is considered dead, and its tasks are given to another worker.
EVENHAND_WORKER_LEASE_SECONDS = env.int("EVENHAND_WORKER_LEASE_SECONDS", default=60)

DEFAULT_FROM_EMAIL = env.str("EVENHAND_MAIL_FROM", default="evenhand@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_TIMEOUT = 20
globals().update(mail(secret("EVENHAND_MAIL") or "files"))  # EMAIL_BACKEND and, for SMTP, its settings
