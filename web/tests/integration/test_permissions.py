"""Who may do what: every action, for every role at its own authority and at another."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

import evenhand
from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import person
from evenhand.evidence import actions as evidence
from evenhand.evidence.queries import snapshots, unprotected_table
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.releases import actions as releases
from evenhand.releases.queries import UnknownRelease, visible
from evenhand.releases.queries import get_release as release_called
from support.authorities import calderdale_with_staff, leeds_with_staff
from support.evidence_actions import COUNTS
from support.releases_actions import draft
from support.tables import action_files, actions_file, assert_complete, collect, collect_set

pytestmark = pytest.mark.usefixtures("in_production")

# app.function -> (the roles that may take it at their own authority, a call of it)
ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = collect("ACTIONS", action_files())
# functions whose entries in the record have another name
RECORDED_AS: dict[str, str] = collect("RECORDED_AS", action_files())
# functions for people without a role
BY_INVITATION: set[str] = collect_set("BY_INVITATION", action_files())
UNPROTECTED = "evidence.unprotected_table"
READS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    UNPROTECTED: ({Role.ANALYST}, lambda by: unprotected_table(snapshots(calderdale_with_staff())[0], "sex", by=by)),
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
        assert (role, attempt(call, member(calderdale_with_staff(), role))) == (role, expected)
        assert (role, attempt(call, member(leeds, role))) == (role, "refused")


@pytest.mark.parametrize("name", [*ACTIONS, *READS])
def test_people_without_access_may_do_nothing(db, member: Callable[..., User], name: str) -> None:
    _allowed, call = {**ACTIONS, **READS}[name]
    stranger = User.objects.create_user("stranger@nowhere.example", "A stranger")
    assert attempt(call, stranger) == "refused"
    for role in Role:
        leaver = member(calderdale_with_staff(), role)
        leaver.is_active = False
        leaver.save()
        assert attempt(call, leaver) == "refused"


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
            new = snapshots(calderdale_with_staff(), years=[2031])
            before = Entry.objects.count()
            release = releases.draft(
                calderdale_with_staff(), by=by, slug="d", title="D", policy_id="council_lt10", snapshots=new
            )
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
            release_called(calderdale_with_staff(), hidden.slug, by=outsider)
        assert hidden not in visible(calderdale_with_staff(), by=outsider)
        assert release_called(calderdale_with_staff(), "workforce-2019-to-2026", by=outsider).state == "published"
    assert (
        release_called(calderdale_with_staff(), hidden.slug, by=member(calderdale_with_staff(), Role.VIEWER)) == hidden
    )


def test_email_addresses_are_not_case_sensitive(db, by: User) -> None:
    first, again = (
        authorities.add_member(calderdale_with_staff(), by=by, email=email, name="N", role=Role.VIEWER)
        for email in ("n@x.example", "N@X.example")
    )
    assert first == again
    assert person("N@x.EXAMPLE") == first.user


def test_the_table_contains_every_action() -> None:
    package = Path(evenhand.__file__).parent
    defined = {
        f"{app}.{node.name}": actions_file(app)
        for file in (*package.glob("*/actions.py"), *package.glob("*/actions/*.py"))
        if (app := file.relative_to(package).parts[0]) not in {"ledger", "notifications"}
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    by_role = {name: file for name, file in defined.items() if name not in BY_INVITATION}
    assert_complete("ACTIONS", action_files(), ACTIONS, by_role)
