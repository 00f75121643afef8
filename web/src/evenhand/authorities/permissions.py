"""Who may do what: one verdict with its reason, refused unless a role says yes."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Delegation, Membership, User


class Permission(StrEnum):
    MANAGE_AUTHORITY = "manage the authority"
    EDIT_PLAN = "edit plans"
    PUBLISH_PLAN = "publish plans"
    SEE_DRAFTS = "see drafts"
    SEE_UNPROTECTED = "see unprotected figures"
    IMPORT_EVIDENCE = "import evidence"
    PREPARE_RELEASE = "prepare publications"
    APPROVE_RELEASE = "approve and publish publications"
    SEE_RECORD = "see the record of changes"
    ANSWER_REQUESTS = "answer people's requests about their data"
    TAKE_IN_HAND = "take work in hand and hand it over"


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_DRAFTS}),
    Role.SCRUTINY: frozenset({Permission.SEE_RECORD}),
    Role.OFFICER: frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.EDIT_PLAN,
            Permission.PREPARE_RELEASE,
            Permission.SEE_RECORD,
            Permission.TAKE_IN_HAND,
        }
    ),
    Role.ANALYST: frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.IMPORT_EVIDENCE,
            Permission.SEE_UNPROTECTED,
            Permission.PREPARE_RELEASE,
            Permission.SEE_RECORD,
            Permission.TAKE_IN_HAND,
        }
    ),
    Role.APPROVER: frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.PUBLISH_PLAN,
            Permission.APPROVE_RELEASE,
            Permission.SEE_RECORD,
            Permission.TAKE_IN_HAND,
        }
    ),
    Role.ADMINISTRATOR: frozenset(
        {Permission.MANAGE_AUTHORITY, Permission.SEE_RECORD, Permission.ANSWER_REQUESTS, Permission.TAKE_IN_HAND}
    ),
}
# What a body that is no more can't do, though its people may still read what it left.
ENDS_WITH_THE_AUTHORITY = frozenset(
    {
        Permission.EDIT_PLAN,
        Permission.PUBLISH_PLAN,
        Permission.IMPORT_EVIDENCE,
        Permission.PREPARE_RELEASE,
        Permission.APPROVE_RELEASE,
    }
)


class Refused(Exception):
    """The person may not do this; the message says why and who may."""


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: str

    def require(self) -> None:
        if not self.allowed:
            raise Refused(self.reason)


def may(user: User, permission: Permission, authority: Authority | None) -> Verdict:
    """Whether the person may do this at the authority. `None` asks about the system itself."""
    if not user.is_active:
        return Verdict(False, f"{user} no longer has access.")
    if authority is not None and authority.is_closed and permission in ENDS_WITH_THE_AUTHORITY:
        return Verdict(
            False,
            f"{authority} closed on {authority.closing_day}. "
            f"What it published stays, and nobody can {permission} there any more.",
        )
    if user.is_operator:
        return Verdict(True, "runs commands on the server itself")
    if authority is None:
        return Verdict(False, f"To {permission}, run the command on the server.")
    return _by_role(user, permission, authority)


def works_for(user: User, authority: Authority) -> bool:
    """Whether the authority's staff pages exist for the person at all."""
    return user.is_active and _memberships(user, authority).exists()


def may_lend(user: User, giver: User, role: Role, authority: Authority) -> Verdict:
    """Whether the role can be lent: by whoever holds it in their own right, so that nobody lends what was lent."""
    if user != giver and not user.is_operator:
        return Verdict(False, f"{user} may not lend a role of {giver}.")
    if not user.is_active or not giver.is_active:
        return Verdict(False, f"{giver} no longer has access.")
    if not _memberships(giver, authority).filter(role=role).exists():
        return Verdict(False, f"{giver} is not {Role(role).label} at {authority} in their own right.")
    return Verdict(True, f"{Role(role).label} at {authority}")


def delegations_in_force() -> QuerySet[Delegation]:
    """Those that open something now: within their days, while the giver holds the role and both still work there."""
    now = timezone.now()
    standing = Membership.objects.filter(authority=OuterRef("authority"), ended_at=None)
    return Delegation.objects.filter(
        Exists(standing.filter(user=OuterRef("giver"), role=OuterRef("role"))),
        Exists(standing.filter(user=OuterRef("receiver"))),
        giver__is_active=True,
        starts_at__lte=now,
        ends_at__gte=now,
        ended_early_at=None,
    )


def _by_role(user: User, permission: Permission, authority: Authority) -> Verdict:
    for role in _memberships(user, authority).values_list("role", flat=True):
        if permission in ROLE_PERMISSIONS[Role(role)]:
            return Verdict(True, f"{Role(role).label} at {authority}")
    for lent in delegations_in_force().filter(receiver=user, authority=authority).select_related("giver"):
        if permission in ROLE_PERMISSIONS[Role(lent.role)]:
            until = date_format(lent.last_day, "j F Y")
            return Verdict(True, f"{Role(lent.role).label} at {authority}, for {lent.giver} until {until}")
    who = " or ".join(str(role.label) for role in Role if permission in ROLE_PERMISSIONS[role])
    return Verdict(False, f"{user} may not {permission} at {authority}: that takes the role {who}.")


def _memberships(user: User, authority: Authority) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user, authority=authority, ended_at=None)
