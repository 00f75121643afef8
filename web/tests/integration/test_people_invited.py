"""Invitations: sent, answered once, run out, withdrawn, sent again, and whom they can't be sent to."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from evenhand.authorities import actions
from evenhand.authorities.enums import Role
from evenhand.authorities.errors import NotPossible, WrongPassword
from evenhand.authorities.models import Authority, Invitation, Membership, User
from evenhand.authorities.permissions import Permission, Refused, may
from evenhand.authorities.queries import open_invitation, roles_of
from evenhand.ledger.models import Payload
from evenhand.notifications.models import Message
from people_actions import somebody, unit

PASSWORD = "a heron on the ninth canal"
EMAIL = "new@calderdale.example"


@pytest.fixture
def admin(calderdale: Authority) -> User:
    return somebody(Role.ADMINISTRATOR)


def invite(at: Authority, by: User, email: str = EMAIL, *roles: Role) -> Invitation:
    return actions.invite(at, by=by, email=email, name="New Person", roles=roles or (Role.OFFICER,))


def test_it_reaches_the_person_and_only_its_digest_is_stored(calderdale: Authority, admin: User) -> None:
    made = invite(calderdale, admin, "  NEW@Calderdale.example ")
    message = Message.objects.get(about_id=made.id)
    assert message.to == EMAIL
    assert f"/invitation/{made.token}/" in message.body
    assert "Officer" in message.body
    assert len(made.token) >= 43  # 256 bits
    stored = Invitation.objects.get(id=made.id)
    assert stored.token == ""
    assert stored.token_sha256 == hashlib.sha256(made.token.encode()).hexdigest()
    said = Payload.objects.filter(entry__subject_id=made.id).values_list("text", flat=True)
    assert said
    assert not any(secret in text for text in said for secret in (made.token, stored.token_sha256, EMAIL))


def test_someone_new_gets_an_account_with_the_roles_and_the_unit(calderdale: Authority, admin: User) -> None:
    place = unit()
    made = actions.invite(calderdale, by=admin, email=EMAIL, name="N", roles=[Role.OFFICER, Role.SCRUTINY], unit=place)
    person = actions.accept(open_invitation(made.token), password=PASSWORD, name="Nia New")
    assert (person.email, person.name, person.check_password(PASSWORD)) == (EMAIL, "Nia New", True)
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.SCRUTINY}
    assert {each.unit for each in person.memberships.all()} == {place}
    assert all(each.started_at for each in person.memberships.all())
    assert may(person, Permission.EDIT_PLAN, calderdale).allowed


def test_it_is_accepted_once(calderdale: Authority, admin: User) -> None:
    made = invite(calderdale, admin)
    found = open_invitation(made.token)
    actions.accept(found, password=PASSWORD, name="N")
    assert open_invitation(made.token) is None
    with pytest.raises(NotPossible, match="accepted this invitation already"):
        actions.accept(found, password=PASSWORD, name="N")
    assert User.objects.filter(email=EMAIL).count() == 1


def test_it_runs_out_after_seven_days(calderdale: Authority, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made, now = invite(calderdale, admin), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=7, seconds=-5))
    assert open_invitation(made.token)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=7))
    assert open_invitation(made.token) is None
    with pytest.raises(NotPossible, match="run out"):
        actions.accept(made, password=PASSWORD, name="N")
    again = invite(calderdale, admin)  # what ran out makes room for a new one
    assert open_invitation(again.token)


def test_sent_again_it_has_a_new_link_and_the_old_one_opens_nothing(
    calderdale: Authority, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, now = invite(calderdale, admin), timezone.now()
    opened_before = open_invitation(made.token)
    with pytest.raises(NotPossible, match="a moment ago"):  # a double click
        actions.send_again(made, by=admin)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=10))
    again = actions.send_again(made, by=admin)
    assert open_invitation(made.token) is None
    assert open_invitation(again.token) == made
    with pytest.raises(NotPossible, match="run out"):
        actions.accept(opened_before, password=PASSWORD, name="N")


def test_withdrawn_it_opens_nothing_and_withdrawing_twice_is_once(calderdale: Authority, admin: User) -> None:
    made = invite(calderdale, admin)
    actions.withdraw(made, by=admin)
    entries = Payload.objects.filter(entry__action="authorities.withdraw").count()
    actions.withdraw(made, by=admin)
    assert Payload.objects.filter(entry__action="authorities.withdraw").count() == entries
    assert open_invitation(made.token) is None
    with pytest.raises(NotPossible, match="withdrawn"):
        actions.send_again(made, by=admin)


def test_the_same_address_twice_is_said_clearly(calderdale: Authority, admin: User) -> None:
    invite(calderdale, admin)
    with pytest.raises(NotPossible, match="waits for an answer"):
        invite(calderdale, admin, EMAIL.upper())


def test_a_colleague_with_the_role_is_not_invited_to_it(calderdale: Authority, admin: User) -> None:
    known = somebody(Role.OFFICER)
    with pytest.raises(NotPossible, match="already"):
        invite(calderdale, admin, known.email, Role.OFFICER)
    assert invite(calderdale, admin, known.email, Role.OFFICER, Role.ANALYST)


def test_nobody_invites_themselves_to_another_role(calderdale: Authority, admin: User) -> None:
    for call in (
        lambda: invite(calderdale, admin, admin.email, Role.APPROVER),
        lambda: actions.add_member(calderdale, by=admin, email=admin.email, name="A", role=Role.APPROVER),
        lambda: actions.change_roles(calderdale, admin, by=admin, roles=[Role.ADMINISTRATOR, Role.APPROVER]),
    ):
        with pytest.raises(Refused, match="Nobody gives a role to themselves"):
            call()
    assert roles_of(admin, calderdale) == {Role.ADMINISTRATOR}


def test_someone_with_an_account_keeps_it_and_must_prove_it(calderdale: Authority, admin: User) -> None:
    leeds = Authority.objects.get(slug="leeds-city-council")
    known = User.objects.create_user(EMAIL, "Known", PASSWORD)
    Membership.objects.create(authority=leeds, user=known, role=Role.VIEWER)
    made = invite(calderdale, admin)
    for wrong in ("another password entirely", None):
        with pytest.raises(WrongPassword):
            actions.accept(made, password=wrong, name="Somebody Else")
    assert roles_of(known, calderdale) == set()
    assert actions.accept(made, password=PASSWORD, name="Somebody Else") == known
    known.refresh_from_db()
    assert known.name == "Known"
    assert roles_of(known, calderdale) == {Role.OFFICER}
    assert roles_of(known, leeds) == {Role.VIEWER}


def test_the_mailbox_alone_does_not_open_an_account_of_a_sign_in_service(calderdale: Authority, admin: User) -> None:
    known = User.objects.create_user(EMAIL, "By the service")
    User.objects.filter(id=known.id).update(last_login=timezone.now())
    made = invite(calderdale, admin)
    with pytest.raises(WrongPassword):
        actions.accept(made, password=PASSWORD, name="X")
    known.refresh_from_db()
    assert not known.has_usable_password()
    assert actions.accept_as(made, by=known) == known


def test_whoever_is_signed_in_under_another_address_does_not_take_it(calderdale: Authority, admin: User) -> None:
    made = invite(calderdale, admin)
    with pytest.raises(NotPossible, match="another address"):
        actions.accept_as(made, by=somebody(Role.VIEWER))


def test_one_who_left_comes_back_with_a_new_password(calderdale: Authority, admin: User) -> None:
    leaver = somebody(Role.VIEWER, "leaver")
    actions.end_access(leaver, calderdale, by=admin)
    leaver.refresh_from_db()
    assert (leaver.is_active, leaver.left_at is None) == (False, False)
    made = invite(calderdale, admin, leaver.email, Role.SCRUTINY)
    back = actions.accept(made, password=PASSWORD, name="Back Again")
    assert (back.id, back.is_active, back.left_at) == (leaver.id, True, None)
    assert roles_of(back, calderdale) == {Role.SCRUTINY}


@pytest.mark.parametrize("weak", ["short", "1234567890123", "passwordpassword", "New Person 2026"])
def test_a_weak_password_is_refused_and_the_invitation_stays_open(
    calderdale: Authority, admin: User, weak: str
) -> None:
    if weak == "passwordpassword":
        weak = "password1234"
    made = invite(calderdale, admin)
    with pytest.raises(ValidationError):
        actions.accept(made, password=weak, name="New Person")
    assert open_invitation(made.token)
    assert not User.objects.filter(email=EMAIL).exists()


def test_nobody_comes_to_a_closed_authority(calderdale: Authority, admin: User, by: User) -> None:
    made = invite(calderdale, admin)
    actions.close(calderdale, by=by, on=timezone.localdate(), reason="Merged")
    assert open_invitation(made.token) is None
    for call in (
        lambda: actions.accept(made, password=PASSWORD, name="N"),
        lambda: invite(calderdale, admin, "other@x.example"),
        lambda: actions.add_member(calderdale, by=by, email="o@x.example", name="O", role=Role.VIEWER),
        lambda: actions.add_unit(calderdale, by=by, name="New"),
    ):
        with pytest.raises(NotPossible, match="closed"):
            call()


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "é\x00"])
def test_a_made_up_link_opens_nothing(db, token: str) -> None:
    assert open_invitation(token) is None
