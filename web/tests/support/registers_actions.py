"""Every write to a register, as called by `test_permissions`: of an action of Calderdale."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from evenhand.action_plan.register import ACTIONS as REGISTER
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import operator
from evenhand.records.identity import new_id
from evenhand.registers import actions as registers
from evenhand.registers.models import Post, RecordVersion, StagedSheet
from support.authorities import calderdale_with_staff
from support.person import EMAIL, FREE_TEXT, NAME, OTHER_EMAIL, RowCreator

EDITORS = {Role.OFFICER, Role.APPROVER}


def _record() -> Any:
    return registers.add(REGISTER, calderdale_with_staff(), by=operator(), values={"wording": "Publish it"})


def _staged(by: User) -> StagedSheet:
    row = {"row": 2, "values": {"wording": "Publish it"}, "record_id": "", "version": 0, "state": ""}
    return StagedSheet.objects.create(
        authority=calderdale_with_staff(),
        register="action",
        person=by,
        file_name="plan.csv",
        rows=[row],
        uploaded_at=timezone.now(),
    )


def _posts(user: User, colleague: User, authority: Authority) -> None:
    Post.objects.create(authority=authority, title="Head of people", state="current", holder=user)
    Post.objects.create(
        authority=authority, title="Adviser", state="current", contact_name=NAME, contact_email=OTHER_EMAIL
    )
    Post.objects.create(authority=authority, title="Visitor", state="current", contact_name=NAME, contact_email=EMAIL)


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "registers.add": (
        EDITORS,
        lambda by: registers.add(REGISTER, calderdale_with_staff(), by=by, values={"wording": "Publish it"}),
    ),
    "registers.change": (
        EDITORS,
        lambda by: registers.change(REGISTER, _record(), by=by, version=1, values={"wording": "Print it"}),
    ),
    "registers.import_sheet": (EDITORS, lambda by: registers.import_sheet(REGISTER, _staged(by), by=by)),
    "registers.move": (
        EDITORS,
        lambda by: registers.move(REGISTER, _record(), by=by, version=1, transition="start"),
    ),
}
PERSON_ROWS: dict[str, RowCreator] = {
    "registers.post": _posts,
    "registers.recordversion": lambda user, colleague, authority: RecordVersion.objects.create(
        authority=authority,
        register="post",
        record_id=new_id(),
        version=1,
        values={"title": "Head of people"},
        saved_at=timezone.now(),
        saved_by=user,
    ),
    "registers.stagedsheet": lambda user, colleague, authority: StagedSheet.objects.create(
        authority=authority,
        register="post",
        person=user,
        file_name=f"{NAME}.csv",
        rows=[FREE_TEXT],
        uploaded_at=timezone.now(),
    ),
}
