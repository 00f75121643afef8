"""What changes about a person's way in. Each is in the record, which names nobody outside its erasable part.

A person does these to their own account, and whoever runs commands on the server to anyone's; an administrator lifts a
lock, or a second step that was lost, for the people at the authority. Signing in itself is allauth's work; that it
happened is written down here.
"""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Permission, Refused, may, works_for
from evenhand.ledger.actions import Subject, recording
from evenhand.records.identity import new_id
from evenhand.sign_in import attempts, sessions


def sign_in(person: User, *, by: User, ways: Iterable[str]) -> None:
    _note("sign_in", person, by=by, after={"ways": sorted(set(ways))})


def add_second_step(person: User, *, by: User, kind: str) -> None:
    _note("add_second_step", person, by=by, after={"kind": kind})


def remove_second_step(person: User, *, by: User, kind: str) -> None:
    _note("remove_second_step", person, by=by, after={"kind": kind})


def change_password(person: User, *, by: User, how: str) -> None:
    _note("change_password", person, by=by, after={"how": how})


def _note(action: str, person: User, *, by: User, after: dict[str, Any]) -> None:
    """Write down what the library has done."""
    _oneself(person, by)
    with recording(f"sign_in.{action}", on=_subject(person), by=by) as change:
        change.after = after


def make_account(email: str, *, name: str, by: User) -> User:
    """For someone whom the body's own sign-in service vouches for. Without a role, which a group must give, it opens
    nothing; without a password, the service alone lets the person in.
    """
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    with recording("sign_in.make_account", by=by) as change:
        person = User.objects.create_user(email, name)
        change.subject = _subject(person)
        change.after = {"person": person.id}
    return person


def end_session(person: User, session: int, *, by: User) -> int:
    """End one session of the person; none where it has ended already or is someone else's."""
    _oneself(person, by)
    with recording("sign_in.end_session", on=_subject(person), by=by) as change:
        ended = sessions.end(UserSession.objects.filter(user=person, pk=session))
        change.after = {"ended": ended}
    return ended


def end_sessions(person: User, *, by: User, but: str | None = None) -> int:
    """End all of the person's sessions, but for the one with this key."""
    _oneself(person, by)
    with recording("sign_in.end_sessions", on=_subject(person), by=by) as change:
        ended = sessions.end(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
        change.after = {"ended": ended}
    return ended


def lock(email: str, *, by: User) -> None:
    """Write down that the account of this address is locked, if there is one; the address itself is not written."""
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    person = User.objects.filter(email=email.lower()).first()
    subject = _subject(person) if person else Subject("unknown address", new_id(), None)
    with recording("sign_in.lock", on=subject, by=by) as change:
        change.after = {"minutes": attempts.LOCKED_FOR.total_seconds() // 60}


def unlock(person: User, *, by: User, authority: Authority | None = None) -> int:
    """Let the person try again at once. How many failures were forgotten."""
    _for_the_people_of(authority, person, by)
    with recording("sign_in.unlock", on=_subject(person), by=by) as change:
        forgotten = attempts.clear(person.email)
        change.after = {"failures": forgotten}
    return forgotten


def remove_second_steps(person: User, *, by: User, reason: str, authority: Authority | None = None) -> int:
    """For someone who lost telephone and recovery codes: the password alone lets them in again, here to set up anew."""
    _for_the_people_of(authority, person, by)
    _wholly_theirs(person, by)
    with recording("sign_in.remove_second_steps", on=_subject(person), by=by, reason=reason) as change:
        kinds = list(Authenticator.objects.filter(user=person).values_list("type", flat=True))
        Authenticator.objects.filter(user=person).delete()
        sessions.end_all(person)
        change.before, change.after = {"kinds": sorted(kinds)}, {"kinds": []}
    return len(kinds)


def _oneself(person: User, by: User) -> None:
    if not by.is_active or (by != person and not by.is_operator):
        raise Refused("Only the person may do this to their own account.")


def _for_the_people_of(authority: Authority | None, person: User, by: User) -> None:
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    if authority is not None and not works_for(person, authority):
        raise Refused(f"{person} does not work for {authority}.")


def _wholly_theirs(person: User, by: User) -> None:
    """No way is opened to what the person may do elsewhere, nor round the administrator's own second step."""
    if by == person:
        raise Refused("To your own second step you come by your own account.")
    for membership in Membership.objects.filter(user=person, ended_at=None).select_related("authority"):
        may(by, Permission.MANAGE_AUTHORITY, membership.authority).require()


def _subject(person: User) -> Subject:
    return Subject("person", person.id, None)
