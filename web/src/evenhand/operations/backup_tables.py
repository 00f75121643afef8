"""Which tables a backup holds: every one, but for those named here with the reason."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps as installed
from django.db.models import Model

OF_THE_PROGRAM = "made anew by every installation, and nothing points at it"
OF_THE_MACHINE = "about the processes of this machine, not about what they did"
SIGNED_IN = "opens an account to whoever holds it: after a restore everyone signs in again"
LEFT_OUT: Mapping[str, str] = {
    "auth.group": OF_THE_PROGRAM,
    "auth.group_permissions": OF_THE_PROGRAM,
    "auth.permission": OF_THE_PROGRAM,
    "contenttypes.contenttype": OF_THE_PROGRAM,
    "notifications.heartbeat": OF_THE_MACHINE,
    "notifications.round": OF_THE_MACHINE,
    "sessions.session": SIGNED_IN,
    "usersessions.usersession": SIGNED_IN,
}


def tables(apps: Any = installed) -> Iterator[tuple[str, type[Model]]]:
    """Label and model, sorted; of the models as they are, or as they were at a migration."""
    models = {model._meta.label_lower: model for model in apps.get_models(include_auto_created=True)}
    for label in sorted(models):
        meta = models[label]._meta
        if label not in LEFT_OUT and meta.managed and not meta.proxy:
            yield label, models[label]
