"""Roles lent to colleagues: by whom, to whom, for how long, and how it ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evenhand.authorities import actions, todo
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible
from evenhand.authorities.models import Authority, Delegation, User
from evenhand.authorities.permissions import Permission, Refused, may
from evenhand.ledger.models import Entry
from people_actions import somebody

DAY = timedelta(days=1)


@pytest.fixture
def giver(calderdale: Authority) -> User:
    return somebody(Role.APPROVER, "giver")


@pytest.fixture
def receiver(calderdale: Authority) -> User:
    return somebody(Role.OFFICER, "receiver")


def lend(by: User, to: User, role: Role = Role.APPROVER, first: int = 0, last: int = 5) -> Delegation:
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


def test_both_may_for_those_days_and_what_is_done_is_the_receivers(
    calderdale: Authority, giver: User, receiver: User
) -> None:
    lend(giver, receiver)
    assert all(may(each, Permission.APPROVE_RELEASE, calderdale).allowed for each in (giver, receiver))
    lend(somebody(Role.ADMINISTRATOR), receiver, Role.ADMINISTRATOR)
    actions.add_unit(calderdale, by=receiver, name="Made while standing in")
    assert Entry.objects.filter(action="authorities.add_unit").latest("position").actor_id == receiver.id


def test_a_lent_role_is_not_lent_on(giver: User, receiver: User) -> None:
    lend(giver, receiver)
    with pytest.raises(Refused, match="in their own right"):
        lend(receiver, somebody(Role.VIEWER))


def test_nobody_lends_what_is_not_theirs(giver: User, receiver: User, by: User) -> None:
    with pytest.raises(Refused):
        lend(giver, receiver, Role.ANALYST)
    with pytest.raises(Refused, match="may not lend a role of"):
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


def test_to_whom_and_when_it_can_be_lent(giver: User, receiver: User) -> None:
    outsider = somebody(Role.OFFICER, "outsider", Authority.objects.get(slug="leeds-city-council"))
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
            lend(giver, to, first=first, last=last)
    assert lend(giver, receiver, first=0, last=365)


@pytest.mark.parametrize(("first", "last"), [(0, 0), (2, 9), (5, 5), (0, 9)])
def test_the_same_days_twice_are_said_clearly(giver: User, receiver: User, first: int, last: int) -> None:
    lend(giver, receiver, first=0, last=5)
    with pytest.raises(NotPossible, match="already"):
        lend(giver, receiver, first=first, last=last)
    assert lend(giver, receiver, first=6, last=9)


@pytest.mark.parametrize("who", ["giver", "receiver", "administrator"])
def test_it_can_be_ended_early_by_either_and_by_an_administrator(
    calderdale: Authority, giver: User, receiver: User, who: str
) -> None:
    lent = lend(giver, receiver)
    with pytest.raises(Refused):
        actions.end_delegation(lent, by=somebody(Role.ANALYST))
    ender = {"giver": giver, "receiver": receiver, "administrator": somebody(Role.ADMINISTRATOR)}[who]
    actions.end_delegation(lent, by=ender)
    assert not may(receiver, Permission.APPROVE_RELEASE, calderdale).allowed
    entries = Entry.objects.count()
    actions.end_delegation(lent, by=ender)
    assert Entry.objects.count() == entries


def test_it_ends_with_the_givers_role(calderdale: Authority, giver: User, receiver: User) -> None:
    admin = somebody(Role.ADMINISTRATOR)
    lend(giver, receiver)
    actions.change_roles(calderdale, giver, by=admin, roles=[Role.VIEWER])
    assert not may(receiver, Permission.APPROVE_RELEASE, calderdale).allowed
    actions.change_roles(calderdale, giver, by=admin, roles=[Role.APPROVER])
    assert not may(receiver, Permission.APPROVE_RELEASE, calderdale).allowed


def test_both_are_told_before_it_ends(giver: User, receiver: User) -> None:
    lend(giver, receiver, last=2)
    for person in (giver, receiver):
        (found,) = (each for each in todo.waiting_for(person) if "stands in" in each.title)
        assert found.due == timezone.localdate() + 2 * DAY
    assert not [each for each in todo.waiting_for(somebody(Role.VIEWER)) if "stands in" in each.title]
