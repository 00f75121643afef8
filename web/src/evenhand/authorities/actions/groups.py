from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import LastAdministrator, NotPossible
from evenhand.authorities.invented_checks import check_has_staff
from evenhand.authorities.memberships import (
    check_administrator_remains,
    check_open,
    end_roles,
    grant_role,
    lock,
    subject_of,
)
from evenhand.authorities.models import Authority, GroupRole, Membership, User
from evenhand.authorities.permissions import MANAGE_AUTHORITY, may
from evenhand.authorities.queries import roles_of
from evenhand.ledger.actions import Subject, recording


def map_group(authority: Authority, *, by: User, provider: str, group: str, role: Role) -> GroupRole:
    """Give the role to members of the group when they next sign in, except to the person who adds the mapping."""
    may(by, MANAGE_AUTHORITY, authority).require()
    with recording("authorities.map_group", by=by) as change:
        check_open(lock(authority))
        check_has_staff(authority)
        if authority.invented:
            raise NotPossible(_("People who sign in through a service are real, and this authority is invented."))
        mapping = GroupRole(authority=authority, provider=provider, group=group.strip(), role=Role(role), set_by=by)
        if GroupRole.objects.filter(authority=authority, provider=provider, group=mapping.group, role=role).exists():
            raise NotPossible(_("This group already gives this role."))
        mapping.full_clean()
        mapping.save()
        change.subject = Subject("group", mapping.id, authority.id)
        change.after = {"provider": provider, "group": mapping.group, "role": role}
    return mapping


def unmap_group(mapping: GroupRole, *, by: User) -> None:
    """Remove the mapping. Members who have the role only from this group lose it when they next sign in."""
    may(by, MANAGE_AUTHORITY, mapping.authority).require()
    subject = Subject("group", mapping.id, mapping.authority_id)
    with transaction.atomic():
        lock(mapping.authority)
        if not GroupRole.objects.filter(id=mapping.id).exists():
            return
        with recording("authorities.unmap_group", on=subject, by=by) as change:
            change.before = {"provider": mapping.provider, "group": mapping.group, "role": mapping.role}
            GroupRole.objects.filter(id=mapping.id).delete()
            change.after = {}


def sync_roles(user: User, *, groups: Collection[str], provider: str, by: User) -> None:
    """Update the person's roles from their groups, at each sign-in. `by` is the operator, because no person decides it.

    Roles that a person gave are not changed, and an authority does not lose its last administrator.
    """
    may(by, MANAGE_AUTHORITY, None).require()
    if not user.is_active:
        return
    authorities = Authority.objects.filter(
        Q(group_roles__provider=provider)
        | Q(memberships__user=user, memberships__source=provider, memberships__ended_at=None)
    )
    for authority in authorities.distinct().order_by("id"):  # always in the same order, to avoid deadlocks
        _sync(authority, user, groups, provider, by)


def _sync(authority: Authority, user: User, groups: Collection[str], provider: str, by: User) -> None:
    with transaction.atomic():
        locked = lock(authority)
        group_roles = _roles_from_groups(locked, user, groups, provider)
        memberships = Membership.objects.filter(authority=locked, user=user, source=provider, ended_at=None)
        memberships.filter(role__in=group_roles).update(group_lost_at=None)
        roles = roles_of(user, locked)
        former_group_roles = {Role(role) for role in memberships.values_list("role", flat=True)}
        ending = _keep_last_administrator(locked, user, former_group_roles - group_roles, by=user)
        if group_roles <= roles and not ending:
            return
        with recording("authorities.sync_roles", on=subject_of("person", user, locked), by=by) as change:
            change.before = {"roles": sorted(roles)}
            for role in sorted(group_roles - roles):
                grant_role(locked, user, role, source=provider)
            end_roles(locked, user, ending)
            change.after = {"roles": sorted(roles_of(user, locked)), "provider": provider}


def _roles_from_groups(authority: Authority, user: User, groups: Collection[str], provider: str) -> set[Role]:
    if authority.is_closed:
        return set()
    mappings = GroupRole.objects.filter(authority=authority, provider=provider, group__in=list(groups))
    return {Role(role) for role in mappings.exclude(set_by=user).values_list("role", flat=True)}


def _keep_last_administrator(authority: Authority, user: User, ending: set[Role], *, by: User) -> set[Role]:
    """The roles that may end. The last administrator's role is marked instead, so that they appoint another."""
    if Role.ADMINISTRATOR not in ending:
        return ending
    try:
        check_administrator_remains(authority, user, by=by)
    except LastAdministrator:
        Membership.objects.filter(
            authority=authority, user=user, role=Role.ADMINISTRATOR, ended_at=None, group_lost_at=None
        ).update(group_lost_at=timezone.now())
        return ending - {Role.ADMINISTRATOR}
    return ending
