"""Roles changed, access ended, work handed over, and the administrator whom an authority keeps."""

from uuid import uuid4

import pytest
from django.utils import timezone

from evenhand.authorities import actions, leaving, todo
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import LastAdministrator, NotPossible, Outdated, WorkInHand
from evenhand.authorities.models import Assignment, Authority, Delegation, Membership, User
from evenhand.authorities.permissions import Permission, Refused, may, works_for
from evenhand.authorities.queries import colleague, colleagues, in_hand, roles_of
from evenhand.ledger.actions import Subject
from evenhand.ledger.models import Entry, Payload
from people_actions import assignment, delegation, invitation, mapping, somebody

ADMIN = Role.ADMINISTRATOR


@pytest.fixture
def admin(calderdale: Authority) -> User:
    """The one administrator there is."""
    Membership.objects.filter(authority=calderdale, role=ADMIN).update(ended_at=timezone.now())
    return somebody(ADMIN, "only")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[User, Authority | None]]:
    heard: list[tuple[User, Authority | None]] = []
    monkeypatch.setattr(leaving, "_callbacks", [lambda person, authority: heard.append((person, authority))])
    return heard


def test_access_ends_everywhere_at_once(
    calderdale: Authority, admin: User, told: list[tuple[User, Authority | None]]
) -> None:
    leaver = somebody(Role.OFFICER, "leaver")
    Membership.objects.create(authority=calderdale, user=leaver, role=Role.VIEWER)
    actions.end_access(leaver, calderdale, by=admin, reason="New post")
    leaver.refresh_from_db()
    assert (roles_of(leaver, calderdale), leaver.is_active) == (set(), False)
    assert leaver.left_at
    assert not works_for(leaver, calderdale)
    assert told == [(leaver, calderdale), (leaver, None)]
    said = Payload.objects.get(entry__action="authorities.end_access", entry__subject_id=leaver.id).content
    assert said["before"] == {"roles": ["officer", "viewer"]}
    assert said["after"]["left_altogether"] is True
    assert said["reason"] == "New post"
    with pytest.raises(NotPossible, match="any more"):  # a second click
        actions.end_access(leaver, calderdale, by=admin)


def test_what_they_have_elsewhere_stays(
    calderdale: Authority, admin: User, told: list[tuple[User, Authority | None]]
) -> None:
    leaver, leeds = somebody(Role.OFFICER, "leaver"), Authority.objects.get(slug="leeds-city-council")
    Membership.objects.create(authority=leeds, user=leaver, role=Role.VIEWER)
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    assert leaver.is_active
    assert works_for(leaver, leeds)
    assert told == [(leaver, calderdale)]


def test_what_they_did_stays_theirs(calderdale: Authority, admin: User) -> None:
    leaver = somebody(Role.OFFICER, "leaver")
    about = Subject("publication", uuid4(), calderdale.id)
    actions.assign(calderdale, by=leaver, person=leaver, about=about, title="T", link="/work/")
    before = list(Entry.objects.filter(actor_id=leaver.id).values_list("id", "commitment"))
    actions.end_access(leaver, calderdale, by=admin, hand_over_to=somebody(Role.ANALYST))
    assert before
    assert list(Entry.objects.filter(actor_id=leaver.id).values_list("id", "commitment")) == before
    assert [each.person.name for each in colleagues(calderdale, left=True) if each.person == leaver] == [leaver.name]


def test_work_in_hand_goes_to_a_colleague_who_may_take_it(calderdale: Authority, admin: User) -> None:
    held = assignment()
    leaver = held.person
    leeds = Authority.objects.get(slug="leeds-city-council")
    outsider = somebody(Role.OFFICER, "outsider", leeds)
    for nobody in (None, leaver, somebody(Role.VIEWER), outsider):
        with pytest.raises(WorkInHand):
            actions.end_access(leaver, calderdale, by=admin, hand_over_to=nobody)
    assert roles_of(leaver, calderdale) == {Role.OFFICER}
    successor = somebody(Role.ANALYST)
    actions.end_access(leaver, calderdale, by=admin, hand_over_to=successor)
    assert [each.subject_id for each in in_hand(person=successor)] == [held.subject_id]
    assert not in_hand(person=leaver).exists()
    held.refresh_from_db()
    assert held.ended_at


def test_what_they_lent_and_were_lent_ends_and_does_not_come_back(calderdale: Authority, admin: User) -> None:
    lent = delegation()
    actions.end_access(lent.giver, calderdale, by=admin)
    lent.refresh_from_db()
    assert lent.ended_early_at
    actions.add_member(calderdale, by=admin, email=lent.giver.email, name="x", role=Role.APPROVER)
    assert not may(lent.receiver, Permission.APPROVE_RELEASE, calderdale).allowed
    other = Delegation.objects.create(
        authority=calderdale,
        role=Role.ANALYST,
        giver=somebody(Role.ANALYST),
        receiver=lent.receiver,
        reason="",
        starts_at=lent.starts_at,
        ends_at=lent.ends_at,
    )
    actions.end_access(lent.receiver, calderdale, by=admin)
    other.refresh_from_db()
    assert other.ended_early_at


def test_invitations_that_they_sent_stay_open(calderdale: Authority, admin: User) -> None:
    sender = somebody(ADMIN, "sender")
    sent = invitation(invited_by=sender)
    actions.end_access(sender, calderdale, by=admin)
    sent.refresh_from_db()
    assert sent.is_open


def test_the_last_administrator_stays_until_there_is_another(calderdale: Authority, admin: User) -> None:
    for call in (
        lambda: actions.end_access(admin, calderdale, by=admin),
        lambda: actions.change_roles(calderdale, admin, by=admin, roles=[Role.VIEWER]),
    ):
        with pytest.raises((LastAdministrator, Refused)):
            call()
    Membership.objects.create(authority=calderdale, user=admin, role=Role.VIEWER)
    with pytest.raises(LastAdministrator, match="Make somebody else an administrator first"):
        actions.change_roles(calderdale, admin, by=admin, roles=[Role.VIEWER])
    lent_only = somebody(Role.VIEWER, "deputy")  # standing in for the administrator is not being one
    day = timezone.localdate()
    actions.delegate(calderdale, by=admin, receiver=lent_only, role=ADMIN, first_day=day, last_day=day, reason="Leave")
    with pytest.raises(LastAdministrator):
        actions.end_access(admin, calderdale, by=lent_only)
    somebody(ADMIN, "second")
    actions.end_access(admin, calderdale, by=admin)
    assert not works_for(admin, calderdale)


def test_an_administrator_without_access_is_not_counted(calderdale: Authority, admin: User) -> None:
    User.objects.filter(id=somebody(ADMIN, "gone").id).update(is_active=False)
    with pytest.raises(LastAdministrator):
        actions.end_access(admin, calderdale, by=admin)


def test_the_operator_may_do_even_that(calderdale: Authority, admin: User, by: User) -> None:
    actions.end_access(admin, calderdale, by=by)
    assert not works_for(admin, calderdale)


def test_roles_change_to_what_was_chosen(calderdale: Authority, admin: User) -> None:
    person = somebody(Role.OFFICER, "changing")
    actions.change_roles(calderdale, person, by=admin, roles=[Role.ANALYST, Role.VIEWER])
    assert roles_of(person, calderdale) == {Role.ANALYST, Role.VIEWER}
    entries = Entry.objects.count()
    actions.change_roles(calderdale, person, by=admin, roles=[Role.VIEWER, Role.ANALYST])
    assert Entry.objects.count() == entries  # a second click
    with pytest.raises(Outdated):
        actions.change_roles(calderdale, person, by=admin, roles=[Role.VIEWER], seen=[Role.OFFICER])
    with pytest.raises(NotPossible, match="has a role"):
        actions.change_roles(calderdale, person, by=admin, roles=[])
    known = colleague(calderdale, person.id)
    assert {each.role for each in known.former} == {Role.OFFICER}


def test_groups_give_and_take_only_what_groups_gave(calderdale: Authority, admin: User, by: User) -> None:
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
    actions.add_member(calderdale, by=admin, email=person.email, name="x", role=Role.OFFICER)  # now by hand
    sync()
    assert roles_of(person, calderdale) == {Role.VIEWER, Role.OFFICER}


def test_a_group_gives_nothing_to_whoever_entered_it(calderdale: Authority, admin: User, by: User) -> None:
    actions.map_group(calderdale, by=admin, provider="service", group="Mine", role=Role.APPROVER)
    actions.sync_roles(admin, groups=["Mine"], provider="service", by=by)
    assert roles_of(admin, calderdale) == {ADMIN}
    other = somebody(Role.VIEWER)
    actions.sync_roles(other, groups=["Mine"], provider="service", by=by)
    assert roles_of(other, calderdale) == {Role.VIEWER, Role.APPROVER}


def test_no_group_takes_the_last_administrator_and_somebody_is_told(
    calderdale: Authority, admin: User, by: User
) -> None:
    Membership.objects.filter(user=admin).update(source="service")
    actions.sync_roles(admin, groups=[], provider="service", by=by)
    assert roles_of(admin, calderdale) == {ADMIN}
    assert any("Appoint another administrator" in each.title for each in todo.waiting_for(admin))
    somebody(ADMIN, "second")
    actions.sync_roles(admin, groups=[], provider="service", by=by)
    assert roles_of(admin, calderdale) == set()


def test_one_who_left_gets_nothing_from_groups(calderdale: Authority, admin: User, by: User) -> None:
    mapping()
    leaver = somebody(Role.VIEWER, "leaver")
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    actions.sync_roles(leaver, groups=["Equality team"], provider="service", by=by)
    assert roles_of(leaver, calderdale) == set()


def test_a_thing_is_in_one_persons_hands(calderdale: Authority) -> None:
    one, two = somebody(Role.OFFICER, "one"), somebody(Role.ANALYST, "two")
    about = Subject("plan", uuid4(), calderdale.id)
    first = actions.assign(calderdale, by=one, person=one, about=about, title="T", link="/work/x/")
    assert actions.assign(calderdale, by=one, person=one, about=about, title="T", link="/work/x/") == first
    second = actions.assign(calderdale, by=two, person=two, about=about, title="T", link="/work/x/")
    assert [each.id for each in Assignment.objects.filter(subject_id=about.id, ended_at=None)] == [second.id]
    with pytest.raises(Refused):
        actions.hand_over(second, by=one, to=one)
    third = actions.hand_over(second, by=two, to=one)
    assert third.person == one
    with pytest.raises(NotPossible, match="since"):
        actions.hand_over(second, by=two, to=one)
    actions.finish(third, by=one)
    assert not Assignment.objects.filter(subject_id=about.id, ended_at=None).exists()
