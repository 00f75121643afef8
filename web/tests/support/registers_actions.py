"""Every write to a register, as called by `test_permissions`: of an action of Calderdale."""

from collections.abc import Callable
from typing import Any

from evenhand.action_plan.register import ACTIONS as REGISTER
from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.queries import operator
from evenhand.registers import actions as registers
from support.authorities import calderdale_with_staff

EDITORS = {Role.OFFICER, Role.APPROVER}


def _record() -> Any:
    return registers.add(REGISTER, calderdale_with_staff(), by=operator(), values={"wording": "Publish it"})


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "registers.add": (
        EDITORS,
        lambda by: registers.add(REGISTER, calderdale_with_staff(), by=by, values={"wording": "Publish it"}),
    ),
    "registers.change": (
        EDITORS,
        lambda by: registers.change(REGISTER, _record(), by=by, version=1, values={"wording": "Print it"}),
    ),
    "registers.move": (
        EDITORS,
        lambda by: registers.move(REGISTER, _record(), by=by, version=1, transition="start"),
    ),
}
