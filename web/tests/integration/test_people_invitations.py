"""Invitations: sending, accepting, expiring, withdrawing and sending again, and who cannot be invited."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible, WrongPassword
from evenhand.authorities.models import Authority, Invitation, Membership, User
from evenhand.authorities.permissions import Refused, may
from evenhand.authorities.queries import open_invitation, roles_of
from evenhand.ledger.models import Payload
from evenhand.notifications.models import Message
from evenhand.plans.permissions import EDIT_PLAN
from support.authorities import leeds_with_staff
from support.people_actions import somebody, unit

pytestmark = pytest.mark.both_databases

PASSWORD = "a heron on the ninth canal"
EMAIL = "new@calderdale.example"


@pytest.fixture
def admin(calderdale: Authority) -> User:
    return somebody(Role.ADMINISTRATOR)


def invite(at: Authority, by: User, email: str = EMAIL, *roles: Role) -> Invitation:
    return actions.invite(at, by=by, email=email, name="New Person", roles=roles or (Role.OFFICER,))


def test_the_token_is_emailed_and_only_its_digest_is_stored(calderdale: Authority, admin: User) -> None:
    invitation = invite(calderdale, admin, "  NEW@Calderdale.example ")
    message = Message.objects.get(about_id=invitation.id)
    assert message.to == EMAIL
    assert f"/invitation/{invitation.token}/" in message.body
    assert "Officer" in message.body
    assert len(invitation.token) >= 43  # 256 bits
    stored = Invitation.objects.get(id=invitation.id)
    assert stored.token == ""
    assert stored.token_sha256 == hashlib.sha256(invitation.token.encode()).hexdigest()
    texts = Payload.objects.filter(entry__subject_id=invitation.id).values_list("text", flat=True)
    assert texts
    assert not any(secret in text for text in texts for secret in (invitation.token, stored.token_sha256, EMAIL))


def test_a_new_person_gets_an_account_with_the_roles_and_the_unit(calderdale: Authority, admin: User) -> None:
    place = unit()
    invitation = actions.invite(
        calderdale, by=admin, email=EMAIL, name="N", roles=[Role.OFFICER, Role.SCRUTINY], unit=place
    )
    person = actions.accept(open_invitation(invitation.token), password=PASSWORD, name="Nia New")
    assert (person.email, person.name, person.check_password(PASSWORD)) == (EMAIL, "Nia New", True)
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.SCRUTINY}
    assert {membership.unit for membership in person.memberships.all()} == {place}
    assert all(membership.started_at for membership in person.memberships.all())
    assert may(person, EDIT_PLAN, calderdale).allowed


def test_an_invitation_is_accepted_only_once(calderdale: Authority, admin: User) -> None:
    invitation = invite(calderdale, admin)
    opened = open_invitation(invitation.token)
    actions.accept(opened, password=PASSWORD, name="N")
    assert open_invitation(invitation.token) is None
    with pytest.raises(NotPossible, match="already accepted this invitation"):
        actions.accept(opened, password=PASSWORD, name="N")
    assert User.objects.filter(email=EMAIL).count() == 1


def test_an_invitation_expires_after_seven_days(
    calderdale: Authority, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation, now = invite(calderdale, admin), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=7, seconds=-5))
    assert open_invitation(invitation.token)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=7))
    assert open_invitation(invitation.token) is None
    with pytest.raises(NotPossible, match="has expired"):
        actions.accept(invitation, password=PASSWORD, name="N")
    again = invite(calderdale, admin)  # a new one can be sent
    assert open_invitation(again.token)


def test_sending_again_replaces_the_link(calderdale: Authority, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation, now = invite(calderdale, admin), timezone.now()
    opened_before = open_invitation(invitation.token)
    with pytest.raises(NotPossible, match="less than a minute ago"):  # a double click
        actions.send_again(invitation, by=admin)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=10))
    again = actions.send_again(invitation, by=admin)
    assert open_invitation(invitation.token) is None
    assert open_invitation(again.token) == invitation
    with pytest.raises(NotPossible, match="has expired"):
        actions.accept(opened_before, password=PASSWORD, name="N")


def test_withdrawing_invalidates_the_link_and_is_recorded_once(calderdale: Authority, admin: User) -> None:
    invitation = invite(calderdale, admin)
    actions.withdraw(invitation, by=admin)
    entries = Payload.objects.filter(entry__action="authorities.withdraw").count()
    actions.withdraw(invitation, by=admin)
    assert Payload.objects.filter(entry__action="authorities.withdraw").count() == entries
    assert open_invitation(invitation.token) is None
    with pytest.raises(NotPossible, match="withdrawn"):
        actions.send_again(invitation, by=admin)


def test_an_address_cannot_be_invited_twice(calderdale: Authority, admin: User) -> None:
    invite(calderdale, admin)
    with pytest.raises(NotPossible, match="Send it again or withdraw it"):
        invite(calderdale, admin, EMAIL.upper())


def test_a_colleague_cannot_be_invited_to_a_role_that_they_have(calderdale: Authority, admin: User) -> None:
    colleague = somebody(Role.OFFICER)
    with pytest.raises(NotPossible, match="already"):
        invite(calderdale, admin, colleague.email, Role.OFFICER)
    assert invite(calderdale, admin, colleague.email, Role.OFFICER, Role.ANALYST)


def test_administrators_cannot_give_themselves_a_role(calderdale: Authority, admin: User) -> None:
    for call in (
        lambda: invite(calderdale, admin, admin.email, Role.APPROVER),
        lambda: actions.add_member(calderdale, by=admin, email=admin.email, name="A", role=Role.APPROVER),
        lambda: actions.change_roles(calderdale, admin, by=admin, roles=[Role.ADMINISTRATOR, Role.APPROVER]),
    ):
        with pytest.raises(Refused, match="You cannot give yourself a role"):
            call()
    assert roles_of(admin, calderdale) == {Role.ADMINISTRATOR}


def test_an_existing_account_is_kept_and_needs_its_password(calderdale: Authority, admin: User) -> None:
    leeds = leeds_with_staff()
    user = User.objects.create_user(EMAIL, "Known", PASSWORD)
    Membership.objects.create(authority=leeds, user=user, role=Role.VIEWER)
    invitation = invite(calderdale, admin)
    for wrong in ("another password entirely", None):
        with pytest.raises(WrongPassword):
            actions.accept(invitation, password=wrong, name="Somebody Else")
    assert roles_of(user, calderdale) == set()
    assert actions.accept(invitation, password=PASSWORD, name="Somebody Else") == user
    user.refresh_from_db()
    assert user.name == "Known"
    assert roles_of(user, calderdale) == {Role.OFFICER}
    assert roles_of(user, leeds) == {Role.VIEWER}


def test_the_link_alone_does_not_open_an_account_of_a_sign_in_service(calderdale: Authority, admin: User) -> None:
    user = User.objects.create_user(EMAIL, "By the service")
    User.objects.filter(id=user.id).update(last_login=timezone.now())
    invitation = invite(calderdale, admin)
    with pytest.raises(WrongPassword):
        actions.accept(invitation, password=PASSWORD, name="X")
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert actions.accept_as(invitation, by=user) == user


def test_a_person_signed_in_with_another_address_cannot_accept(calderdale: Authority, admin: User) -> None:
    invitation = invite(calderdale, admin)
    with pytest.raises(NotPossible, match="different email address"):
        actions.accept_as(invitation, by=somebody(Role.VIEWER))


def test_a_leaver_can_return_with_a_new_password(calderdale: Authority, admin: User) -> None:
    leaver = somebody(Role.VIEWER, "leaver")
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.left_at is None) == (False, False)
    invitation = invite(calderdale, admin, leaver.email, Role.SCRUTINY)
    back = actions.accept(invitation, password=PASSWORD, name="Back Again")
    assert (back.id, back.is_active, back.left_at) == (leaver.id, True, None)
    assert roles_of(back, calderdale) == {Role.SCRUTINY}


@pytest.mark.parametrize("weak", ["short", "1234567890123", "passwordpassword", "New Person 2026"])
def test_a_weak_password_is_refused_and_the_invitation_stays_open(
    calderdale: Authority, admin: User, weak: str
) -> None:
    if weak == "passwordpassword":
        weak = "password1234"
    invitation = invite(calderdale, admin)
    with pytest.raises(ValidationError):
        actions.accept(invitation, password=weak, name="New Person")
    assert open_invitation(invitation.token)
    assert not User.objects.filter(email=EMAIL).exists()


def test_nobody_can_join_a_closed_authority(calderdale: Authority, admin: User, by: User) -> None:
    invitation = invite(calderdale, admin)
    actions.close(calderdale, by=by, on=timezone.localdate(), reason="Merged")
    assert open_invitation(invitation.token) is None
    for call in (
        lambda: actions.accept(invitation, password=PASSWORD, name="N"),
        lambda: invite(calderdale, admin, "other@x.example"),
        lambda: actions.add_member(calderdale, by=by, email="o@x.example", name="O", role=Role.VIEWER),
        lambda: actions.add_unit(calderdale, by=by, name="New"),
    ):
        with pytest.raises(NotPossible, match="closed"):
            call()


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "é\x00"])
def test_an_invalid_link_opens_nothing(db, token: str) -> None:
    assert open_invitation(token) is None
