"""Every action on people and authorities: the roles that may take it at their own authority, and a call of it."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import (
    Assignment,
    Authority,
    Delegation,
    GroupRole,
    Invitation,
    Membership,
    Unit,
    User,
)
from evenhand.ledger.actions import Subject
from evenhand.records.identity import new_id
from support.authorities import calderdale_with_staff, leeds_with_staff
from support.person import FREE_TEXT, NAME, OTHER_EMAIL, RowCreator

ADMIN = Role.ADMINISTRATOR
WORKERS = {Role.OFFICER, Role.ANALYST, Role.APPROVER, ADMIN}


def somebody(role: Role = Role.VIEWER, name: str = "somebody", at: Authority | None = None) -> User:
    """A colleague with the role, other than the people under test."""
    at = at or calderdale_with_staff()
    email = f"{name}.{role}@{at.slug}.example"
    person = User.objects.filter(email=email).first()
    if person is None:
        person = User.objects.create_user(email, f"{name} the {role}".title(), invented=at.invented)
    Membership.objects.get_or_create(authority=at, user=person, role=role, ended_at=None)
    return person


def unit(name: str = "Highways", parent: Unit | None = None, at: Authority | None = None) -> Unit:
    return Unit.objects.get_or_create(authority=at or calderdale_with_staff(), name=name, parent=parent)[0]


def invitation(email: str = "new@calderdale.example", at: Authority | None = None, **values: object) -> Invitation:
    now = timezone.now()
    defaults = {
        "name": "New Person",
        "roles": [Role.VIEWER.value],
        "token_sha256": hashlib.sha256(email.encode()).hexdigest(),
        "invited_by": somebody(ADMIN, at=at),
        "sent_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=7),
    }
    pending_invitation, _created = Invitation.objects.get_or_create(
        authority=at or calderdale_with_staff(),
        email=email,
        accepted_at=None,
        withdrawn_at=None,
        defaults=defaults | values,
    )
    return pending_invitation


def delegation(at: Authority | None = None) -> Delegation:
    now = timezone.now()
    return Delegation.objects.get_or_create(
        authority=at or calderdale_with_staff(),
        role=Role.APPROVER,
        giver=somebody(Role.APPROVER, at=at),
        receiver=somebody(Role.OFFICER, at=at),
        defaults={"reason": "On leave", "starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=5)},
    )[0]


def assignment(at: Authority | None = None) -> Assignment:
    return Assignment.objects.get_or_create(
        authority=at or calderdale_with_staff(),
        person=somebody(Role.OFFICER, at=at),
        subject_kind="publication",
        title="Workforce figures of 2026",
        link="/work/calderdale-council/",
        ended_at=None,
        defaults={"subject_id": uuid4(), "since": timezone.now()},
    )[0]


def mapping(at: Authority | None = None) -> GroupRole:
    return GroupRole.objects.get_or_create(
        authority=at or calderdale_with_staff(),
        provider="service",
        group="Equality team",
        role=Role.OFFICER,
        defaults={"set_by": somebody(ADMIN, at=at)},
    )[0]


def _delegate(by: User) -> object:
    own = Membership.objects.filter(user=by, ended_at=None).first()
    role = Role(own.role) if own else Role.VIEWER
    receiver = somebody(Role.VIEWER if role != Role.VIEWER else Role.SCRUTINY, "deputy")
    giver = somebody() if by.is_operator else by
    day = timezone.localdate()
    return actions.delegate(
        calderdale_with_staff(),
        by=by,
        giver=giver,
        receiver=receiver,
        role=role,
        first_day=day,
        last_day=day,
        reason="On leave",
    )


def _change_details(by: User) -> object:
    return actions.change_details(
        calderdale_with_staff(),
        by=by,
        version=calderdale_with_staff().version,
        name="Calderdale Metropolitan Borough Council",
        kind=Kind.METROPOLITAN_DISTRICT,
        area_code="E08000033",
        area_name="Calderdale",
    )


def _record_succession(by: User) -> object:
    leeds = leeds_with_staff()
    return actions.record_succession(leeds, calderdale_with_staff(), by=by, on=date(2026, 4, 1), breaks="All of it")


def _sync(by: User) -> object:
    mapping()
    return actions.sync_roles(somebody(), groups=["Equality team"], provider="service", by=by)


def _assign(by: User) -> object:
    about = Subject("publication", uuid4(), calderdale_with_staff().id)
    return actions.assign(
        calderdale_with_staff(), by=by, person=somebody(Role.OFFICER), about=about, title="T", link="/work/"
    )


ACTIONS: dict[str, tuple[set[Role], Callable[[User], object]]] = {
    "authorities.add": (
        set(),
        lambda by: actions.add(
            by=by, slug="x", name="X", kind=Kind.METROPOLITAN_DISTRICT, area_code="E08000001", area_name="X"
        ),
    ),
    "authorities.move": (
        {ADMIN},
        lambda by: actions.move(calderdale_with_staff(), by=by, slug="other", reason="renamed"),
    ),
    "authorities.add_member": (
        {ADMIN},
        lambda by: actions.add_member(calderdale_with_staff(), by=by, email="n@x.example", name="N", role=Role.VIEWER),
    ),
    "authorities.change_details": ({ADMIN}, _change_details),
    "authorities.join": (set(), lambda by: actions.join(calderdale_with_staff(), by=by, parent=None)),
    "authorities.record_succession": (set(), _record_succession),  # a role at only one of the two bodies is not enough
    "authorities.close": (
        {ADMIN},
        lambda by: actions.close(calderdale_with_staff(), by=by, on=date(2027, 4, 1), reason="Merged"),
    ),
    "authorities.add_unit": ({ADMIN}, lambda by: actions.add_unit(calderdale_with_staff(), by=by, name="Libraries")),
    "authorities.rename_unit": ({ADMIN}, lambda by: actions.rename_unit(unit(), by=by, name="Roads")),
    "authorities.move_unit": ({ADMIN}, lambda by: actions.move_unit(unit(), by=by, parent=unit("Place"))),
    "authorities.close_unit": ({ADMIN}, lambda by: actions.close_unit(unit(), by=by)),
    "authorities.change_roles": (
        {ADMIN},
        lambda by: actions.change_roles(calderdale_with_staff(), somebody(), by=by, roles=[Role.OFFICER]),
    ),
    "authorities.place": ({ADMIN}, lambda by: actions.place(calderdale_with_staff(), somebody(), by=by, unit=unit())),
    "authorities.end_access": ({ADMIN}, lambda by: actions.end_access(somebody(), calderdale_with_staff(), by=by)),
    "authorities.invite": (
        {ADMIN},
        lambda by: actions.invite(calderdale_with_staff(), by=by, email="i@x.example", name="I", roles=[Role.VIEWER]),
    ),
    "authorities.send_again": ({ADMIN}, lambda by: actions.send_again(invitation(), by=by)),
    "authorities.withdraw": ({ADMIN}, lambda by: actions.withdraw(invitation(), by=by)),
    "authorities.delegate": (set(Role), _delegate),
    "authorities.end_delegation": ({ADMIN}, lambda by: actions.end_delegation(delegation(), by=by)),
    "authorities.map_group": (
        {ADMIN},
        lambda by: actions.map_group(calderdale_with_staff(), by=by, provider="service", group="G", role=Role.VIEWER),
    ),
    "authorities.unmap_group": ({ADMIN}, lambda by: actions.unmap_group(mapping(), by=by)),
    "authorities.sync_roles": (set(), _sync),
    "authorities.assign": (WORKERS, _assign),
    "authorities.hand_over": (
        {ADMIN},
        lambda by: actions.hand_over(assignment(), by=by, to=somebody(Role.ANALYST)),
    ),
    "authorities.finish": ({ADMIN}, lambda by: actions.finish(assignment(), by=by)),
}
# Taken by people without a role: the token in the link is the permission (integration/test_people_invitations.py).
BY_INVITATION = {"authorities.accept", "authorities.accept_as"}
PERSON_ROWS: dict[str, RowCreator] = {
    "authorities.user": lambda user, colleague, authority: User.objects.filter(id=user.id).update(
        password="pbkdf2_zoe", last_login=timezone.now()
    ),
    "authorities.membership": lambda user, colleague, authority: Membership.objects.get_or_create(
        user=user, authority=authority, role="officer"
    ),
    "authorities.invitation": lambda user, colleague, authority: Invitation.objects.create(
        authority=authority,
        email=OTHER_EMAIL,
        name=NAME,
        roles=["officer"],
        token_sha256="digest-of-zoe",
        invited_by=colleague,
        sent_at=timezone.now(),
        expires_at=timezone.now(),
        accepted_at=timezone.now(),
        accepted_by=user,
    ),
    "authorities.delegation": lambda user, colleague, authority: Delegation.objects.create(
        authority=authority,
        role="officer",
        giver=user,
        receiver=colleague,
        reason=FREE_TEXT,
        starts_at=timezone.now() - timedelta(days=9),
        ends_at=timezone.now() - timedelta(days=1),
    ),
    "authorities.grouprole": lambda user, colleague, authority: GroupRole.objects.create(
        authority=authority, provider="entra", group="Equality team", role="viewer", set_by=user
    ),
    "authorities.assignment": lambda user, colleague, authority: Assignment.objects.create(
        authority=authority,
        person=user,
        subject_kind="plan",
        subject_id=new_id(),
        title="A plan",
        link="/",
        since=timezone.now(),
    ),
}
