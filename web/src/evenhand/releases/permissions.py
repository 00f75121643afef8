"""Who may take each step of a publication, and why whoever protected it does not approve it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.permissions import ROLE_PERMISSIONS, Permission, Verdict, may
from evenhand.releases.enums import TRANSITIONS, State
from evenhand.releases.models import Release

STEPS: dict[str, Permission] = {
    "protect": Permission.SEE_UNPROTECTED,
    "check": Permission.PREPARE_RELEASE,
    "approve": Permission.APPROVE_RELEASE,
    "publish": Permission.APPROVE_RELEASE,
    "reopen": Permission.PREPARE_RELEASE,
}


@dataclass(frozen=True)
class Step:
    """A step from where a publication stands, and whether this person may take it."""

    name: str
    verdict: Verdict


def steps_from(state: State) -> tuple[str, ...]:
    """The names of the steps that the map of states allows from here."""
    return tuple(name for (start, _to), name in TRANSITIONS.items() if start == state)


def next_steps(release: Release, *, by: User) -> tuple[Step, ...]:
    """Each step from where it stands, with a verdict. Nothing is left to do once it is published."""
    return tuple(Step(name, may_take(name, release, by=by)) for name in steps_from(State(release.state)))


def may_take(step: str, release: Release, *, by: User) -> Verdict:
    verdict = may(by, STEPS[step], release.authority)
    return another_than_who_protected(release, by=by) if verdict.allowed and step == "approve" else verdict


def another_than_who_protected(release: Release, *, by: User) -> Verdict:
    """Two people see what goes out. A command on the server without a name is nobody's, and is let through."""
    if by.is_operator or release.protected_by_id != by.id:
        return Verdict(True, "did not protect it")
    others = _approvers(release).exclude(id=by.id)
    who = " or ".join(person.name for person in others[:3]) or "an administrator can give the role"
    return Verdict(
        False,
        f"Whoever protected a publication does not approve it, and {by} protected “{release.title}”. "
        f"Someone else with the role Approver at {release.authority} does: {who}.",
    )


def _approvers(release: Release) -> QuerySet[User]:
    roles = [role for role in Role if Permission.APPROVE_RELEASE in ROLE_PERMISSIONS[role]]
    return User.objects.filter(
        is_active=True,
        memberships__authority=release.authority_id,
        memberships__role__in=roles,
        memberships__ended_at=None,
    ).distinct()
