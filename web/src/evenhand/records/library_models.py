"""Models of third-party libraries: the classification of each field, the data subject, retention period and purpose.

Our own models declare the first three next to their fields, and our modules their purpose in `module.py`. Library
models cannot, so theirs are declared here.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evenhand.records.classes import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.data_subjects import DataSubject
from evenhand.records.retention import Retention

CLASSIFIED: Mapping[str, Mapping[str, Classification]] = {
    "account.emailaddress": {
        "id": PUBLIC,
        "user": PERSONAL,
        "email": PERSONAL,
        "verified": PERSONAL,
        "primary": PERSONAL,
    },
    "account.emailconfirmation": {
        "id": PUBLIC,
        "email_address": PERSONAL,
        "created": PERSONAL,
        "sent": PERSONAL,
        "key": SECRET,
    },
    "socialaccount.socialapp": {
        "id": PUBLIC,
        "provider": PUBLIC,
        "provider_id": PUBLIC,
        "name": PUBLIC,
        "client_id": PUBLIC,
        "secret": SECRET,
        "key": SECRET,
        "settings": SECRET,
    },
    "socialaccount.socialaccount": {
        "id": PUBLIC,
        "user": PERSONAL,
        "provider": PERSONAL,
        "uid": PERSONAL,
        "last_login": PERSONAL,
        "date_joined": PERSONAL,
        "extra_data": PERSONAL,
    },
    "socialaccount.socialtoken": {
        "id": PUBLIC,
        "app": PERSONAL,
        "account": PERSONAL,
        "token": SECRET,
        "token_secret": SECRET,
        "expires_at": PERSONAL,
    },
    "mfa.authenticator": {
        "id": PUBLIC,
        "user": PERSONAL,
        "type": PERSONAL,
        "data": SECRET,
        "created_at": PERSONAL,
        "last_used_at": PERSONAL,
    },
    "usersessions.usersession": {
        "id": PUBLIC,
        "user": PERSONAL,
        "created_at": PERSONAL,
        "ip": PERSONAL,
        "last_seen_at": PERSONAL,
        "session_key": SECRET,
        "user_agent": PERSONAL,
        "data": PERSONAL,
    },
    "axes.accessfailurelog": {
        "id": PUBLIC,
        "user_agent": PERSONAL,
        "ip_address": PERSONAL,
        "username": PERSONAL,
        "http_accept": PERSONAL,
        "path_info": PERSONAL,
        "attempt_time": PERSONAL,
        "locked_out": PERSONAL,
    },
    "axes.accessattempt": {
        "id": PUBLIC,
        "user_agent": PERSONAL,
        "ip_address": PERSONAL,
        "username": PERSONAL,
        "http_accept": PERSONAL,
        "path_info": PERSONAL,
        "attempt_time": PERSONAL,
        "get_data": PERSONAL,
        "post_data": PERSONAL,
        "failures_since_start": PERSONAL,
    },
    "axes.accessattemptexpiration": {"access_attempt": PERSONAL, "expires_at": PERSONAL},
    "axes.accesslog": {
        "id": PUBLIC,
        "user_agent": PERSONAL,
        "ip_address": PERSONAL,
        "username": PERSONAL,
        "http_accept": PERSONAL,
        "path_info": PERSONAL,
        "attempt_time": PERSONAL,
        "logout_time": PERSONAL,
        "session_hash": SECRET,
    },
    "django_tasks_database.dbtaskresult": {
        "id": PUBLIC,
        "status": PERSONAL,
        "enqueued_at": PERSONAL,
        "started_at": PERSONAL,
        "finished_at": PERSONAL,
        "args_kwargs": PERSONAL,
        "priority": PERSONAL,
        "task_path": PERSONAL,
        "worker_ids": PERSONAL,
        "queue_name": PERSONAL,
        "backend_name": PERSONAL,
        "run_after": PERSONAL,
        "return_value": PERSONAL,
        "exception_class_path": PERSONAL,
        "traceback": PERSONAL,
    },
    "auth.permission": {"id": PUBLIC, "name": PUBLIC, "content_type": PUBLIC, "codename": PUBLIC},
    "auth.group": {"id": PUBLIC, "name": PUBLIC, "permissions": PUBLIC},
    "contenttypes.contenttype": {"id": PUBLIC, "app_label": PUBLIC, "model": PUBLIC},
    "sessions.session": {"session_key": SECRET, "session_data": SECRET, "expire_date": PERSONAL},
}

_WHILE_THE_PERSON_HAS_ACCESS = Retention(reason="as long as the person has access; deleted by an erasure")
_BUILT_IN = Retention(reason="part of the software; holds no personal data")
RETENTION: Mapping[str, Retention] = {
    "account.emailaddress": _WHILE_THE_PERSON_HAS_ACCESS,
    "account.emailconfirmation": Retention(
        reason="so that the email address can be confirmed", days=3, after="created", event="the link is created"
    ),
    "auth.group": _BUILT_IN,
    "auth.permission": _BUILT_IN,
    "axes.accessattempt": Retention(
        reason="to lock out people who guess passwords", days=30, after="attempt_time", event="the attempt"
    ),
    "axes.accessattemptexpiration": Retention(reason="as long as the attempt that it belongs to"),
    "axes.accessfailurelog": Retention(
        reason="to investigate attacks", days=30, after="attempt_time", event="the attempt"
    ),
    "axes.accesslog": Retention(
        reason="to investigate a stolen account", days=90, after="attempt_time", event="the sign-in"
    ),
    "contenttypes.contenttype": _BUILT_IN,
    "django_tasks_database.dbtaskresult": Retention(
        reason="to investigate failed tasks", days=14, after="finished_at", event="the task finishes"
    ),
    "mfa.authenticator": _WHILE_THE_PERSON_HAS_ACCESS,
    "sessions.session": Retention(
        reason="so that the person stays signed in", days=0, after="expire_date", event="the session expires"
    ),
    "socialaccount.socialaccount": _WHILE_THE_PERSON_HAS_ACCESS,
    "socialaccount.socialapp": Retention(reason="not at all, because sign-in services are configured in the settings"),
    "socialaccount.socialtoken": Retention(reason="not at all, because tokens of sign-in services are not stored"),
    "usersessions.usersession": Retention(
        reason="so that people can see where they are signed in",
        days=30,
        after="last_seen_at",
        event="the session is last used",
    ),
}

DATA_SUBJECTS: Mapping[str, DataSubject] = {
    "account.emailaddress": DataSubject("user", erased=True),
    "account.emailconfirmation": DataSubject("email_address__user", erased=True),
    "axes.accessattempt": DataSubject("username", erased=True),
    "axes.accessattemptexpiration": DataSubject("access_attempt__username", erased=True),
    "axes.accessfailurelog": DataSubject("username", erased=True),
    "axes.accesslog": DataSubject("username", erased=True),
    "django_tasks_database.dbtaskresult": DataSubject("args_kwargs", erased=True),
    "mfa.authenticator": DataSubject("user", erased=True),
    "sessions.session": DataSubject(erased=True, reason="found by decoding each session and checking whose it is"),
    "socialaccount.socialaccount": DataSubject("user", erased=True),
    "socialaccount.socialtoken": DataSubject("account__user", erased=True),
    "usersessions.usersession": DataSubject("user", erased=True),
}

# app -> why it holds personal data: the same text as the `purpose` of the module that uses the library, if there is one
PURPOSES: Mapping[str, Promise] = {
    "account": _("Signing in"),
    "mfa": _("Signing in"),
    "socialaccount": _("Signing in"),
    "usersessions": _("Signing in"),
    "sessions": _("Signing in"),
    "axes": _("Security: detecting and stopping password guessing"),
    "django_tasks_database": _("Messages to people about their work"),
}
