"""Every action on deadlines: the roles that may take it at their own authority, and a call of it."""

from collections.abc import Callable
from datetime import date

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.queries import operator
from evenhand.clock import actions as clock
from support.authorities import calderdale_with_staff

ADMIN = Role.ADMINISTRATOR
CHRISTMAS = date(2026, 12, 25)


def _restore(by: User) -> object:
    clock.remove_holiday(calderdale_with_staff(), by=operator(), day=CHRISTMAS)
    return clock.restore_holiday(calderdale_with_staff(), by=by, day=CHRISTMAS)


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "clock.add_holiday": (
        {ADMIN},
        lambda by: clock.add_holiday(calderdale_with_staff(), by=by, day=date(2027, 5, 7), name="Coronation"),
    ),
    "clock.remove_holiday": (
        {ADMIN},
        lambda by: clock.remove_holiday(calderdale_with_staff(), by=by, day=CHRISTMAS),
    ),
    "clock.restore_holiday": ({ADMIN}, _restore),
}
