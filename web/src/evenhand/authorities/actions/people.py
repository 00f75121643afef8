from collections.abc import Collection

from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities import leaving
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible, Outdated, WorkInHand
from evenhand.authorities.models import Assignment, Authority, Membership, Unit, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import roles_of
from evenhand.authorities.standing import (
    administrator_remains,
    end_roles,
    grant,
    held,
    not_to_oneself,
    of_authority,
    still_open,
    subject,
)
from evenhand.ledger.actions import recording


def add_member(
    authority: Authority, *, by: User, email: str, name: str, role: Role, password: str | None = None
) -> Membership:
    """Let a person work for the authority in a role, without an invitation.

    A person who is new gets the password, or else no way to sign in until an invitation or a group gives one.
    """
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.add_member", by=by) as change:
        validate_email(email)
        still_open(held(authority))
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, name, password)
        not_to_oneself(by, user, {Role(role)} - roles_of(user, authority))
        membership = grant(authority, user, role)
        change.subject = subject("membership", membership, authority)
        change.after = {"user": user.id, "role": role}
    return membership


def change_roles(
    authority: Authority,
    person: User,
    *,
    by: User,
    roles: Collection[str],
    seen: Collection[str] | None = None,
    reason: str = "",
) -> None:
    """The person has these roles at the authority from now on, and no other. The same again changes nothing.

    `seen` are the roles as they stood before whoever changes them, so that nobody overwrites a colleague's change.
    """
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        found, wanted = held(authority), {Role(role) for role in roles}
        now_held = roles_of(person, found)
        if not now_held:
            raise NotPossible(
                _("%(person)s does not work for %(authority)s. Send an invitation.")
                % {"person": person, "authority": found}
            )
        if not wanted:
            raise NotPossible(_("Everyone who works here has a role. To take the last one away, end their access."))
        if wanted == now_held:
            return
        if seen is not None and set(seen) != now_held:
            raise Outdated(
                _("Somebody else changed these roles while you had them open. Look at them again, then change them.")
            )
        _check_change(found, person, by=by, given=wanted - now_held, taken=now_held - wanted)
        with recording("authorities.change_roles", on=subject("person", person, found), by=by, reason=reason) as change:
            change.before = {"roles": sorted(now_held)}
            for role in sorted(wanted - now_held):
                grant(found, person, role, unit=_unit_of(found, person))
            end_roles(found, person, now_held - wanted)
            change.after = {"roles": sorted(wanted)}


def place(authority: Authority, person: User, *, by: User, unit: Unit | None) -> None:
    """Say in which unit the person works. It opens nothing."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.place", on=subject("person", person, authority), by=by) as change:
        still_open(held(authority))
        of_authority(unit, authority)
        places = Membership.objects.filter(authority=authority, user=person, ended_at=None)
        if not places.exists():
            raise NotPossible(_("%(person)s does not work here any more.") % {"person": person})
        before = _unit_of(authority, person)
        change.before = {"unit": before.id if before else None}
        places.update(unit=unit)
        change.after = {"unit": unit.id if unit else None}


def end_access(
    user: User, authority: Authority, *, by: User, hand_over_to: User | None = None, reason: str = ""
) -> None:
    """The person works for the authority no more. What they did stays theirs in the record of changes.

    With their last role anywhere, they can't sign in any more.
    """
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        found, ended = held(authority), roles_of(user, authority)
        if not ended:
            raise NotPossible(
                _("%(person)s does not work for %(authority)s any more.") % {"person": user, "authority": found}
            )
        administrator_remains(found, user, by=by)
        with recording("authorities.end_access", on=subject("person", user, found), by=by, reason=reason) as change:
            change.before = {"roles": sorted(ended)}
            passed_on = _hand_everything_over(found, user, hand_over_to)
            end_roles(found, user, ended)
            left = _left_altogether(user)
            change.after = {
                "roles": [],
                "handed_over": passed_on,
                "handed_over_to": hand_over_to.id if hand_over_to and passed_on else None,
                "left_altogether": left,
            }
            leaving.leave(user, found)
            if left:
                leaving.leave(user, None)


def _check_change(authority: Authority, person: User, *, by: User, given: set[Role], taken: Collection[Role]) -> None:
    if given:
        still_open(authority)
        not_to_oneself(by, person, given)
    if Role.ADMINISTRATOR in taken:
        administrator_remains(authority, person, by=by)


def _unit_of(authority: Authority, person: User) -> Unit | None:
    found = Membership.objects.filter(authority=authority, user=person, ended_at=None).exclude(unit=None)
    first = found.select_related("unit").first()
    return first.unit if first else None


def _hand_everything_over(authority: Authority, leaver: User, successor: User | None) -> int:
    in_hand = Assignment.objects.filter(authority=authority, person=leaver, ended_at=None)
    if not in_hand.exists():
        return 0
    if successor is None or successor == leaver or not may(successor, Permission.TAKE_IN_HAND, authority).allowed:
        raise WorkInHand(
            _("%(person)s has work in hand. Choose a colleague who takes it over, and who may.") % {"person": leaver}
        )
    now, passed_on = timezone.now(), list(in_hand)
    in_hand.update(ended_at=now)
    Assignment.objects.bulk_create(
        Assignment(
            authority=authority,
            person=successor,
            subject_kind=each.subject_kind,
            subject_id=each.subject_id,
            title=each.title,
            link=each.link,
            since=now,
        )
        for each in passed_on
    )
    return len(passed_on)


def _left_altogether(person: User) -> bool:
    if person.is_operator or Membership.objects.filter(user=person, ended_at=None).exists():
        return False
    person.is_active, person.left_at = False, timezone.now()
    person.save(update_fields=["is_active", "left_at"])
    return True
