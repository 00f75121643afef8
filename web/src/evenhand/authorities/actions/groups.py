from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from evenhand.authorities.enums import Role
from evenhand.authorities.errors import LastAdministrator, NotPossible
from evenhand.authorities.models import Authority, GroupRole, Membership, User
from evenhand.authorities.permissions import Permission, may
from evenhand.authorities.queries import roles_of
from evenhand.authorities.standing import administrator_remains, end_roles, grant, held, still_open, subject
from evenhand.ledger.actions import Subject, recording


def map_group(authority: Authority, *, by: User, provider: str, group: str, role: Role) -> GroupRole:
    """Whoever is in the group of the sign-in service gets the role at their next sign-in; not whoever says so here."""
    may(by, Permission.MANAGE_AUTHORITY, authority).require()
    with recording("authorities.map_group", by=by) as change:
        still_open(held(authority))
        made = GroupRole(authority=authority, provider=provider, group=group.strip(), role=Role(role), set_by=by)
        if GroupRole.objects.filter(authority=authority, provider=provider, group=made.group, role=role).exists():
            raise NotPossible(_("This group gives this role already."))
        made.full_clean()
        made.save()
        change.subject = Subject("group", made.id, authority.id)
        change.after = {"provider": provider, "group": made.group, "role": role}
    return made


def unmap_group(mapping: GroupRole, *, by: User) -> None:
    """Whoever has the role from the group alone loses it at their next sign-in."""
    may(by, Permission.MANAGE_AUTHORITY, mapping.authority).require()
    on = Subject("group", mapping.id, mapping.authority_id)
    with transaction.atomic():
        held(mapping.authority)
        if not GroupRole.objects.filter(id=mapping.id).exists():
            return
        with recording("authorities.unmap_group", on=on, by=by) as change:
            change.before = {"provider": mapping.provider, "group": mapping.group, "role": mapping.role}
            GroupRole.objects.filter(id=mapping.id).delete()
            change.after = {}


def sync_roles(user: User, *, groups: Collection[str], provider: str, by: User) -> None:
    """Bring the person's roles into line with their groups, at each sign-in. `by` is the operator: nobody chose this.

    Roles that were given by hand are not touched, and no authority loses its last administrator by it.
    """
    may(by, Permission.MANAGE_AUTHORITY, None).require()
    if not user.is_active:
        return
    concerned = Authority.objects.filter(
        Q(group_roles__provider=provider)
        | Q(memberships__user=user, memberships__source=provider, memberships__ended_at=None)
    )
    for authority in concerned.distinct().order_by(
        "id"
    ):  # in one order, so that two sign-ins don't wait for each other
        _sync(authority, user, groups, provider, by)


def _sync(authority: Authority, user: User, groups: Collection[str], provider: str, by: User) -> None:
    with transaction.atomic():
        found = held(authority)
        given = _given_by_groups(found, user, groups, provider)
        from_groups = Membership.objects.filter(authority=found, user=user, source=provider, ended_at=None)
        from_groups.filter(role__in=given).update(group_lost_at=None)
        has, had = roles_of(user, found), {Role(role) for role in from_groups.values_list("role", flat=True)}
        ending = _may_end(found, user, had - given, by=user)
        if given <= has and not ending:
            return
        with recording("authorities.sync_roles", on=subject("person", user, found), by=by) as change:
            change.before = {"roles": sorted(has)}
            for role in sorted(given - has):
                grant(found, user, role, source=provider)
            end_roles(found, user, ending)
            change.after = {"roles": sorted(roles_of(user, found)), "provider": provider}


def _given_by_groups(authority: Authority, user: User, groups: Collection[str], provider: str) -> set[Role]:
    if authority.is_closed:
        return set()
    mapped = GroupRole.objects.filter(authority=authority, provider=provider, group__in=list(groups))
    return {Role(role) for role in mapped.exclude(set_by=user).values_list("role", flat=True)}


def _may_end(authority: Authority, user: User, ending: set[Role], *, by: User) -> set[Role]:
    """All but the last administrator's role, which is marked instead, so that somebody is told to appoint another."""
    if Role.ADMINISTRATOR not in ending:
        return ending
    try:
        administrator_remains(authority, user, by=by)
    except LastAdministrator:
        Membership.objects.filter(
            authority=authority, user=user, role=Role.ADMINISTRATOR, ended_at=None, group_lost_at=None
        ).update(group_lost_at=timezone.now())
        return ending - {Role.ADMINISTRATOR}
    return ending
