"""Every privacy action, as called by `test_permissions`, for someone who has left Calderdale."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Membership, User
from evenhand.authorities.queries import operator
from evenhand.clock.enums import PauseReason
from evenhand.notifications.models import Message
from evenhand.privacy import actions as privacy
from evenhand.privacy.enums import Outcome, RequestKind
from evenhand.privacy.models import Request
from support.authorities import calderdale_with_staff
from support.person import FREE_TEXT, OTHER_EMAIL, RowCreator

ADMIN = Role.ADMINISTRATOR


def _leaver() -> User:
    person, _created = User.objects.get_or_create(email="left@calderdale.example", defaults={"name": "Lena Left"})
    Membership.objects.get_or_create(
        user=person, authority=calderdale_with_staff(), role=Role.VIEWER, defaults={"ended_at": timezone.now()}
    )
    return person


def _request() -> Request:
    request, _created = Request.objects.get_or_create(
        authority=calderdale_with_staff(),
        person=_leaver(),
        kind=RequestKind.ACCESS,
        defaults={"received_on": date(2026, 11, 2), "due_on": date(2026, 12, 2)},
    )
    return request


def _fresh_request() -> Request:
    today = timezone.localdate()
    return Request.objects.create(
        authority=calderdale_with_staff(),
        person=_leaver(),
        kind=RequestKind.ACCESS,
        received_on=today,
        due_on=today + timedelta(days=30),
    )


def _restart(by: User) -> object:
    request = privacy.stop_clock(_fresh_request(), by=operator(), reason=PauseReason.IDENTITY)
    return privacy.restart_clock(request, by=by)


def _receive(by: User) -> object:
    return privacy.receive(
        calderdale_with_staff(), by=by, person=_leaver(), kind=RequestKind.ACCESS, received_on=date(2026, 11, 2)
    )


def _withdraw(by: User) -> object:
    privacy.object_to_analysis(calderdale_with_staff(), by=operator(), number="77")
    return privacy.withdraw_objection(calderdale_with_staff(), by=by, number="77")


def _sweep(by: User) -> object:
    old = timezone.now() - timedelta(days=400)
    Message.objects.create(to="a@b.example", subject="S", body="", created_at=old, due_at=old, ended_at=old, why="")
    return privacy.sweep(by=by)


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "privacy.receive": ({ADMIN}, _receive),
    "privacy.look_up": ({ADMIN}, lambda by: privacy.look_up(_request(), by=by)),
    "privacy.close": ({ADMIN}, lambda by: privacy.close(_request(), by=by, outcome=Outcome.DONE, answer="")),
    "privacy.stop_clock": (
        {ADMIN},
        lambda by: privacy.stop_clock(_fresh_request(), by=by, reason=PauseReason.IDENTITY),
    ),
    "privacy.restart_clock": ({ADMIN}, _restart),
    "privacy.extend": ({ADMIN}, lambda by: privacy.extend(_fresh_request(), by=by, reason="four requests")),
    "privacy.object_to_analysis": (
        {ADMIN},
        lambda by: privacy.object_to_analysis(calderdale_with_staff(), by=by, number="77"),
    ),
    "privacy.withdraw_objection": ({ADMIN}, _withdraw),
    "privacy.erase": (
        {ADMIN},
        lambda by: privacy.erase(_leaver(), by=by, reason="asked", authority=calderdale_with_staff()),
    ),
    "privacy.reapply": (set(), lambda by: privacy.reapply([], by=by)),
    "privacy.sweep": (set(), _sweep),
}
PERSON_ROWS: dict[str, RowCreator] = {
    "privacy.request": lambda user, colleague, authority: Request.objects.create(
        authority=authority,
        person=user,
        kind=RequestKind.ACCESS,
        received_on="2026-11-02",
        due_on="2026-12-02",
        note=FREE_TEXT,
        answer=f"sent to {OTHER_EMAIL}",
        answered_by=colleague,
        closed_at=timezone.now(),
    ),
}
