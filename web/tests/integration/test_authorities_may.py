"""`may`: every role × permission × own, parent, member and other authority × how the role is held."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Delegation, Membership, User
from evenhand.authorities.permissions import ENDS_WITH_THE_AUTHORITY, ROLE_PERMISSIONS, Permission, may, works_for
from people_actions import somebody

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


def held(at: Authority, role: Role) -> User:
    made = person()
    Membership.objects.create(authority=at, user=made, role=role)
    return made


def ended(at: Authority, role: Role) -> User:
    made = held(at, role)
    Membership.objects.filter(user=made).update(ended_at=timezone.now())
    return made


def inactive(at: Authority, role: Role) -> User:
    made = held(at, role)
    made.is_active = False
    made.save()
    return made


def lent(at: Authority, role: Role, *, first: timedelta = -DAY, last: timedelta = DAY, **other: object) -> User:
    """Someone with no more of their own than a place at the authority, in a role that opens less than the lent one."""
    receiver, now = person(), timezone.now()
    Membership.objects.create(authority=at, user=receiver, role=_other_than(role))
    Delegation.objects.create(
        authority=at,
        role=role,
        giver=other.pop("giver", None) or somebody(role, "giver", at),
        receiver=receiver,
        reason="Leave",
        starts_at=now + first,
        ends_at=now + last,
        **other,
    )
    return receiver


def _other_than(role: Role) -> Role:
    return Role.SCRUTINY if role != Role.SCRUTINY else Role.VIEWER


def lent_by_a_leaver(at: Authority, role: Role) -> User:
    receiver = lent(at, role)
    Membership.objects.filter(user=somebody(role, "giver", at)).update(ended_at=timezone.now())
    return receiver


def lent_by_one_without_access(at: Authority, role: Role) -> User:
    receiver = lent(at, role)
    User.objects.filter(id=somebody(role, "giver", at).id).update(is_active=False)
    return receiver


def lent_on(at: Authority, role: Role) -> User:
    """What the giver has only been lent can't reach a third person, even if a row said so."""
    middle = lent(at, role)
    receiver = User.objects.create_user("third@x.example", "Third")
    Membership.objects.create(authority=at, user=receiver, role=_other_than(role))
    now = timezone.now()
    Delegation.objects.create(
        authority=at, role=role, giver=middle, receiver=receiver, reason="", starts_at=now - DAY, ends_at=now + DAY
    )
    return receiver


Hold = Callable[[Authority, Role], User]
WAYS: dict[str, tuple[Hold, bool]] = {
    "held": (held, True),
    "lent": (lent, True),
    "ended": (ended, False),
    "without access": (inactive, False),
    "lent from tomorrow": (lambda at, role: lent(at, role, first=DAY, last=2 * DAY), False),
    "lent until yesterday": (lambda at, role: lent(at, role, first=-2 * DAY, last=-DAY), False),
    "lent and ended early": (lambda at, role: lent(at, role, ended_early_at=timezone.now()), False),
    "lent by one who left": (lent_by_a_leaver, False),
    "lent by one without access": (lent_by_one_without_access, False),
    "lent on": (lent_on, False),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("way", WAYS)
def test_every_permission_everywhere(bodies: dict[str, Authority], way: str, role: Role) -> None:
    hold, counts = WAYS[way]
    someone = hold(bodies["own"], role)
    # whoever was lent a role works there in another one, which opens what it opens
    own = ROLE_PERMISSIONS[_other_than(role)] if way.startswith("lent") else frozenset()
    opened = own | (ROLE_PERMISSIONS[role] if counts else frozenset())
    for permission in Permission:
        for where, body in bodies.items():
            wanted = where == "own" and permission in opened
            verdict = may(someone, permission, body)
            assert (where, permission, verdict.allowed) == (where, permission, wanted), verdict.reason
            assert verdict.reason
        assert not may(someone, permission, None).allowed
    assert works_for(someone, bodies["own"]) == (way not in ("ended", "without access"))
    assert not any(works_for(someone, bodies[where]) for where in ("parent", "member", "other"))


def test_the_reason_names_for_whom_and_until_when(calderdale: Authority) -> None:
    giver = somebody(Role.APPROVER, "giver")
    receiver = lent(calderdale, Role.APPROVER, last=timedelta(days=3))
    until = timezone.localdate() + timedelta(days=3)
    verdict = may(receiver, Permission.APPROVE_RELEASE, calderdale)
    assert verdict.reason == f"Approver at Calderdale Council, for {giver} until {until.day} {until:%B %Y}"


@pytest.mark.parametrize("role", Role)
def test_at_a_closed_authority_everything_can_be_read_and_nothing_written(calderdale: Authority, role: Role) -> None:
    someone = held(calderdale, role)
    calderdale.closed_on = timezone.localdate()
    for permission in Permission:
        wanted = permission in ROLE_PERMISSIONS[role] - ENDS_WITH_THE_AUTHORITY
        assert may(someone, permission, calderdale).allowed == wanted
    calderdale.closed_on = timezone.localdate() + DAY
    for permission in Permission:
        assert may(someone, permission, calderdale).allowed == (permission in ROLE_PERMISSIONS[role])


def test_not_even_the_operator_writes_for_a_closed_authority(calderdale: Authority, by: User) -> None:
    calderdale.closed_on = timezone.localdate()
    refused = {each for each in Permission if not may(by, each, calderdale).allowed}
    assert refused == ENDS_WITH_THE_AUTHORITY
    assert "closed on" in may(by, Permission.EDIT_PLAN, calderdale).reason


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
    assert may(receiver, Permission.APPROVE_RELEASE, calderdale).allowed == wanted
