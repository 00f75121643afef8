"""What leaves the web process: tasks for the worker, and e-mail."""

from evenhand.config.settings.environment import VAR

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
