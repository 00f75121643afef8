"""The life cycle of a publication: its gates, its states, and the changes that the database rejects."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from evenhand import gates
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence.queries import snapshots
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.plans.models import NodeClause, Plan, PlanNode
from evenhand.releases import actions, requirements
from evenhand.releases.enums import TRANSITIONS, ReleaseState
from evenhand.releases.models import Release, ReleaseTable
from evenstat.disclosure import Policy
from evenstat.errors import CannotProtect
from support.authorities import leeds_with_staff

pytestmark = pytest.mark.both_databases


def test_the_whole_life_cycle(fresh: Release, by: User) -> None:
    for step in (actions.protect, actions.check, actions.approve, actions.publish):
        step(fresh, by=by)
    fresh.refresh_from_db()
    assert fresh.state == ReleaseState.PUBLISHED
    recorded = Entry.objects.filter(subject_id=fresh.id).order_by("id").values_list("action", flat=True)
    assert list(recorded) == [f"releases.{step}" for step in ("draft", "protect", "check", "approve", "publish")]


def test_it_cannot_be_approved_before_it_is_protected_and_checked(fresh: Release, by: User) -> None:
    with pytest.raises(GateClosed) as closed:
        actions.approve(fresh, by=by)
    assert [unmet.requirement for unmet in closed.value.missing] == [
        requirements.PROTECTION,
        requirements.DISCLOSURE_CHECK,
    ]
    assert "evenhand release protect calderdale-council/workforce-2027" in str(closed.value)
    actions.protect(fresh, by=by)
    with pytest.raises(GateClosed) as closed:
        actions.approve(fresh, by=by)
    assert [unmet.requirement for unmet in closed.value.missing] == [requirements.DISCLOSURE_CHECK]


def test_a_table_changed_after_its_check_must_be_checked_again(fresh: Release, by: User) -> None:
    actions.protect(fresh, by=by)
    actions.check(fresh, by=by)
    table = fresh.tables.get(characteristic="sex")
    table.content["total"] += 1
    table.save()
    with pytest.raises(GateClosed) as closed:
        actions.approve(fresh, by=by)
    assert [unmet.requirement for unmet in closed.value.missing] == [requirements.DISCLOSURE_CHECK]


def test_a_table_whose_check_failed_has_not_passed(fresh: Release, by: User) -> None:
    actions.protect(fresh, by=by)
    actions.check(fresh, by=by)
    table = fresh.tables.get(characteristic="sex")
    table.audit["passed"] = False
    table.save()
    with pytest.raises(GateClosed) as closed:
        actions.approve(fresh, by=by)
    assert [unmet.requirement for unmet in closed.value.missing] == [requirements.DISCLOSURE_CHECK]


def test_a_publication_changed_after_approval_is_not_published(fresh: Release, by: User) -> None:
    for step in (actions.protect, actions.check, actions.approve):
        step(fresh, by=by)
    table = fresh.tables.get(characteristic="sex")
    table.content["policy"] = "council_lt5"
    table.save()
    with pytest.raises(GateClosed) as closed:
        actions.publish(fresh, by=by)
    assert [unmet.requirement for unmet in closed.value.missing] == [
        requirements.PROTECTION,
        requirements.DISCLOSURE_CHECK,
    ]


def test_only_one_of_two_approved_publications_of_the_same_figures_can_be_published(fresh: Release, by: User) -> None:
    same = [table.snapshot for table in fresh.tables.all()[:1]]
    other = actions.draft(fresh.authority, by=by, slug="again", title="Again", policy_id="council_lt10", snapshots=same)
    for release in (fresh, other):
        for step in (actions.protect, actions.check, actions.approve):
            step(release, by=by)
    actions.publish(fresh, by=by)
    with pytest.raises(GateClosed, match="already published in “Workforce, 2027”"):
        actions.publish(other, by=by)


def test_a_table_protected_under_another_policy_does_not_count_as_protected(fresh: Release, by: User) -> None:
    actions.protect(fresh, by=by)
    actions.check(fresh, by=by)
    fresh.policy = "council_lt5"
    assert requirements.protection(fresh) is not None


def test_the_check_fails_if_protection_was_skipped(fresh: Release, by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Policy(id="council_lt10", name="none", description="hides nothing", suppress_from=1, threshold=1)
    with monkeypatch.context() as patch:
        patch.setattr(actions, "policy", lambda _id: nothing)
        actions.protect(fresh, by=by)
    with pytest.raises(actions.CheckFailed, match="2027"):
        actions.check(fresh, by=by)
    fresh.refresh_from_db()
    assert fresh.state == ReleaseState.PROTECTED


def test_the_same_figures_are_never_published_under_two_policies(calderdale: Authority, by: User) -> None:
    draft = Release.objects.get(policy="council_lt5")
    with pytest.raises(GateClosed, match="already published in “Workforce representation, 2023 to 2026”"):
        actions.approve(draft, by=by)


def test_a_failed_step_changes_nothing(fresh: Release, by: User) -> None:
    entries = Entry.objects.count()
    with pytest.raises(actions.InvalidTransition, match="can't be moved from “Draft” to “Checked”"):
        actions.check(fresh, by=by)
    fresh.refresh_from_db()
    assert (fresh.state, Entry.objects.count()) == (ReleaseState.DRAFT, entries)


def test_reopening_removes_protection_and_is_not_possible_once_published(fresh: Release, by: User) -> None:
    for step in (actions.protect, actions.check, actions.approve):
        step(fresh, by=by)
    actions.reopen(fresh, by=by, reason="a year is missing")
    assert not fresh.tables.exclude(content=None).exists()
    published = Release.objects.get(slug="workforce-2019-to-2026")
    with pytest.raises(actions.InvalidTransition):
        actions.reopen(published, by=by, reason="second thoughts")


def test_every_pair_of_states_is_allowed_or_refused_as_transitions_says(fresh: Release, by: User) -> None:
    steps: dict[ReleaseState, Callable[[Release], object]] = {
        ReleaseState.PROTECTED: lambda release: actions.protect(release, by=by),
        ReleaseState.CHECKED: lambda release: actions.check(release, by=by),
        ReleaseState.APPROVED: lambda release: actions.approve(release, by=by),
        ReleaseState.PUBLISHED: lambda release: actions.publish(release, by=by),
        ReleaseState.DRAFT: lambda release: actions.reopen(release, by=by, reason="again"),
    }
    path = {
        ReleaseState.PROTECTED: actions.protect,
        ReleaseState.CHECKED: actions.check,
        ReleaseState.APPROVED: actions.approve,
    }
    for start in (ReleaseState.DRAFT, ReleaseState.PROTECTED, ReleaseState.CHECKED, ReleaseState.APPROVED):
        for target, step in steps.items():
            savepoint = transaction.savepoint()
            release = Release.objects.get(id=fresh.id)
            for reached, step_to in path.items():
                if list(ReleaseState).index(start) >= list(ReleaseState).index(reached):
                    step_to(release, by=by)
            if (start, target) in TRANSITIONS:
                step(release)
                assert Release.objects.get(id=fresh.id).state == target
            else:
                with pytest.raises((actions.InvalidTransition, GateClosed)):
                    step(release)
            transaction.savepoint_rollback(savepoint)


FROZEN = [
    "UPDATE releases_release SET title = 'x' WHERE state = 'published'",
    "DELETE FROM releases_release WHERE state = 'published'",
    "UPDATE releases_release SET state = 'draft' WHERE state = 'published'",
    "UPDATE releases_releasetable SET position = 99 "
    "WHERE release_id IN (SELECT id FROM releases_release WHERE state = 'published')",
    "DELETE FROM releases_releasetable WHERE release_id IN (SELECT id FROM releases_release WHERE state = 'published')",
    "UPDATE plans_plan SET title = 'x'",
    "DELETE FROM plans_plan",
    "UPDATE plans_plannode SET statement = '{}'",
    "DELETE FROM plans_plannode",
    "UPDATE plans_nodeclause SET quote = 'x'",
    "DELETE FROM plans_nodeclause",
    "UPDATE ledger_entry SET action = 'x'",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_payload SET content = '{}'",
    "UPDATE records_takenslug SET slug = 'x'",
    "DELETE FROM records_takenslug",
]


@pytest.mark.parametrize("statement", FROZEN)
def test_the_database_rejects_changes_to_frozen_rows(db, statement: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert any(word in str(refused.value) for word in ("cannot be changed", "append-only", "not altered", "for good"))


def test_no_table_can_be_added_to_a_published_publication(calderdale: Authority, by: User) -> None:
    release = Release.objects.get(slug="workforce-2019-to-2026")
    with pytest.raises(DatabaseError, match="takes no more tables"), transaction.atomic():
        ReleaseTable.objects.create(
            release=release, snapshot=snapshots(calderdale)[0], characteristic="shoes", position=99
        )


def test_a_table_cannot_be_moved_into_a_published_publication(fresh: Release) -> None:
    table = ReleaseTable.objects.filter(release=fresh)[0]
    table.release = Release.objects.get(slug="workforce-2019-to-2026")
    table.characteristic = "shoes"
    with pytest.raises(DatabaseError, match="nor one moved into it"), transaction.atomic():
        table.save()


def test_no_node_or_clause_can_be_added_to_a_published_plan(db) -> None:
    clause = NodeClause.objects.select_related("node")[0]
    added = [PlanNode(plan=clause.node.plan, position=999, kind="objective", ref="999", statement={})]
    added += [NodeClause(node=clause.node, position=999, clause="new", quote="x", check_text="x")]
    for row in added:
        with pytest.raises(DatabaseError, match="takes no more"), transaction.atomic():
            row.save(force_insert=True)


def test_a_node_cannot_be_moved_into_a_published_plan(calderdale: Authority) -> None:
    published = Plan.objects.all()[0]
    draft = Plan.objects.create(
        authority=calderdale, slug="d", title="D", status="draft", source={}, imported_at=published.imported_at
    )
    node = PlanNode.objects.create(plan=draft, position=1, kind="objective", ref="999", statement={})
    with pytest.raises(DatabaseError, match="cannot be changed"), transaction.atomic():
        PlanNode.objects.filter(id=node.id).update(plan=published)


@pytest.mark.parametrize("table", ["ledger_entry", "releases_release", "releases_releasetable", "plans_plan"])
def test_a_frozen_table_cannot_be_truncated(db, table: str) -> None:
    # SQLite has no TRUNCATE statement.
    statement = f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_refused_step_writes_no_file(fresh: Release, by: User, file_roots: dict[str, Path]) -> None:
    actions.protect(fresh, by=by)
    actions.check(fresh, by=by)
    before = sorted(file_roots["public"].rglob("*"))
    with pytest.raises(actions.InvalidTransition):
        actions.publish(fresh, by=by)
    assert sorted(file_roots["public"].rglob("*")) == before


def test_a_step_that_fails_does_not_change_the_release_instance(
    fresh: Release, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise CannotProtect("not safe")

    monkeypatch.setattr(actions, "publishable_table", refuse)
    with pytest.raises(CannotProtect):
        actions.protect(fresh, by=by)
    assert fresh.state == ReleaseState.DRAFT


def test_a_publication_contains_figures_of_its_own_authority_only(calderdale: Authority, by: User) -> None:
    leeds = snapshots(leeds_with_staff())
    with pytest.raises(actions.NothingToPublish):
        actions.draft(calderdale, by=by, slug="x", title="X", policy_id="council_lt10", snapshots=leeds)


def test_a_payload_can_be_erased_and_its_entry_stays(db) -> None:
    entry = Entry.objects.latest("id")
    entry.payload.delete()
    assert Entry.objects.filter(id=entry.id).exists()


def test_a_draft_can_be_changed_and_deleted(fresh: Release) -> None:
    fresh.title = "Another title"
    fresh.save()
    fresh.tables.all().delete()
    fresh.delete()


def test_an_analyst_prepares_and_an_approver_approves(fresh: Release, member: Callable[..., User]) -> None:
    analyst, approver = (member(fresh.authority, role) for role in (Role.ANALYST, Role.APPROVER))
    actions.protect(fresh, by=analyst)
    actions.check(fresh, by=analyst)
    actions.approve(fresh, by=approver)
    assert Release.objects.get(id=fresh.id).approved_by == approver


def test_every_gate_has_exactly_one_provider() -> None:
    assert set(gates.transitions()) == {requirements.APPROVE, requirements.PUBLISH}
