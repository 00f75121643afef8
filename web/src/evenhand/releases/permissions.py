"""Who may take each step of a publication. The person who protects it may not also approve it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.permissions import Verdict, may
from evenhand.evidence.permissions import SEE_UNPROTECTED
from evenhand.modules import Permission
from evenhand.releases.enums import TRANSITIONS, ReleaseState
from evenhand.releases.models import Release

PREPARE_RELEASE = Permission(
    "releases.prepare_release",
    "prepare publications",
    roles=frozenset({Role.OFFICER, Role.ANALYST}),
    ends_with_authority=True,
)
APPROVE_RELEASE = Permission(
    "releases.approve_release",
    "approve and publish publications",
    roles=frozenset({Role.APPROVER}),
    ends_with_authority=True,
)

STEPS: dict[str, Permission] = {
    "protect": SEE_UNPROTECTED,
    "check": PREPARE_RELEASE,
    "approve": APPROVE_RELEASE,
    "publish": APPROVE_RELEASE,
    "reopen": PREPARE_RELEASE,
}


@dataclass(frozen=True)
class AvailableStep:
    """A step from the current state of a publication, and whether this person may take it."""

    name: str
    verdict: Verdict


def steps_from(state: ReleaseState) -> tuple[str, ...]:
    """The names of the steps that TRANSITIONS allows from this state."""
    return tuple(name for (start, _to), name in TRANSITIONS.items() if start == state)


def next_steps(release: Release, *, by: User) -> tuple[AvailableStep, ...]:
    """Each step from the current state, with a verdict. There are none once it is published."""
    return tuple(
        AvailableStep(name, may_take(name, release, by=by)) for name in steps_from(ReleaseState(release.state))
    )


def may_take(step: str, release: Release, *, by: User) -> Verdict:
    verdict = may(by, STEPS[step], release.authority)
    return separate_approver(release, by=by) if verdict.allowed and step == "approve" else verdict


def separate_approver(release: Release, *, by: User) -> Verdict:
    """Require the approver not to be the person who protected it. Server commands without a named user are exempt."""
    if by.is_operator or release.protected_by_id != by.id:
        return Verdict(True, "did not protect it")
    others = _approvers(release).exclude(id=by.id)
    names = " or ".join(person.name for person in others[:3])
    approver = f"Ask {names}." if names else "Ask an administrator to give someone else this role."
    return Verdict(
        False,
        f"The person who protected a publication can’t approve it, and {by} protected “{release.title}”. "
        f"Someone else with the Approver role at {release.authority} must approve it. {approver}",
    )


def _approvers(release: Release) -> QuerySet[User]:
    return User.objects.filter(
        is_active=True,
        memberships__authority=release.authority_id,
        memberships__role__in=APPROVE_RELEASE.roles,
        memberships__ended_at=None,
    ).distinct()
