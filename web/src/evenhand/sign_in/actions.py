"""Changes to how a person signs in. Each is recorded, and only the erasable part of the record names the person.

People do these to their own account, and the server operator to anyone's. An administrator can unlock an account, or
remove a lost second factor, for people at their authority. allauth signs people in and sets passwords and second
factors; we record that it did.
"""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, Refused, may, works_for
from evenhand.ledger.actions import Subject, recording
from evenhand.records.identity import new_id
from evenhand.sign_in import attempts, sessions


def sign_in(person: User, *, by: User, ways: Iterable[str]) -> None:
    _require_own_account(person, by)
    with recording("sign_in.sign_in", on=_subject(person), by=by) as change:
        change.after = {"ways": sorted(set(ways))}


def add_second_step(person: User, *, by: User, kind: str) -> None:
    _require_own_account(person, by)
    with recording("sign_in.add_second_step", on=_subject(person), by=by) as change:
        change.after = {"kind": kind}


def remove_second_step(person: User, *, by: User, kind: str) -> None:
    _require_own_account(person, by)
    with recording("sign_in.remove_second_step", on=_subject(person), by=by) as change:
        change.after = {"kind": kind}


def change_password(person: User, *, by: User, how: str) -> None:
    _require_own_account(person, by)
    with recording("sign_in.change_password", on=_subject(person), by=by) as change:
        change.after = {"how": how}


def make_account(email: str, *, name: str, by: User) -> User:
    """Create an account for someone who comes through single sign-on.

    The account has no password, so it can only be used through single sign-on. It gives no access until one of the
    person's groups gives them a role.
    """
    may(by, MANAGE_AUTHORITY, None).require()
    with recording("sign_in.make_account", by=by) as change:
        person = User.objects.create_user(email, name)
        change.subject = _subject(person)
        change.after = {"person": person.id}
    return person


def end_session(person: User, session: int, *, by: User) -> int:
    """End one of the person's sessions. Returns 0 if it has already ended or belongs to someone else."""
    _require_own_account(person, by)
    with recording("sign_in.end_session", on=_subject(person), by=by) as change:
        ended = sessions.delete_sessions(UserSession.objects.filter(user=person, pk=session))
        change.after = {"ended": ended}
    return ended


def end_sessions(person: User, *, by: User, except_key: str | None = None) -> int:
    """End all of the person's sessions except the one with `except_key`. Returns the number ended."""
    _require_own_account(person, by)
    with recording("sign_in.end_sessions", on=_subject(person), by=by) as change:
        ended = sessions.delete_sessions(UserSession.objects.filter(user=person).exclude(session_key=except_key or ""))
        change.after = {"ended": ended}
    return ended


def lock(email: str, *, by: User) -> None:
    """Record that the account with this email address is locked, if there is one. The address is not recorded."""
    may(by, MANAGE_AUTHORITY, None).require()
    person = User.objects.filter(email=email.lower()).first()
    subject = _subject(person) if person else Subject("unknown address", new_id(), None)
    with recording("sign_in.lock", on=subject, by=by) as change:
        change.after = {"minutes": attempts.LOCKED_FOR.total_seconds() // 60}


def unlock(person: User, *, by: User, authority: Authority | None = None) -> int:
    """Let the person try again immediately. Returns the number of failed attempts that were cleared."""
    _require_administers(authority, person, by)
    with recording("sign_in.unlock", on=_subject(person), by=by) as change:
        cleared = attempts.clear(person.email)
        change.after = {"failures": cleared}
    return cleared


def remove_second_steps(person: User, *, by: User, reason: str, authority: Authority | None = None) -> int:
    """For someone who has lost their phone and recovery codes: they sign in with their password and set up again."""
    _require_administers(authority, person, by)
    _require_administers_everywhere(person, by)
    with recording("sign_in.remove_second_steps", on=_subject(person), by=by, reason=reason) as change:
        kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        Authenticator.objects.filter(user=person).delete()
        sessions.delete_all_sessions(person)
        change.before, change.after = {"kinds": sorted(kinds)}, {"kinds": []}
    return len(kinds)


def _require_own_account(person: User, by: User) -> None:
    if not by.is_active or (by != person and not by.is_operator):
        raise Refused("You can only do this to your own account.")


def _require_administers(authority: Authority | None, person: User, by: User) -> None:
    may(by, MANAGE_AUTHORITY, authority).require()
    if authority is not None and not works_for(person, authority):
        raise Refused(f"{person} does not work for {authority}.")


def _require_administers_everywhere(person: User, by: User) -> None:
    """Administrators can't weaken sign-in for roles at other authorities, or remove their own second factor here."""
    if by == person:
        raise Refused("To change your own two-factor authentication, go to Your account.")
    for membership in Membership.objects.filter(user=person, ended_at=None).select_related("authority"):
        may(by, MANAGE_AUTHORITY, membership.authority).require()


def _subject(person: User) -> Subject:
    return Subject("person", person.id, None)
