"""A person with data in every model that is about people, to test that an erasure misses none.

`MODELS` has an entry for each model about people, from `PERSON_ROWS` in the file of actions of its module. A new model
without an entry fails test_erasure.
"""

import json
from pathlib import Path

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessAttemptExpiration, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.queries import operator
from evenhand.ledger.actions import Subject, recording
from evenhand.notifications import actions as messages
from evenhand.records.files import Root, store
from evenhand.records.identity import new_id
from support.person import EMAIL, NAME, OTHER_EMAIL, RowCreator
from support.tables import action_files, collect


def _session(user: User, colleague: User, authority: Authority) -> None:
    for owner, message in ((user, "Welcome"), (colleague, f"{NAME} was invited")):
        session = SessionStore()
        session.update({"_auth_user_id": str(owner.id), "_messages": message})
        session.create()


def _attempt(user: User, colleague: User, authority: Authority) -> None:
    values = {"ip_address": "192.0.2.7", "user_agent": "Browser", "failures_since_start": 1}
    by_own_address = AccessAttempt(username=EMAIL, **values)
    by_another_address = AccessAttempt(username="typed@wrong.example", post_data=f"login={EMAIL}", **values)
    AccessAttempt.objects.bulk_create([by_own_address, by_another_address])  # sends no signals


def _entries(user: User, colleague: User, authority: Authority) -> None:
    for by, kind, subject, reason in (
        (user, "plan", new_id(), "corrected a date"),  # what she did is kept
        (user, "plan", new_id(), f"Signed, {NAME}"),
        (colleague, "plan", new_id(), f"asked by {OTHER_EMAIL}"),
        (colleague, "person", user.id, "has been ill"),  # about her, although it does not name her
    ):
        with recording("example.change", by=by, on=Subject(kind, subject, authority.id), reason=reason) as change:
            change.after = {"title": "A plan", "for": colleague.email}


def _message(user: User, colleague: User, authority: Authority) -> None:
    messages.send(EMAIL, f"Dear {NAME}", "Your turn")
    messages.send(colleague.email, f"{NAME} has left", "Take over")


def _task(user: User, colleague: User, authority: Authority) -> None:
    for words in ([EMAIL], [str(user.id)], []):
        DBTaskResult.objects.create(
            args_kwargs={"args": words, "kwargs": {}},
            task_path="example.task",
            queue_name="default",
            backend_name="default",
            run_after=timezone.now(),
            traceback="" if words else f"Error: no such address {EMAIL}",
            exception_class_path="",
            worker_ids=[],
            finished_at=timezone.now(),
        )


MODELS: dict[str, RowCreator] = {
    **collect("PERSON_ROWS", action_files()),
    # of the ledger, the notifications and the libraries, which have no table of actions
    "notifications.message": _message,
    "ledger.entry": _entries,
    "ledger.payload": lambda user, colleague, authority: None,  # created with the entries
    "account.emailaddress": lambda user, colleague, authority: [
        EmailAddress.objects.update_or_create(user=user, email=email, defaults={"primary": email == EMAIL})
        for email in (EMAIL, OTHER_EMAIL)
    ],
    "account.emailconfirmation": lambda user, colleague, authority: EmailConfirmation.objects.create(
        email_address=EmailAddress.objects.get(email=OTHER_EMAIL), key="confirmation-of-zoe"
    ),
    "socialaccount.socialaccount": lambda user, colleague, authority: SocialAccount.objects.create(
        user=user, provider="entra", uid="zoe-1", extra_data={"name": NAME, "email": EMAIL}
    ),
    "socialaccount.socialtoken": lambda user, colleague, authority: SocialToken.objects.create(
        account=SocialAccount.objects.get(user=user), token="token-of-zoe"
    ),
    "mfa.authenticator": lambda user, colleague, authority: Authenticator.objects.create(
        user=user, type="totp", data={"secret": "totp-secret-of-zoe"}
    ),
    "usersessions.usersession": lambda user, colleague, authority: UserSession.objects.create(
        user=user, ip="192.0.2.7", session_key="session-of-zoe", user_agent="Browser"
    ),
    "axes.accessattempt": _attempt,
    "axes.accessattemptexpiration": lambda user, colleague, authority: AccessAttemptExpiration.objects.get_or_create(
        access_attempt=AccessAttempt.objects.filter(username=EMAIL).latest("id"),
        defaults={"expires_at": timezone.now()},
    ),
    "axes.accessfailurelog": lambda user, colleague, authority: AccessFailureLog.objects.create(
        username=EMAIL.upper(), ip_address="192.0.2.7", user_agent="Browser"
    ),
    "axes.accesslog": lambda user, colleague, authority: AccessLog.objects.create(
        username=EMAIL, ip_address="192.0.2.7", user_agent="Browser", session_hash="session-of-zoe"
    ),
    "django_tasks_database.dbtaskresult": _task,
    "sessions.session": _session,
}


def create_everywhere(authority: Authority) -> User:
    """The person, with a row in every model, and a colleague whose data must be left alone."""
    user = User.objects.create_user(EMAIL, NAME)
    colleague = User.objects.create_user("colin.plum@anywhere.example", "Colin Plum")
    Membership.objects.create(user=colleague, authority=authority, role="administrator")
    for create in MODELS.values():
        create(user, colleague, authority)
    EmailMessage("Your invitation", f"Dear {NAME}", to=[f"{NAME} <{EMAIL}>"]).send()
    EmailMessage("A colleague", f"{NAME} has left", to=[colleague.email]).send()
    return user


def leave(user: User) -> None:
    Membership.objects.filter(user=user).update(ended_at=timezone.now())
    User.objects.filter(id=user.id).update(left_at=timezone.now())


def publish_a_mention() -> None:
    """Text that an erasure must not change, in an uploaded file."""
    store(Root.PRIVATE, json.dumps({"contact": NAME}, ensure_ascii=False).encode())


def main() -> None:
    """Run in a separate process, on the database named in the environment."""
    operator()
    leave(create_everywhere(Authority.objects.get()))
    Path(settings.EMAIL_FILE_PATH).mkdir(exist_ok=True)
