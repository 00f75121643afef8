"""The stored things of the libraries that we use: the class of each field, whom each is about, how long each is kept.

Our own models say all three beside their fields; a library's can't, so it is said here.
"""

from collections.abc import Mapping

from evenhand.records.about import About
from evenhand.records.classes import PERSONAL, PUBLIC, SECRET, Classification
from evenhand.records.retention import Kept

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

_WITH_THE_PERSON = Kept(why="as long as the person has access; removed by an erasure")
_BUILT_IN = Kept(why="part of the program, about nobody")
KEPT: Mapping[str, Kept] = {
    "account.emailaddress": _WITH_THE_PERSON,
    "account.emailconfirmation": Kept(why="a link to confirm an address", days=3, after="created"),
    "auth.group": _BUILT_IN,
    "auth.permission": _BUILT_IN,
    "axes.accessattempt": Kept(why="to lock out who guesses passwords", days=30, after="attempt_time"),
    "axes.accessattemptexpiration": Kept(why="goes with the attempt that it belongs to"),
    "axes.accessfailurelog": Kept(why="to look into attacks", days=30, after="attempt_time"),
    "axes.accesslog": Kept(why="to look into a stolen account", days=90, after="attempt_time"),
    "contenttypes.contenttype": _BUILT_IN,
    "django_tasks_database.dbtaskresult": Kept(why="to look into work that failed", days=14, after="finished_at"),
    "mfa.authenticator": _WITH_THE_PERSON,
    "sessions.session": Kept(why="until the session ends", days=0, after="expire_date"),
    "socialaccount.socialaccount": _WITH_THE_PERSON,
    "socialaccount.socialapp": Kept(why="empty: sign-in services are set in the settings"),
    "socialaccount.socialtoken": Kept(why="empty: no token of a sign-in service is kept"),
    "usersessions.usersession": Kept(
        why="so that a person sees where they are signed in", days=30, after="last_seen_at"
    ),
}

ABOUT: Mapping[str, About] = {
    "account.emailaddress": About("user", goes=True),
    "account.emailconfirmation": About("email_address__user", goes=True),
    "axes.accessattempt": About("username", goes=True),
    "axes.accessattemptexpiration": About("access_attempt__username", goes=True),
    "axes.accessfailurelog": About("username", goes=True),
    "axes.accesslog": About("username", goes=True),
    "django_tasks_database.dbtaskresult": About("args_kwargs", goes=True),
    "mfa.authenticator": About("user", goes=True),
    "sessions.session": About(goes=True, why="found by opening each and looking whose it is"),
    "socialaccount.socialaccount": About("user", goes=True),
    "socialaccount.socialtoken": About("account__user", goes=True),
    "usersessions.usersession": About("user", goes=True),
}
