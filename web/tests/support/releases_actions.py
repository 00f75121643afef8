"""Every action on publications: the roles that may take it at their own authority, and a call of it."""

from collections.abc import Callable

from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.queries import operator
from evenhand.evidence import actions as evidence
from evenhand.evidence.queries import snapshots
from evenhand.releases import actions as releases
from evenhand.releases.models import Release
from support.authorities import calderdale_with_staff
from support.evidence_actions import COUNTS
from support.person import RowCreator, not_created

OFFICER, ANALYST, APPROVER = Role.OFFICER, Role.ANALYST, Role.APPROVER


def draft() -> Release:
    """A checked publication of Calderdale that is not published."""
    existing = Release.objects.filter(authority=calderdale_with_staff(), policy="council_lt5").first()
    if existing is not None:
        return existing
    by = operator()
    evidence.import_workforce(COUNTS, by=by, name="c.csv")
    new = snapshots(calderdale_with_staff(), years=[2031])
    release = releases.draft(
        calderdale_with_staff(), by=by, slug="hidden", title="H", policy_id="council_lt5", snapshots=new
    )
    return releases.check(releases.protect(release, by=by), by=by)


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "releases.draft": (
        {OFFICER, ANALYST},
        lambda by: releases.draft(
            calderdale_with_staff(),
            by=by,
            slug="d",
            title="D",
            policy_id="council_lt10",
            snapshots=[snapshots(calderdale_with_staff())[0]],
        ),
    ),
    "releases.protect": ({ANALYST}, lambda by: releases.protect(draft(), by=by)),
    "releases.check": ({OFFICER, ANALYST}, lambda by: releases.check(draft(), by=by)),
    "releases.approve": ({APPROVER}, lambda by: releases.approve(draft(), by=by)),
    "releases.publish": ({APPROVER}, lambda by: releases.publish(draft(), by=by)),
    "releases.reopen": ({OFFICER, ANALYST}, lambda by: releases.reopen(draft(), by=by, reason="again")),
}
PERSON_ROWS: dict[str, RowCreator] = {"releases.release": not_created}
