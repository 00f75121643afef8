"""Every action on plans: the roles that may take it at their own authority, and a call of it."""

from collections.abc import Callable

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.plans import actions as plans
from evenhand.plans.models import Plan
from support.authorities import calderdale_with_staff

OFFICER, APPROVER = Role.OFFICER, Role.APPROVER
PLAN = """
format: evenhand-plan/1
authority: calderdale-council
slug: example
title: Example
status: draft
source: {title: Example, publisher: Nobody, dated: not dated, read_on: 2026-11-22, rights: none}
nodes:
  - {kind: objective, ref: "1", wording: To be fair}
"""


def unpublished_plan(by: User) -> Plan:
    source = {"title": "D", "publisher": "Nobody", "dated": "not dated", "read_on": "2026-11-22", "rights": "none"}
    return Plan.objects.create(
        authority=calderdale_with_staff(),
        slug="d",
        title="D",
        status="draft",
        source=source,
        imported_at="2026-11-22T00:00Z",
    )


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "plans.import_plan": ({OFFICER}, lambda by: plans.import_plan(PLAN.encode(), by=by, name="p.yaml")),
    "plans.publish": ({APPROVER}, lambda by: plans.publish(unpublished_plan(by), by=by)),
}
RECORDED_AS = {"plans.import_plan": "plans.import"}
