"""Cover for absence: who can delegate a role, to whom, for how long, and how it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.authorities import actions, staff_tasks
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Delegation, User
from evenhand.authorities.permissions import Refused, may
from evenhand.ledger.models import Entry
from evenhand.releases.permissions import APPROVE_RELEASE
from support.authorities import leeds_with_staff
from support.people_actions import somebody

pytestmark = pytest.mark.both_databases

DAY = timedelta(days=1)


@pytest.fixture
def giver(calderdale: Authority) -> User:
    return somebody(Role.APPROVER, "giver")


@pytest.fixture
def receiver(calderdale: Authority) -> User:
    return somebody(Role.OFFICER, "receiver")


def delegate(by: User, to: User, role: Role = Role.APPROVER, first: int = 0, last: int = 5) -> Delegation:
    today = timezone.localdate()
    return actions.delegate(
        Authority.objects.get(slug="calderdale-council"),
        by=by,
        receiver=to,
        role=role,
        first_day=today + first * DAY,
        last_day=today + last * DAY,
        reason="Annual leave",
    )


def test_both_people_have_the_role_and_actions_are_recorded_for_the_receiver(
    calderdale: Authority, giver: User, receiver: User
) -> None:
    delegate(giver, receiver)
    assert all(may(person, APPROVE_RELEASE, calderdale).allowed for person in (giver, receiver))
    delegate(somebody(Role.ADMINISTRATOR), receiver, Role.ADMINISTRATOR)
    actions.add_unit(calderdale, by=receiver, name="Added while covering")
    assert Entry.objects.filter(action="authorities.add_unit").latest("position").actor_id == receiver.id


def test_a_delegated_role_cannot_be_delegated_further(giver: User, receiver: User) -> None:
    delegate(giver, receiver)
    with pytest.raises(Refused, match="does not hold the role Approver at Calderdale Council themselves"):
        delegate(receiver, somebody(Role.VIEWER))


def test_only_ones_own_role_can_be_delegated(giver: User, receiver: User, by: User) -> None:
    with pytest.raises(Refused):
        delegate(giver, receiver, Role.ANALYST)
    with pytest.raises(Refused, match="may not delegate a role of"):
        actions.delegate(
            Authority.objects.get(slug="calderdale-council"),
            by=somebody(Role.ADMINISTRATOR),
            giver=giver,
            receiver=receiver,
            role=Role.APPROVER,
            first_day=timezone.localdate(),
            last_day=timezone.localdate(),
            reason="x",
        )


def test_the_receiver_and_dates_are_checked(giver: User, receiver: User) -> None:
    outsider = somebody(Role.OFFICER, "outsider", leeds_with_staff())
    fellow = somebody(Role.APPROVER, "fellow")
    for to, first, last in (
        (giver, 0, 1),
        (outsider, 0, 1),
        (fellow, 0, 1),
        (receiver, -1, 1),
        (receiver, 3, 2),
        (receiver, 0, 366),
    ):
        with pytest.raises(NotPossible):
            delegate(giver, to, first=first, last=last)
    assert delegate(giver, receiver, first=0, last=365)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 9), (5, 5), (0, 9)])
def test_overlapping_delegations_are_refused(giver: User, receiver: User, first: int, last: int) -> None:
    delegate(giver, receiver, first=0, last=5)
    with pytest.raises(NotPossible, match="already"):
        delegate(giver, receiver, first=first, last=last)
    assert delegate(giver, receiver, first=6, last=9)


@pytest.mark.parametrize("ender", ["giver", "receiver", "administrator"])
def test_the_giver_the_receiver_and_administrators_can_end_it_early(
    calderdale: Authority, giver: User, receiver: User, ender: str
) -> None:
    delegation = delegate(giver, receiver)
    with pytest.raises(Refused):
        actions.end_delegation(delegation, by=somebody(Role.ANALYST))
    person = {"giver": giver, "receiver": receiver, "administrator": somebody(Role.ADMINISTRATOR)}[ender]
    actions.end_delegation(delegation, by=person)
    assert not may(receiver, APPROVE_RELEASE, calderdale).allowed
    entries = Entry.objects.count()
    actions.end_delegation(delegation, by=person)
    assert Entry.objects.count() == entries


def test_it_ends_when_the_giver_loses_the_role(calderdale: Authority, giver: User, receiver: User) -> None:
    admin = somebody(Role.ADMINISTRATOR)
    delegate(giver, receiver)
    actions.change_roles(calderdale, giver, by=admin, roles=[Role.VIEWER])
    assert not may(receiver, APPROVE_RELEASE, calderdale).allowed
    actions.change_roles(calderdale, giver, by=admin, roles=[Role.APPROVER])
    assert not may(receiver, APPROVE_RELEASE, calderdale).allowed


def test_both_people_get_a_task_before_it_ends(giver: User, receiver: User) -> None:
    delegate(giver, receiver, last=2)
    for person in (giver, receiver):
        (task,) = (task for task in staff_tasks.tasks_for(person) if "Cover by" in task.title)
        assert task.due == timezone.localdate() + 2 * DAY
    assert not [task for task in staff_tasks.tasks_for(somebody(Role.VIEWER)) if "Cover by" in task.title]
