"""The tables in a backup: all of them except those listed here with the reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps as installed
from django.db.models import Model

RECREATED = "created by every installation, and no other table refers to it"
PROCESS_STATE = "describes the running processes of this installation, not their work"
SESSION = "gives access to an account: after a restore everyone signs in again"
LEFT_OUT: Mapping[str, str] = {
    "auth.group": RECREATED,
    "auth.group_permissions": RECREATED,
    "auth.permission": RECREATED,
    "contenttypes.contenttype": RECREATED,
    "notifications.heartbeat": PROCESS_STATE,
    "notifications.round": PROCESS_STATE,
    "page_cache.pagecounter": "counts the changes since this installation's cached pages were made",
    "sessions.session": SESSION,
    "sign_in.keptcontent": "kept for 30 minutes only, encrypted with a key that a backup need not contain",
    "usersessions.usersession": SESSION,
}


def tables(apps: Any = installed) -> Iterator[tuple[str, type[Model]]]:
    """Label and model, sorted; of the current models, or of those at an earlier migration."""
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    for label in sorted(models):
        meta = models[label]._meta
        if label not in LEFT_OUT and meta.managed and not meta.proxy:
            yield label, models[label]
