"""Who may do what: one verdict with its reason, refused unless a role says yes."""

from dataclasses import dataclass
from enum import StrEnum

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User


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


ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset({Permission.SEE_DRAFTS}),
    Role.SCRUTINY: frozenset({Permission.SEE_RECORD}),
    Role.OFFICER: frozenset(
        {Permission.SEE_DRAFTS, Permission.EDIT_PLAN, Permission.PREPARE_RELEASE, Permission.SEE_RECORD}
    ),
    Role.ANALYST: frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.IMPORT_EVIDENCE,
            Permission.SEE_UNPROTECTED,
            Permission.PREPARE_RELEASE,
            Permission.SEE_RECORD,
        }
    ),
    Role.APPROVER: frozenset(
        {Permission.SEE_DRAFTS, Permission.PUBLISH_PLAN, Permission.APPROVE_RELEASE, Permission.SEE_RECORD}
    ),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_AUTHORITY, Permission.SEE_RECORD, Permission.ANSWER_REQUESTS}),
}


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
    if user.is_operator:
        return Verdict(True, "runs commands on the server itself")
    if authority is None:
        return Verdict(False, f"To {permission}, run the command on the server.")
    roles = Membership.objects.filter(user=user, authority=authority, ended_at=None).values_list("role", flat=True)
    for role in roles:
        if permission in ROLE_PERMISSIONS[Role(role)]:
            return Verdict(True, f"{Role(role).label} at {authority}")
    who = " or ".join(str(role.label) for role in Role if permission in ROLE_PERMISSIONS[role])
    return Verdict(False, f"{user} may not {permission} at {authority}: that takes the role {who}.")


def works_for(user: User, authority: Authority) -> bool:
    """Whether the authority's staff pages exist for the person at all."""
    return user.is_active and Membership.objects.filter(user=user, authority=authority, ended_at=None).exists()
