"""What leaves the web process: tasks for the worker, and e-mail.

EVENHAND_MAIL       files (the default): into EVENHAND_VAR/mail, for this user alone
                    smtp://user:password@host:587?tls=starttls (the default), tls=implicit (465) or tls=none (25)
                    A user or password with signs in it is written as in any address: @ is %40.
EVENHAND_MAIL_FROM  the address that the messages come from
EVENHAND_WORKER_LEASE_SECONDS  how long a worker may be silent (default: 60)
"""

from evenhand.config.settings.environment import VAR, env, secret
from evenhand.config.settings.mail import mail

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# A worker that has been silent for so long is taken for dead, and what it held is taken up by another.
EVENHAND_WORKER_LEASE_SECONDS = env.int("EVENHAND_WORKER_LEASE_SECONDS", default=60)

DEFAULT_FROM_EMAIL = env.str("EVENHAND_MAIL_FROM", default="evenhand@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_TIMEOUT = 20
globals().update(mail(secret("EVENHAND_MAIL") or "files"))  # EMAIL_BACKEND and, for SMTP, what it needs
