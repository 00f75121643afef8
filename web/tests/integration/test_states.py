"""Every step of a publication × every state × every role × own, parent, member and other authority."""

from collections.abc import Callable

import pytest
from django.db import transaction

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import operator
from evenhand.evidence.actions import import_workforce
from evenhand.evidence.queries import snapshots
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.releases import actions
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release

pytestmark = pytest.mark.usefixtures("in_production")

D, P, C, A, OUT = (
    ReleaseState.DRAFT,
    ReleaseState.PROTECTED,
    ReleaseState.CHECKED,
    ReleaseState.APPROVED,
    ReleaseState.PUBLISHED,
)
OFFICER, ANALYST, APPROVER = Role.OFFICER, Role.ANALYST, Role.APPROVER
Step = Callable[[Release, User], object]

# step -> (the roles that may take it, the states in which it can be taken, a call of it)
STEPS: dict[str, tuple[set[Role], set[ReleaseState], Step]] = {
    "protect": ({ANALYST}, {D}, lambda release, by: actions.protect(release, by=by)),
    "check": ({OFFICER, ANALYST}, {P}, lambda release, by: actions.check(release, by=by)),
    "approve": ({APPROVER}, {C}, lambda release, by: actions.approve(release, by=by)),
    "publish": ({APPROVER}, {A}, lambda release, by: actions.publish(release, by=by)),
    "reopen": ({OFFICER, ANALYST}, {P, C, A}, lambda release, by: actions.reopen(release, by=by, reason="again")),
}
STEPS_TO: dict[ReleaseState, tuple[str, ...]] = {
    D: (),
    P: ("protect",),
    C: ("protect", "check"),
    A: ("protect", "check", "approve"),
    OUT: ("protect", "check", "approve", "publish"),
}
COUNTS = b"published,organisation,employees,gender_female\n2031,Leeds City Council,1000,600\n"
PLACES = {
    "own": "leeds-city-council",
    "parent": "liverpool-city-region-combined-authority",
    "member": "liverpool-city-council",
    "other": "calderdale-council",
}


def release_in(state: ReleaseState) -> Release:
    """A publication of Leeds in this state. The operator takes every step, without the checks on persons."""
    leeds, server = Authority.objects.get(slug=PLACES["own"]), operator()
    Authority.objects.filter(id=leeds.id).update(parent=Authority.objects.get(slug=PLACES["parent"]))
    Authority.objects.filter(slug=PLACES["member"]).update(parent=leeds)
    import_workforce(COUNTS, by=server, name="counts.csv")  # figures that have not been published
    new = list(snapshots(leeds, years=[2031]))
    release = actions.draft(leeds, by=server, slug="again", title="Again", policy_id="council_lt10", snapshots=new)
    for step in STEPS_TO[state]:
        STEPS[step][2](release, server)
    return Release.objects.select_related("authority").get(id=release.id)


def outcome(step: str, release: Release, by: User) -> str:
    # a new instance, because a step refreshes the instance that it gets
    release = Release.objects.select_related("authority").get(id=release.id)
    before = Entry.objects.count(), release.state
    savepoint = transaction.savepoint()
    try:
        STEPS[step][2](release, by)
    except Refused:
        result = "refused"
    except (actions.InvalidTransition, GateClosed):
        result = "not now"
    else:
        result = "done"
    after = Entry.objects.count(), Release.objects.get(id=release.id).state
    assert (before != after) == (result == "done"), "a refused step changes nothing and is not recorded"
    transaction.savepoint_rollback(savepoint)
    return result


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("state", ReleaseState)
def test_each_step_in_each_state_for_each_role(db, state: ReleaseState, where: str) -> None:
    release = release_in(state)
    workplace = Authority.objects.get(slug=PLACES[where])
    for role in Role:
        person = User.objects.create_user(f"{role}@{where}.example", f"The {role}")
        Membership.objects.create(authority=workplace, user=person, role=role)
        for step, (allowed, states, _take) in STEPS.items():
            expected = "refused" if where != "own" or role not in allowed else "done" if state in states else "not now"
            assert (role, step, outcome(step, release, person)) == (role, step, expected)


@pytest.mark.parametrize("state", [D, P, C, A])
def test_a_draft_is_not_found_by_staff_of_other_authorities(client, db, state: ReleaseState) -> None:
    release = release_in(state)
    for place in ("parent", "member", "other"):
        person = User.objects.create_user(f"someone@{place}.example", "Someone")
        for role in Role:
            Membership.objects.create(authority=Authority.objects.get(slug=PLACES[place]), user=person, role=role)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        own = f"/work/{release.authority.slug}/publications/{release.slug}/"
        missing = f"/work/{release.authority.slug}/publications/no-such-thing/"
        for address in (own, f"/authorities/{release.authority.slug}/publications/{release.slug}/"):
            assert client.get(address).status_code == 404
            assert "Again" not in client.get(address).content.decode()
        assert client.get(own).status_code == client.get(missing).status_code
