"""Who may do what: every action, for every role at its own authority and at another."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

import evenhand
from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import operator, person
from evenhand.demonstration.actions import set_pass_phrase
from evenhand.evidence import actions as evidence
from evenhand.evidence.models import Dataset
from evenhand.evidence.queries import snapshots, unprotected_table
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.plans import actions as plans
from evenhand.plans.models import Plan
from evenhand.releases import actions as releases
from evenhand.releases.models import Release
from evenhand.releases.queries import UnknownRelease, visible
from evenhand.releases.queries import get_release as release_called
from support.authorities import exampleton, leeds_with_staff
from support.clock_actions import ACTIONS as CLOCK
from support.people_actions import ACTIONS as PEOPLE
from support.people_actions import BY_INVITATION
from support.privacy_actions import ACTIONS as PRIVACY
from support.registers_actions import ACTIONS as REGISTERS
from support.sign_in_actions import ACTIONS as SIGN_IN

pytestmark = pytest.mark.usefixtures("in_production")

OFFICER, ANALYST, APPROVER, ADMIN = Role.OFFICER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR
COUNTS = b"published,organisation,employees,gender_female\n2031,Calderdale Council,100,60\n"
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


def draft() -> Release:
    """A checked publication of Calderdale that is not published."""
    existing = Release.objects.filter(authority=calderdale(), policy="council_lt5").first()
    if existing is not None:
        return existing
    by = operator()
    evidence.import_workforce(COUNTS, by=by, name="c.csv")
    new = snapshots(calderdale(), years=[2031])
    release = releases.draft(calderdale(), by=by, slug="hidden", title="H", policy_id="council_lt5", snapshots=new)
    return releases.check(releases.protect(release, by=by), by=by)


def calderdale() -> Authority:
    return Authority.objects.get(slug="calderdale-council")


def unpublished_plan(by: User) -> Plan:
    source = {"title": "D", "publisher": "Nobody", "dated": "not dated", "read_on": "2026-11-22", "rights": "none"}
    return Plan.objects.create(
        authority=calderdale(), slug="d", title="D", status="draft", source=source, imported_at="2026-11-22T00:00Z"
    )


def undescribed() -> Dataset:
    return Dataset.objects.create(authority=calderdale(), slug="undescribed")


# app.function -> (the roles that may take it at their own authority, a call of it)
ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "authorities.add": (
        set(),
        lambda by: authorities.add(
            by=by, slug="x", name="X", kind=Kind.METROPOLITAN_DISTRICT, area_code="E08000001", area_name="X"
        ),
    ),
    "authorities.move": ({ADMIN}, lambda by: authorities.move(calderdale(), by=by, slug="other", reason="renamed")),
    "authorities.add_member": (
        {ADMIN},
        lambda by: authorities.add_member(calderdale(), by=by, email="n@x.example", name="N", role=Role.VIEWER),
    ),
    "evidence.import_workforce": (
        {ANALYST},
        lambda by: evidence.import_workforce(COUNTS, by=by, name="c.csv"),
    ),
    "evidence.describe": (
        {ANALYST},
        lambda by: evidence.describe(undescribed(), by=by, licence="OGL v3.0"),
    ),
    "plans.import_plan": ({OFFICER}, lambda by: plans.import_plan(PLAN.encode(), by=by, name="p.yaml")),
    "plans.publish": ({APPROVER}, lambda by: plans.publish(unpublished_plan(by), by=by)),
    "releases.draft": (
        {OFFICER, ANALYST},
        lambda by: releases.draft(
            calderdale(), by=by, slug="d", title="D", policy_id="council_lt10", snapshots=[snapshots(calderdale())[0]]
        ),
    ),
    "releases.protect": ({ANALYST}, lambda by: releases.protect(draft(), by=by)),
    "releases.check": ({OFFICER, ANALYST}, lambda by: releases.check(draft(), by=by)),
    "releases.approve": ({APPROVER}, lambda by: releases.approve(draft(), by=by)),
    "releases.publish": ({APPROVER}, lambda by: releases.publish(draft(), by=by)),
    "releases.reopen": ({OFFICER, ANALYST}, lambda by: releases.reopen(draft(), by=by, reason="again")),
    "demonstration.set_pass_phrase": (
        set(),
        lambda by: set_pass_phrase([exampleton() if by.is_operator else calderdale()], by=by, phrase="any"),
    ),
    **PEOPLE,
    **PRIVACY,
    **SIGN_IN,
    **CLOCK,
    **REGISTERS,
}
UNPROTECTED = "evidence.unprotected_table"
READS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    UNPROTECTED: ({ANALYST}, lambda by: unprotected_table(snapshots(calderdale())[0], "sex", by=by)),
}


def attempt(call: Callable[[User], object], by: User) -> str:
    """Whether the permission is granted. Gates and states are checked afterwards, and tested elsewhere."""
    savepoint = transaction.savepoint()
    try:
        call(by)
    except Refused:
        return "refused"
    except (GateClosed, releases.InvalidTransition):
        return "allowed"
    finally:
        transaction.savepoint_rollback(savepoint)
    return "allowed"


@pytest.mark.parametrize("name", [*ACTIONS, *READS])
def test_each_role_at_its_own_authority_and_at_another(db, member: Callable[..., User], name: str) -> None:
    allowed, call = {**ACTIONS, **READS}[name]
    leeds = leeds_with_staff()
    for role in Role:
        expected = "allowed" if role in allowed else "refused"
        assert (role, attempt(call, member(calderdale(), role))) == (role, expected)
        assert (role, attempt(call, member(leeds, role))) == (role, "refused")


@pytest.mark.parametrize("name", [*ACTIONS, *READS])
def test_people_without_access_may_do_nothing(db, member: Callable[..., User], name: str) -> None:
    _allowed, call = {**ACTIONS, **READS}[name]
    stranger = User.objects.create_user("stranger@nowhere.example", "A stranger")
    assert attempt(call, stranger) == "refused"
    for role in Role:
        leaver = member(calderdale(), role)
        leaver.is_active = False
        leaver.save()
        assert attempt(call, leaver) == "refused"


# functions whose entries in the record have another name
RECORDED_AS = {"plans.import_plan": "plans.import", "demonstration.set_pass_phrase": "demonstration.let_in"}
STEPS = ("draft", "protect", "check", "reopen", "protect", "check", "approve", "publish")


@pytest.mark.both_databases  # so that every action is taken on both
@pytest.mark.parametrize("name", [name for name in ACTIONS if not name.startswith("releases.")])
def test_every_action_is_recorded(db, by: User, name: str) -> None:
    _allowed, call = ACTIONS[name]
    before = set(Entry.objects.values_list("id", flat=True))
    call(by)
    added = Entry.objects.exclude(id__in=before)
    assert {entry.actor_id for entry in added} == {by.id}
    assert RECORDED_AS.get(name, name) in {entry.action for entry in added}


def test_every_step_of_a_publication_is_recorded(db, by: User) -> None:
    release = None
    for step in STEPS:
        before = Entry.objects.count()
        if step == "draft":
            evidence.import_workforce(COUNTS, by=by, name="c.csv")
            new = snapshots(calderdale(), years=[2031])
            before = Entry.objects.count()
            release = releases.draft(calderdale(), by=by, slug="d", title="D", policy_id="council_lt10", snapshots=new)
        elif step == "reopen":
            releases.reopen(release, by=by, reason="again")
        else:
            getattr(releases, step)(release, by=by)
        entry = Entry.objects.order_by("id").last()
        assert Entry.objects.count() == before + 1
        assert (entry.actor_id, entry.action) == (by.id, f"releases.{step}")


def test_a_draft_is_not_found_by_staff_of_another_authority(db, member: Callable[..., User]) -> None:
    leeds = leeds_with_staff()
    hidden = draft()
    for role in Role:
        outsider = member(leeds, role)
        with pytest.raises(UnknownRelease):
            release_called(calderdale(), hidden.slug, by=outsider)
        assert hidden not in visible(calderdale(), by=outsider)
        assert release_called(calderdale(), "workforce-2019-to-2026", by=outsider).state == "published"
    assert release_called(calderdale(), hidden.slug, by=member(calderdale(), Role.VIEWER)) == hidden


def test_email_addresses_are_not_case_sensitive(db, by: User) -> None:
    first, again = (
        authorities.add_member(calderdale(), by=by, email=email, name="N", role=Role.VIEWER)
        for email in ("n@x.example", "N@X.example")
    )
    assert first == again
    assert person("N@x.EXAMPLE") == first.user


def test_the_table_contains_every_action() -> None:
    package = Path(evenhand.__file__).parent
    defined = {
        f"{app}.{node.name}"
        for file in (*package.glob("*/actions.py"), *package.glob("*/actions/*.py"))
        if (app := file.relative_to(package).parts[0]) not in {"ledger", "notifications"}
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert defined - BY_INVITATION == set(ACTIONS)
