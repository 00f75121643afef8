"""Changing roles, ending access, handing work over, and keeping the last administrator."""

from uuid import uuid4

import pytest
from django.utils import timezone

from evenhand.authorities import actions, staff_tasks
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import HasAssignments, LastAdministrator, NotPossible, Outdated
from evenhand.authorities.models import Assignment, Authority, Delegation, Membership, User
from evenhand.authorities.permissions import Refused, may, works_for
from evenhand.authorities.queries import colleague, colleagues, open_assignments, roles_of
from evenhand.ledger.actions import Subject
from evenhand.ledger.models import Entry, Payload
from evenhand.modules import Module, registry
from evenhand.releases.permissions import APPROVE_RELEASE
from support.authorities import leeds_with_staff
from support.people_actions import assignment, delegation, invitation, mapping, somebody

pytestmark = pytest.mark.both_databases

ADMIN = Role.ADMINISTRATOR


@pytest.fixture
def admin(calderdale: Authority) -> User:
    """The only administrator."""
    Membership.objects.filter(authority=calderdale, role=ADMIN).update(ended_at=timezone.now())
    return somebody(ADMIN, "only")


@pytest.fixture
def notified(monkeypatch: pytest.MonkeyPatch) -> list[tuple[User, Authority | None]]:
    """The calls of a callback that is registered in place of all others."""
    calls: list[tuple[User, Authority | None]] = []
    module = Module(on_leaving=(lambda person, authority: calls.append((person, authority)),))
    monkeypatch.setattr(registry, "_modules", {"test": module, "authorities": registry.modules()["authorities"]})
    return calls


def test_access_ends_immediately(
    calderdale: Authority, admin: User, notified: list[tuple[User, Authority | None]]
) -> None:
    leaver = somebody(Role.OFFICER, "leaver")
    Membership.objects.create(authority=calderdale, user=leaver, role=Role.VIEWER)
    actions.end_access(leaver, calderdale, by=admin, reason="New post")
    leaver.refresh_from_db()
    assert (roles_of(leaver, calderdale), leaver.is_active) == (set(), False)
    assert leaver.left_at
    assert not works_for(leaver, calderdale)
    assert notified == [(leaver, calderdale), (leaver, None)]
    content = Payload.objects.get(entry__action="authorities.end_access", entry__subject_id=leaver.id).content
    assert content["before"] == {"roles": ["officer", "viewer"]}
    assert content["after"]["left_altogether"] is True
    assert content["reason"] == "New post"
    with pytest.raises(NotPossible, match="no longer works"):  # a second click
        actions.end_access(leaver, calderdale, by=admin)


def test_roles_at_another_authority_are_kept(
    calderdale: Authority, admin: User, notified: list[tuple[User, Authority | None]]
) -> None:
    leaver, leeds = somebody(Role.OFFICER, "leaver"), leeds_with_staff()
    Membership.objects.create(authority=leeds, user=leaver, role=Role.VIEWER)
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert works_for(leaver, leeds)
    assert notified == [(leaver, calderdale)]


def test_the_record_still_shows_what_a_leaver_did(calderdale: Authority, admin: User) -> None:
    leaver = somebody(Role.OFFICER, "leaver")
    about = Subject("publication", uuid4(), calderdale.id)
    actions.assign(calderdale, by=leaver, person=leaver, about=about, title="T", link="/work/")
    before = list(Entry.objects.filter(actor_id=leaver.id).values_list("id", "commitment"))
    actions.end_access(leaver, calderdale, by=admin, hand_over_to=somebody(Role.ANALYST))
    assert before
    assert list(Entry.objects.filter(actor_id=leaver.id).values_list("id", "commitment")) == before
    assert [left.person.name for left in colleagues(calderdale, left=True) if left.person == leaver] == [leaver.name]


def test_assigned_work_goes_to_a_colleague_whose_role_allows_it(calderdale: Authority, admin: User) -> None:
    assigned = assignment()
    leaver = assigned.person
    leeds = leeds_with_staff()
    outsider = somebody(Role.OFFICER, "outsider", leeds)
    for unsuitable in (None, leaver, somebody(Role.VIEWER), outsider):
        with pytest.raises(HasAssignments):
            actions.end_access(leaver, calderdale, by=admin, hand_over_to=unsuitable)
    assert roles_of(leaver, calderdale) == {Role.OFFICER}
    successor = somebody(Role.ANALYST)
    actions.end_access(leaver, calderdale, by=admin, hand_over_to=successor)
    assert [taken_over.subject_id for taken_over in open_assignments(person=successor)] == [assigned.subject_id]
    assert not open_assignments(person=leaver).exists()
    assigned.refresh_from_db()
    assert assigned.ended_at


def test_delegations_by_and_to_a_leaver_end_and_do_not_return(calderdale: Authority, admin: User) -> None:
    delegated = delegation()
    actions.end_access(delegated.giver, calderdale, by=admin)
    delegated.refresh_from_db()
    assert delegated.ended_early_at
    actions.add_member(calderdale, by=admin, email=delegated.giver.email, name="x", role=Role.APPROVER)
    assert not may(delegated.receiver, APPROVE_RELEASE, calderdale).allowed
    other = Delegation.objects.create(
        authority=calderdale,
        role=Role.ANALYST,
        giver=somebody(Role.ANALYST),
        receiver=delegated.receiver,
        reason="",
        starts_at=delegated.starts_at,
        ends_at=delegated.ends_at,
    )
    actions.end_access(delegated.receiver, calderdale, by=admin)
    other.refresh_from_db()
    assert other.ended_early_at


def test_invitations_sent_by_a_leaver_stay_open(calderdale: Authority, admin: User) -> None:
    sender = somebody(ADMIN, "sender")
    pending_invitation = invitation(invited_by=sender)
    actions.end_access(sender, calderdale, by=admin)
    pending_invitation.refresh_from_db()
    assert pending_invitation.is_open


def test_the_last_administrator_cannot_leave(calderdale: Authority, admin: User) -> None:
    for call in (
        lambda: actions.end_access(admin, calderdale, by=admin),
        lambda: actions.change_roles(calderdale, admin, by=admin, roles=[Role.VIEWER]),
    ):
        with pytest.raises((LastAdministrator, Refused)):
            call()
    Membership.objects.create(authority=calderdale, user=admin, role=Role.VIEWER)
    with pytest.raises(LastAdministrator, match="Make somebody else an administrator first"):
        actions.change_roles(calderdale, admin, by=admin, roles=[Role.VIEWER])
    deputy = somebody(Role.VIEWER, "deputy")  # covering for the administrator does not make them one
    day = timezone.localdate()
    actions.delegate(calderdale, by=admin, receiver=deputy, role=ADMIN, first_day=day, last_day=day, reason="Leave")
    with pytest.raises(LastAdministrator):
        actions.end_access(admin, calderdale, by=deputy)
    somebody(ADMIN, "second")
    actions.end_access(admin, calderdale, by=admin)
    assert not works_for(admin, calderdale)


def test_a_deactivated_administrator_does_not_count(calderdale: Authority, admin: User) -> None:
    User.objects.filter(id=somebody(ADMIN, "gone").id).update(is_active=False)
    with pytest.raises(LastAdministrator):
        actions.end_access(admin, calderdale, by=admin)


def test_the_operator_can_remove_the_last_administrator(calderdale: Authority, admin: User, by: User) -> None:
    actions.end_access(admin, calderdale, by=by)
    assert not works_for(admin, calderdale)


def test_changing_roles(calderdale: Authority, admin: User) -> None:
    person = somebody(Role.OFFICER, "changing")
    actions.change_roles(calderdale, person, by=admin, roles=[Role.ANALYST, Role.VIEWER])
    assert roles_of(person, calderdale) == {Role.ANALYST, Role.VIEWER}
    entries = Entry.objects.count()
    actions.change_roles(calderdale, person, by=admin, roles=[Role.VIEWER, Role.ANALYST])
    assert Entry.objects.count() == entries  # a second click
    with pytest.raises(Outdated):
        actions.change_roles(calderdale, person, by=admin, roles=[Role.VIEWER], seen=[Role.OFFICER])
    with pytest.raises(NotPossible, match="Select at least one role"):
        actions.change_roles(calderdale, person, by=admin, roles=[])
    changed = colleague(calderdale, person.id)
    assert {membership.role for membership in changed.former} == {Role.OFFICER}


def test_groups_remove_only_roles_that_groups_gave(calderdale: Authority, admin: User, by: User) -> None:
    mapping()  # "Equality team" gives officer
    person = somebody(Role.VIEWER, "grouped")
    sync = lambda *groups: actions.sync_roles(person, groups=groups, provider="service", by=by)  # noqa: E731
    sync("Equality team", "Canteen")
    assert roles_of(person, calderdale) == {Role.VIEWER, Role.OFFICER}
    entries = Entry.objects.count()
    sync("Equality team")
    assert Entry.objects.count() == entries
    actions.sync_roles(person, groups=[], provider="another", by=by)
    assert roles_of(person, calderdale) == {Role.VIEWER, Role.OFFICER}
    sync()
    assert roles_of(person, calderdale) == {Role.VIEWER}
    sync("Equality team")
    actions.add_member(calderdale, by=admin, email=person.email, name="x", role=Role.OFFICER)  # now given by a person
    sync()
    assert roles_of(person, calderdale) == {Role.VIEWER, Role.OFFICER}


def test_a_group_gives_no_role_to_the_person_who_added_it(calderdale: Authority, admin: User, by: User) -> None:
    actions.map_group(calderdale, by=admin, provider="service", group="Mine", role=Role.APPROVER)
    actions.sync_roles(admin, groups=["Mine"], provider="service", by=by)
    assert roles_of(admin, calderdale) == {ADMIN}
    other = somebody(Role.VIEWER)
    actions.sync_roles(other, groups=["Mine"], provider="service", by=by)
    assert roles_of(other, calderdale) == {Role.VIEWER, Role.APPROVER}


def test_the_last_administrator_keeps_a_group_role_and_gets_a_task(
    calderdale: Authority, admin: User, by: User
) -> None:
    Membership.objects.filter(user=admin).update(source="service")
    actions.sync_roles(admin, groups=[], provider="service", by=by)
    assert roles_of(admin, calderdale) == {ADMIN}
    assert any("Appoint another administrator" in task.title for task in staff_tasks.tasks_for(admin))
    somebody(ADMIN, "second")
    actions.sync_roles(admin, groups=[], provider="service", by=by)
    assert roles_of(admin, calderdale) == set()


def test_a_leaver_gets_no_roles_from_groups(calderdale: Authority, admin: User, by: User) -> None:
    mapping()
    leaver = somebody(Role.VIEWER, "leaver")
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    actions.sync_roles(leaver, groups=["Equality team"], provider="service", by=by)
    assert roles_of(leaver, calderdale) == set()


def test_work_is_assigned_to_one_person_at_a_time(calderdale: Authority) -> None:
    one, two = somebody(Role.OFFICER, "one"), somebody(Role.ANALYST, "two")
    about = Subject("plan", uuid4(), calderdale.id)
    first = actions.assign(calderdale, by=one, person=one, about=about, title="T", link="/work/x/")
    assert actions.assign(calderdale, by=one, person=one, about=about, title="T", link="/work/x/") == first
    second = actions.assign(calderdale, by=two, person=two, about=about, title="T", link="/work/x/")
    assert [current.id for current in Assignment.objects.filter(subject_id=about.id, ended_at=None)] == [second.id]
    with pytest.raises(Refused):
        actions.hand_over(second, by=one, to=one)
    third = actions.hand_over(second, by=two, to=one)
    assert third.person == one
    with pytest.raises(NotPossible, match="already been handed over"):
        actions.hand_over(second, by=two, to=one)
    actions.finish(third, by=one)
    assert not Assignment.objects.filter(subject_id=about.id, ended_at=None).exists()
