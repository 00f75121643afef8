"""`may`: every role × permission × own, parent, member and other authority × way of holding the role."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Delegation, Membership, User
from evenhand.authorities.permissions import may, permissions_of, works_for
from evenhand.modules import Permission, registry
from evenhand.plans.permissions import EDIT_PLAN
from evenhand.releases.permissions import APPROVE_RELEASE
from support.people_actions import somebody

pytestmark = pytest.mark.usefixtures("in_production")

DAY = timedelta(days=1)


@pytest.fixture
def bodies(calderdale: Authority) -> dict[str, Authority]:
    parent, member, other = (
        Authority.objects.get(slug=slug)
        for slug in ("liverpool-city-region-combined-authority", "liverpool-city-council", "leeds-city-council")
    )
    calderdale.parent = parent
    calderdale.save()
    member.parent = calderdale
    member.save()
    return {"own": calderdale, "parent": parent, "member": member, "other": other}


def person(name: str = "p") -> User:
    return User.objects.create_user(f"{name}@x.example", name)


def holding(at: Authority, role: Role) -> User:
    holder = person()
    Membership.objects.create(authority=at, user=holder, role=role)
    return holder


def ended(at: Authority, role: Role) -> User:
    holder = holding(at, role)
    Membership.objects.filter(user=holder).update(ended_at=timezone.now())
    return holder


def inactive(at: Authority, role: Role) -> User:
    holder = holding(at, role)
    holder.is_active = False
    holder.save()
    return holder


def delegated(at: Authority, role: Role, *, first: timedelta = -DAY, last: timedelta = DAY, **values: object) -> User:
    """Someone with another role of their own at the authority, to whom the role has been delegated."""
    receiver, now = person(), timezone.now()
    Membership.objects.create(authority=at, user=receiver, role=_other_than(role))
    Delegation.objects.create(
        authority=at,
        role=role,
        giver=values.pop("giver", None) or somebody(role, "giver", at),
        receiver=receiver,
        reason="Leave",
        starts_at=now + first,
        ends_at=now + last,
        **values,
    )
    return receiver


def _other_than(role: Role) -> Role:
    return Role.SCRUTINY if role != Role.SCRUTINY else Role.VIEWER


def delegated_by_a_leaver(at: Authority, role: Role) -> User:
    receiver = delegated(at, role)
    Membership.objects.filter(user=somebody(role, "giver", at)).update(ended_at=timezone.now())
    return receiver


def delegated_by_a_deactivated_person(at: Authority, role: Role) -> User:
    receiver = delegated(at, role)
    User.objects.filter(id=somebody(role, "giver", at).id).update(is_active=False)
    return receiver


def delegated_further(at: Authority, role: Role) -> User:
    """A delegation by someone who only has the role through a delegation. The actions refuse to create such a row."""
    middle = delegated(at, role)
    receiver = User.objects.create_user("third@x.example", "Third")
    Membership.objects.create(authority=at, user=receiver, role=_other_than(role))
    now = timezone.now()
    Delegation.objects.create(
        authority=at, role=role, giver=middle, receiver=receiver, reason="", starts_at=now - DAY, ends_at=now + DAY
    )
    return receiver


Hold = Callable[[Authority, Role], User]
WAYS: dict[str, tuple[Hold, bool]] = {
    "held": (holding, True),
    "delegated": (delegated, True),
    "ended": (ended, False),
    "without access": (inactive, False),
    "delegated from tomorrow": (lambda at, role: delegated(at, role, first=DAY, last=2 * DAY), False),
    "delegated until yesterday": (lambda at, role: delegated(at, role, first=-2 * DAY, last=-DAY), False),
    "delegated and ended early": (lambda at, role: delegated(at, role, ended_early_at=timezone.now()), False),
    "delegated by a leaver": (delegated_by_a_leaver, False),
    "delegated by a deactivated person": (delegated_by_a_deactivated_person, False),
    "delegated further": (delegated_further, False),
}


# Whether a way has an effect does not depend on the role, so `make test` has one role for most of them.
EVERY_ROLE = ("held", "delegated")
HOLDING = [
    pytest.param(way, role, marks=() if way in EVERY_ROLE or role == Role.APPROVER else pytest.mark.long)
    for way in WAYS
    for role in Role
]


@pytest.mark.parametrize(("way", "role"), HOLDING)
def test_each_permission_at_each_authority(bodies: dict[str, Authority], way: str, role: Role) -> None:
    hold, has_effect = WAYS[way]
    someone = hold(bodies["own"], role)
    # the receiver of a delegation also has another role of their own
    own = permissions_of(_other_than(role)) if way.startswith("delegated") else frozenset()
    permissions = own | (permissions_of(role) if has_effect else frozenset())
    for permission in registry.permissions():
        for where, body in bodies.items():
            expected = where == "own" and permission in permissions
            verdict = may(someone, permission, body)
            assert (where, permission, verdict.allowed) == (where, permission, expected), verdict.reason
            assert verdict.reason
        assert not may(someone, permission, None).allowed
    assert works_for(someone, bodies["own"]) == (way not in ("ended", "without access"))
    assert not any(works_for(someone, bodies[where]) for where in ("parent", "member", "other"))


def test_the_reason_names_the_giver_and_the_last_day(calderdale: Authority) -> None:
    giver = somebody(Role.APPROVER, "giver")
    receiver = delegated(calderdale, Role.APPROVER, last=timedelta(days=3))
    until = timezone.localdate() + timedelta(days=3)
    verdict = may(receiver, APPROVE_RELEASE, calderdale)
    assert verdict.reason == f"Approver at Calderdale Council, for {giver} until {until.day} {until:%B %Y}"


def ending_permissions() -> set[Permission]:
    return {permission for permission in registry.permissions() if permission.ends_with_authority}


@pytest.mark.parametrize("role", Role)
def test_a_closed_authority_can_be_read_and_not_changed(calderdale: Authority, role: Role) -> None:
    someone = holding(calderdale, role)
    calderdale.closed_on = timezone.localdate()
    for permission in registry.permissions():
        expected = permission in permissions_of(role) - ending_permissions()
        assert may(someone, permission, calderdale).allowed == expected
    calderdale.closed_on = timezone.localdate() + DAY
    for permission in registry.permissions():
        assert may(someone, permission, calderdale).allowed == (permission in permissions_of(role))


def test_the_operator_cannot_change_a_closed_authority_either(calderdale: Authority, by: User) -> None:
    calderdale.closed_on = timezone.localdate()
    refused = {permission for permission in registry.permissions() if not may(by, permission, calderdale).allowed}
    assert refused == ending_permissions()
    assert "closed on" in may(by, EDIT_PLAN, calderdale).reason


# The clocks go back on 25 October 2026 and forward on 28 March 2027: one day has 25 hours, the other 23.
INSTANTS = [
    ("2026-10-24", "2026-10-23T22:59:59", False),  # still the day before in London, on summer time
    ("2026-10-24", "2026-10-23T23:00:00", True),
    ("2026-10-25", "2026-10-25T23:59:59", True),  # winter time by evening
    ("2026-10-25", "2026-10-26T00:00:00", False),
    ("2027-03-28", "2027-03-27T23:59:59", False),
    ("2027-03-28", "2027-03-28T00:00:00", True),
    ("2027-03-28", "2027-03-28T22:59:59", True),  # summer time by evening
    ("2027-03-28", "2027-03-28T23:00:00", False),
]


@pytest.mark.parametrize(("day", "instant", "wanted"), INSTANTS)
def test_a_day_is_londons_across_the_change_of_clocks(
    calderdale: Authority, monkeypatch: pytest.MonkeyPatch, day: str, instant: str, wanted: bool
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 10, 1, 12, tzinfo=UTC))
    giver, receiver = somebody(Role.APPROVER, "giver"), somebody(Role.OFFICER, "receiver")
    on = datetime.fromisoformat(day).date()
    actions.delegate(
        calderdale, by=giver, receiver=receiver, role=Role.APPROVER, first_day=on, last_day=on, reason="Leave"
    )
    moment = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    assert may(receiver, APPROVE_RELEASE, calderdale).allowed == wanted
