"""Every action of the demonstration: the roles that may take it at their own authority, and a call of it."""

from collections.abc import Callable

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.demonstration.actions import set_pass_phrase
from support.authorities import calderdale_with_staff, exampleton

ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "demonstration.set_pass_phrase": (
        set(),
        lambda by: set_pass_phrase([exampleton() if by.is_operator else calderdale_with_staff()], by=by, phrase="any"),
    ),
}
RECORDED_AS = {"demonstration.set_pass_phrase": "demonstration.let_in"}
