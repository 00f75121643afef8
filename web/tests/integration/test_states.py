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
from evenhand.releases.enums import State
from evenhand.releases.models import Release

D, P, C, A, OUT = State.DRAFT, State.PROTECTED, State.CHECKED, State.APPROVED, State.PUBLISHED
OFFICER, ANALYST, APPROVER = Role.OFFICER, Role.ANALYST, Role.APPROVER
Step = Callable[[Release, User], object]

# step -> (who may, the states in which it can be taken, what taking it looks like)
STEPS: dict[str, tuple[set[Role], set[State], Step]] = {
    "protect": ({ANALYST}, {D}, lambda release, by: actions.protect(release, by=by)),
    "check": ({OFFICER, ANALYST}, {P}, lambda release, by: actions.check(release, by=by)),
    "approve": ({APPROVER}, {C}, lambda release, by: actions.approve(release, by=by)),
    "publish": ({APPROVER}, {A}, lambda release, by: actions.publish(release, by=by)),
    "reopen": ({OFFICER, ANALYST}, {P, C, A}, lambda release, by: actions.reopen(release, by=by, reason="again")),
}
WAY_TO: dict[State, tuple[str, ...]] = {
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


def release_in(state: State) -> Release:
    """A publication of Leeds, brought there by the server, whom no rule about persons holds."""
    leeds, server = Authority.objects.get(slug=PLACES["own"]), operator()
    Authority.objects.filter(id=leeds.id).update(parent=Authority.objects.get(slug=PLACES["parent"]))
    Authority.objects.filter(slug=PLACES["member"]).update(parent=leeds)
    import_workforce(COUNTS, by=server, name="counts.csv")  # figures of which nothing is out yet
    held = list(snapshots(leeds, years=[2031]))
    release = actions.draft(leeds, by=server, slug="again", title="Again", policy_id="council_lt10", snapshots=held)
    for step in WAY_TO[state]:
        STEPS[step][2](release, server)
    return Release.objects.select_related("authority").get(id=release.id)


def outcome(step: str, release: Release, by: User) -> str:
    # read anew, because a step refreshes the one that it is given
    release = Release.objects.select_related("authority").get(id=release.id)
    before = Entry.objects.count(), release.state
    mark = transaction.savepoint()
    try:
        STEPS[step][2](release, by)
    except Refused:
        found = "refused"
    except (actions.WrongState, GateClosed):
        found = "not now"
    else:
        found = "done"
    after = Entry.objects.count(), Release.objects.get(id=release.id).state
    assert (before != after) == (found == "done"), "what is refused changes nothing and is not in the record"
    transaction.savepoint_rollback(mark)
    return found


@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("state", State)
def test_each_step_in_each_state_for_each_role(db, state: State, where: str) -> None:
    release = release_in(state)
    workplace = Authority.objects.get(slug=PLACES[where])
    for role in Role:
        person = User.objects.create_user(f"{role}@{where}.example", f"The {role}")
        Membership.objects.create(authority=workplace, user=person, role=role)
        for step, (who, states, _take) in STEPS.items():
            wanted = "refused" if where != "own" or role not in who else "done" if state in states else "not now"
            found = outcome(step, release, person)
            assert (role, step, found) == (role, step, wanted)


@pytest.mark.parametrize("state", [D, P, C, A])
def test_a_draft_does_not_exist_for_anyone_else(client, db, state: State) -> None:
    release = release_in(state)
    for place in ("parent", "member", "other"):
        person = User.objects.create_user(f"someone@{place}.example", "Someone")
        for role in Role:
            Membership.objects.create(authority=Authority.objects.get(slug=PLACES[place]), user=person, role=role)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        own = f"/work/{release.authority.slug}/publications/{release.slug}/"
        nowhere = f"/work/{release.authority.slug}/publications/no-such-thing/"
        for address in (own, f"/authorities/{release.authority.slug}/publications/{release.slug}/"):
            assert client.get(address).status_code == 404
            assert "Again" not in client.get(address).content.decode()
        assert client.get(own).status_code == client.get(nowhere).status_code
