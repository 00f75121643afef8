"""Session expiry, second factors and account locking, where a test needs a clock or a second person."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import timezone

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Refused
from evenhand.ledger.models import Entry
from evenhand.sign_in import actions, attempts
from evenhand.sign_in.sessions import describe_user_agent, open_sessions
from evenhand.sign_in.two_factor import MFAAdapter
from support.authorities import leeds_with_staff

PASSWORD = "a heron on the ninth canal"
Member = Callable[[Authority, Role], User]


class Clock:
    """The current time as the code sees it. It only changes when a test moves it."""

    def __init__(self) -> None:
        self.now = self.start = timezone.now()

    def advance_to(self, **elapsed: float) -> None:
        self.now = self.start + timedelta(**elapsed)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    monkeypatch.setattr(time, "time", lambda: clock.now.timestamp())
    return clock


@pytest.fixture
def viewer(member: Member, calderdale: Authority) -> User:
    person = member(calderdale, Role.VIEWER)
    person.set_password(PASSWORD)
    person.save()
    return person


def sign_in(person: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": person.email, "password": password})
    return client


def is_signed_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_hours_in_total(viewer: User, clock: Clock) -> None:
    idle, busy = sign_in(viewer), sign_in(viewer)
    for hours in range(1, 12):
        clock.advance_to(hours=hours)
        assert is_signed_in(busy), hours
    assert not is_signed_in(idle)
    assert "you were inactive" in idle.get("/sign-in/").content.decode()
    clock.advance_to(hours=12, seconds=1)
    assert not is_signed_in(busy)
    assert "your session reached its time limit" in busy.get("/sign-in/").content.decode()


def test_a_session_continues_just_within_the_idle_limit(viewer: User, clock: Clock) -> None:
    client = sign_in(viewer)
    clock.advance_to(seconds=settings.EVENHAND_SESSION_IDLE_SECONDS)
    assert is_signed_in(client)


def test_a_person_without_a_role_or_an_active_account_is_signed_out_immediately(viewer: User) -> None:
    client = sign_in(viewer)
    assert is_signed_in(client)
    Membership.objects.filter(user=viewer).update(ended_at=timezone.now())
    assert not is_signed_in(client)
    Membership.objects.filter(user=viewer).update(ended_at=None)
    client = sign_in(viewer)
    assert is_signed_in(client)
    User.objects.filter(id=viewer.id).update(is_active=False)
    assert not is_signed_in(client)


def test_last_seen_is_updated_once_a_minute_and_not_on_every_request(viewer: User, clock: Clock) -> None:
    client = sign_in(viewer)
    first_seen = UserSession.objects.get(user=viewer).last_seen_at
    clock.advance_to(seconds=50)
    is_signed_in(client)
    assert UserSession.objects.get(user=viewer).last_seen_at == first_seen
    clock.advance_to(seconds=70)
    is_signed_in(client)
    assert UserSession.objects.get(user=viewer).last_seen_at == clock.now


@pytest.mark.parametrize("role", Role)
def test_analysts_approvers_and_administrators_need_a_second_factor(
    member: Member, calderdale: Authority, role: Role, settings
) -> None:
    settings.EVENHAND_SECOND_FACTOR_REQUIRED = True
    person = member(calderdale, role)
    person.set_password(PASSWORD)
    person.save()
    response = sign_in(person).get("/work/")
    is_required = role in {Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR}
    assert (response.status_code, response.headers.get("Location", "")) == (
        (302, "/account/second-step/") if is_required else (200, "")
    )
    assert sign_in(person).get("/authorities/").status_code == 200  # public pages stay open


def test_an_app_key_is_encrypted_and_is_unreadable_with_another_secret_key(viewer: User, settings) -> None:
    totp = TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(totp.instance.data)
    assert MFAAdapter().decrypt(totp.instance.data["secret"]) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert MFAAdapter().decrypt(totp.instance.data["secret"]) == "JBSWY3DPEHPK3PXP"  # still a fallback
    settings.SECRET_KEY_FALLBACKS = []
    decrypted = {MFAAdapter().decrypt(totp.instance.data["secret"]) for _attempt in range(20)}
    assert len(decrypted) == 20
    assert "JBSWY3DPEHPK3PXP" not in decrypted


def test_an_administrator_can_only_unlock_people_at_their_own_authority(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        assert attempts.count_attempt(request, viewer.email)
    assert not attempts.count_attempt(request, viewer.email)
    leeds = leeds_with_staff()
    with pytest.raises(Refused, match="does not work for"):
        actions.unlock(viewer, by=member(leeds, Role.ADMINISTRATOR), authority=leeds)
    assert attempts.is_locked(viewer.email)
    assert actions.unlock(viewer, by=member(calderdale, Role.ADMINISTRATOR), authority=calderdale) == attempts.LIMIT
    assert is_signed_in(sign_in(viewer))


def test_a_lock_expires_and_attempts_during_it_do_not_extend_it(viewer: User, clock: Clock) -> None:
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        attempts.count_attempt(request, viewer.email)
    clock.advance_to(minutes=29)
    assert not attempts.count_attempt(request, viewer.email)
    clock.advance_to(minutes=30)
    assert attempts.count_attempt(request, viewer.email)
    assert attempts.failure_count(viewer.email) == 1


def test_failures_more_than_an_hour_apart_do_not_lock_the_account(viewer: User, clock: Clock) -> None:
    request = RequestFactory().post("/sign-in/")
    for guess in range(3 * attempts.LIMIT):
        clock.advance_to(minutes=61 * guess)
        assert attempts.count_attempt(request, viewer.email)


def test_the_right_password_clears_the_failed_attempts(viewer: User) -> None:
    for _round in range(3):
        for _guess in range(attempts.LIMIT - 1):
            assert not is_signed_in(sign_in(viewer, "wrong password"))
        assert is_signed_in(sign_in(viewer))


def test_removing_a_lost_second_factor_also_ends_the_sessions(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    client = sign_in(viewer)
    TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    admin = member(calderdale, Role.ADMINISTRATOR)
    assert actions.remove_second_steps(viewer, by=admin, reason="showed a staff pass", authority=calderdale) == 1
    assert not Authenticator.objects.filter(user=viewer).exists()
    assert not is_signed_in(client)


def test_nobody_can_end_the_session_of_another_person(member: Member, calderdale: Authority, viewer: User) -> None:
    client, other = sign_in(viewer), member(calderdale, Role.ADMINISTRATOR)
    session = open_sessions(viewer, current_key=None)[0]
    other_client = Client()
    other_client.force_login(other, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert other_client.post(f"/account/sessions/{session.id}/end/").status_code == 404
    assert is_signed_in(client)
    assert actions.end_session(viewer, session.id, by=viewer) == 1
    assert not is_signed_in(client)


def test_no_record_entry_contains_an_email_or_ip_address(viewer: User) -> None:
    sign_in(viewer, "wrong password")
    client = sign_in(viewer)
    client.post("/account/sessions/end-others/")
    for entry in Entry.objects.filter(action__startswith="sign_in."):
        assert viewer.email not in f"{entry} {entry.payload.content}"
        assert "127.0.0.1" not in str(entry.payload.content)
        assert entry.authority_id is None


@pytest.mark.parametrize(
    "weak",
    ["elevenchars", "password1234", "739201847562", "viewer@calderdale-council.example", "Calderdale12"],
)
def test_weak_passwords_are_refused(viewer: User, weak: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(weak, viewer)
    validate_password(PASSWORD, viewer)


def test_sign_in_does_not_redirect_to_another_site(viewer: User) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        response = Client().post(f"/sign-in/?next={target}", {"login": viewer.email, "password": PASSWORD})
        assert response.headers["Location"] == "/work/"
    response = Client().post("/sign-in/?next=/account/", {"login": viewer.email, "password": PASSWORD})
    assert response.headers["Location"] == "/account/"


@pytest.mark.parametrize(
    ("user_agent", "description"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_user_agent_is_described_in_words(user_agent: str, description: str) -> None:
    assert describe_user_agent(user_agent) == description


def test_an_administrator_can_help_only_people_at_their_own_authority(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    admin, leeds = member(calderdale, Role.ADMINISTRATOR), leeds_with_staff()
    client = Client()
    client.force_login(admin, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = f"/work/{calderdale.slug}/people/{viewer.id}/sign-in/"
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        attempts.count_attempt(request, viewer.email)
    assert "The account is locked until" in client.get(page).content.decode()
    assert "can sign in again" in client.post(f"{page}unlock/", follow=True).content.decode()
    Membership.objects.create(authority=leeds, user=viewer, role=Role.APPROVER)
    response = client.post(f"{page}remove-second-steps/", {"reason": "showed a staff pass"})
    assert response.status_code == 403  # only an administrator at Leeds could agree to it
    Membership.objects.filter(authority=leeds, user=viewer).update(ended_at=timezone.now())
    response = client.post(f"{page}remove-second-steps/", {"reason": "showed a staff pass"}, follow=True)
    assert "Two-factor authentication removed" in response.content.decode()
    assert not Authenticator.objects.filter(user=viewer).exists()
    own = f"/work/{calderdale.slug}/people/{admin.id}/sign-in/remove-second-steps/"
    assert client.post(own, {"reason": "mine"}).status_code == 403
