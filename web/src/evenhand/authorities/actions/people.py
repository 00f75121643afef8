from collections.abc import Collection

from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities import access_ended
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import HasAssignments, NotPossible, Outdated
from evenhand.authorities.memberships import (
    check_administrator_remains,
    check_not_own_role,
    check_open,
    check_unit,
    end_roles,
    grant_role,
    lock,
    subject_of,
)
from evenhand.authorities.models import Assignment, Authority, Membership, Unit, User
from evenhand.authorities.permissions import ASSIGN_WORK, MANAGE_AUTHORITY, may
from evenhand.authorities.queries import roles_of
from evenhand.ledger.actions import recording


def add_member(
    authority: Authority, *, by: User, email: str, name: str, role: Role, password: str | None = None
) -> Membership:
    """Give a person a role at the authority without an invitation.

    A new person gets the password. Without one, they cannot sign in until they get an invitation or a group role.
    """
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.add_member", by=by) as change:
        validate_email(email)
        check_open(lock(authority))
        user = User.objects.filter(email=email.lower()).first()
        user = user or User.objects.create_user(email, name, password, invented=authority.invented)
        check_not_own_role(by, user, {Role(role)} - roles_of(user, authority))
        membership = grant_role(authority, user, role)
        change.subject = subject_of("membership", membership, authority)
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
    """Set the person's roles at the authority. No effect if they already have exactly these.

    `seen` are the roles that the page showed. Raises Outdated if they have changed since.
    """
    may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        locked, new_roles = lock(authority), {Role(role) for role in roles}
        old_roles = roles_of(person, locked)
        if not old_roles:
            raise NotPossible(
                _("%(person)s does not work for %(authority)s. Send them an invitation instead.")
                % {"person": person, "authority": locked}
            )
        if not new_roles:
            raise NotPossible(_("Select at least one role. To remove all roles, end the person’s access."))
        if new_roles == old_roles:
            return
        if seen is not None and set(seen) != old_roles:
            raise Outdated(
                _("Somebody else changed these roles while you had this page open. Reload the page and try again.")
            )
        _check_roles(locked, person, by=by, added=new_roles - old_roles, removed=old_roles - new_roles)
        subject = subject_of("person", person, locked)
        with recording("authorities.change_roles", on=subject, by=by, reason=reason) as change:
            change.before = {"roles": sorted(old_roles)}
            for role in sorted(new_roles - old_roles):
                grant_role(locked, person, role, unit=_unit_of(locked, person))
            end_roles(locked, person, old_roles - new_roles)
            change.after = {"roles": sorted(new_roles)}


def place(authority: Authority, person: User, *, by: User, unit: Unit | None) -> None:
    """Set the unit in which the person works. Units do not affect access."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.place", on=subject_of("person", person, authority), by=by) as change:
        check_open(lock(authority))
        check_unit(unit, authority)
        memberships = Membership.objects.filter(authority=authority, user=person, ended_at=None)
        if not memberships.exists():
            raise NotPossible(_("%(person)s no longer works here.") % {"person": person})
        before = _unit_of(authority, person)
        change.before = {"unit": before.id if before else None}
        memberships.update(unit=unit)
        change.after = {"unit": unit.id if unit else None}


def end_access(
    user: User, authority: Authority, *, by: User, hand_over_to: User | None = None, reason: str = ""
) -> None:
    """End all the person's roles at the authority. The record of changes still shows what they did.

    If they have no role at any authority afterwards, they can no longer sign in.
    """
    may(by, MANAGE_AUTHORITY, authority).require()
    with transaction.atomic():
        locked, roles = lock(authority), roles_of(user, authority)
        if not roles:
            raise NotPossible(
                _("%(person)s no longer works for %(authority)s.") % {"person": user, "authority": locked}
            )
        check_administrator_remains(locked, user, by=by)
        with recording("authorities.end_access", on=subject_of("person", user, locked), by=by, reason=reason) as change:
            change.before = {"roles": sorted(roles)}
            handed_over = _hand_over_assignments(locked, user, hand_over_to)
            end_roles(locked, user, roles)
            has_left = _deactivate_without_roles(user)
            change.after = {
                "roles": [],
                "handed_over": handed_over,
                "handed_over_to": hand_over_to.id if hand_over_to and handed_over else None,
                "left_altogether": has_left,
            }
            access_ended.notify(user, locked)
            if has_left:
                access_ended.notify(user, None)


def _check_roles(authority: Authority, person: User, *, by: User, added: set[Role], removed: Collection[Role]) -> None:
    if added:
        check_open(authority)
        check_not_own_role(by, person, added)
    if Role.ADMINISTRATOR in removed:
        check_administrator_remains(authority, person, by=by)


def _unit_of(authority: Authority, person: User) -> Unit | None:
    memberships = Membership.objects.filter(authority=authority, user=person, ended_at=None).exclude(unit=None)
    membership = memberships.select_related("unit").first()
    return membership.unit if membership else None


def _hand_over_assignments(authority: Authority, leaver: User, successor: User | None) -> int:
    """Hand over all the leaver's open assignments, and return how many there were."""
    assignments = Assignment.objects.filter(authority=authority, person=leaver, ended_at=None)
    if not assignments.exists():
        return 0
    if successor is None or successor == leaver or not may(successor, ASSIGN_WORK, authority).allowed:
        raise HasAssignments(
            _("%(person)s has assigned work. Choose a colleague to take it over, whose role allows it.")
            % {"person": leaver}
        )
    now, handed_over = timezone.now(), list(assignments)
    assignments.update(ended_at=now)
    Assignment.objects.bulk_create(
        Assignment(
            authority=authority,
            person=successor,
            subject_kind=assignment.subject_kind,
            subject_id=assignment.subject_id,
            title=assignment.title,
            link=assignment.link,
            since=now,
        )
        for assignment in handed_over
    )
    return len(handed_over)


def _deactivate_without_roles(person: User) -> bool:
    """Deactivate the person if they have no role at any authority, and return whether they were."""
    if person.is_operator or Membership.objects.filter(user=person, ended_at=None).exists():
        return False
    person.is_active, person.left_at = False, timezone.now()
    person.save(update_fields=["is_active", "left_at"])
    return True
