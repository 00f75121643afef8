"""Who may do what. Each verdict has a reason, and anything that no role allows is refused.

Each module declares its own permissions; these are those of this one and those that several share.
"""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Delegation, Membership, User
from evenhand.modules import Permission, registry

MANAGE_AUTHORITY = Permission(
    "authorities.manage_authority", "manage the authority", roles=frozenset({Role.ADMINISTRATOR})
)
SEE_DRAFTS = Permission(
    "authorities.see_drafts",
    "see drafts",
    roles=frozenset({Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER}),
)
SEE_RECORD = Permission(
    "authorities.see_record",
    "see the record of changes",
    roles=frozenset({Role.OFFICER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR, Role.SCRUTINY}),
)
ASSIGN_WORK = Permission(
    "authorities.assign_work",
    "take on work and hand it over",
    roles=frozenset({Role.OFFICER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR}),
)


_REMEMBERED = "_remembered_roles"  # an attribute of the person object of a request


class Refused(Exception):
    """The person may not do this; the message says why, and which role is needed."""


class CurrentRoles:
    """The roles of a person at every authority. Read once, when they are first needed."""

    def __init__(self, user: User) -> None:
        self._user_id = user.id

    def at(self, authority: Authority) -> list[Role]:
        """The roles that the person holds themselves."""
        return [role for authority_id, role in self.memberships if authority_id == authority.id]

    def delegated_at(self, authority: Authority) -> list[Delegation]:
        return [delegation for delegation in self.delegations if delegation.authority_id == authority.id]

    @property
    def anywhere(self) -> frozenset[Role]:
        own = {role for _authority_id, role in self.memberships}
        return frozenset(own | {Role(delegation.role) for delegation in self.delegations} if own else own)

    @cached_property
    def memberships(self) -> list[tuple[UUID, Role]]:
        current = Membership.objects.filter(user=self._user_id, ended_at=None)
        return [(authority_id, Role(role)) for authority_id, role in current.values_list("authority_id", "role")]

    @cached_property
    def delegations(self) -> list[Delegation]:
        return list(delegations_in_force().filter(receiver=self._user_id).select_related("giver"))


def remember_roles(user: User) -> None:
    """Read the roles of this person object only once. Only for a request that changes nothing (docs/adr/0016)."""
    setattr(user, _REMEMBERED, CurrentRoles(user))


def current_roles(user: User) -> CurrentRoles:
    """The person's roles now or, in a request that changes nothing, as they were at its start."""
    remembered: CurrentRoles | None = getattr(user, _REMEMBERED, None)
    return remembered or CurrentRoles(user)


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: str

    def require(self) -> None:
        if not self.allowed:
            raise Refused(self.reason)


def permissions_of(role: Role) -> frozenset[Permission]:
    """Everything that the role allows, of all modules."""
    return frozenset(permission for permission in registry.permissions() if role in permission.roles)


def roles_with(permission: Permission) -> list[Role]:
    return [role for role in Role if role in permission.roles]


def may(user: User, permission: Permission, authority: Authority | None) -> Verdict:
    """Whether the person may do this at the authority, or on the whole system if it is None."""
    if not user.is_active:
        return Verdict(False, f"{user} no longer has access.")
    if authority is not None and authority.is_closed and permission.ends_with_authority:
        return Verdict(
            False,
            f"{authority} closed on {authority.closing_day}. "
            f"What it published stays online, but nobody can {permission} there any more.",
        )
    if user.is_operator:
        return Verdict(True, "runs commands on the server")
    if authority is None:
        return Verdict(False, f"To {permission}, run the command on the server.")
    return _by_role(user, permission, authority)


def works_for(user: User, authority: Authority) -> bool:
    """Whether the person has a role at the authority, and so can see its staff pages."""
    return user.is_active and bool(current_roles(user).at(authority))


def may_delegate(user: User, giver: User, role: Role, authority: Authority) -> Verdict:
    """Whether the user may delegate the giver's role. A role that was itself delegated cannot be delegated further."""
    if user != giver and not user.is_operator:
        return Verdict(False, f"{user} may not delegate a role of {giver}.")
    if not user.is_active or not giver.is_active:
        return Verdict(False, f"{giver} no longer has access.")
    if Role(role) not in current_roles(giver).at(authority):
        return Verdict(False, f"{giver} does not hold the role {Role(role).label} at {authority} themselves.")
    return Verdict(True, f"{Role(role).label} at {authority}")


def delegations_in_force() -> QuerySet[Delegation]:
    """Delegations with effect now: the giver still holds the role and both people still work at the authority."""
    now = timezone.now()
    memberships = Membership.objects.filter(authority=OuterRef("authority"), ended_at=None)
    return Delegation.objects.filter(
        Exists(memberships.filter(user=OuterRef("giver"), role=OuterRef("role"))),
        Exists(memberships.filter(user=OuterRef("receiver"))),
        giver__is_active=True,
        starts_at__lte=now,
        ends_at__gte=now,
        ended_early_at=None,
    )


def _by_role(user: User, permission: Permission, authority: Authority) -> Verdict:
    roles = current_roles(user)
    for role in roles.at(authority):
        if role in permission.roles:
            return Verdict(True, f"{role.label} at {authority}")
    for delegation in roles.delegated_at(authority):
        if delegation.role in permission.roles:
            until = date_format(delegation.last_day, "j F Y")
            return Verdict(True, f"{Role(delegation.role).label} at {authority}, for {delegation.giver} until {until}")
    return Verdict(False, f"You need the {_permitted_roles(permission)} role at {authority} to {permission}.")


def _permitted_roles(permission: Permission) -> str:
    """The roles with the permission, as in “Viewer, Officer or Analyst”."""
    *others, last = (str(role.label) for role in roles_with(permission))
    return f"{', '.join(others)} or {last}" if others else last
