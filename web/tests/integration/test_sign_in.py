"""Sessions, second steps and the lock as the code sees them, where a clock or a second person is needed."""

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
from evenhand.sign_in.second_steps import SecondSteps
from evenhand.sign_in.sessions import device, open_sessions

PASSWORD = "a heron on the ninth canal"
Member = Callable[[Authority, Role], User]


class Clock:
    """The time that the code is told; it stands still until it is moved."""

    def __init__(self) -> None:
        self.at = self.start = timezone.now()

    def after(self, **time_gone: float) -> None:
        self.at = self.start + timedelta(**time_gone)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.at)
    monkeypatch.setattr(time, "time", lambda: made.at.timestamp())
    return made


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


def opens(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def test_a_session_ends_after_two_idle_hours_and_after_twelve_in_all(viewer: User, clock: Clock) -> None:
    idle, busy = sign_in(viewer), sign_in(viewer)
    for hours in range(1, 12):
        clock.after(hours=hours)
        assert opens(busy), hours
    assert not opens(idle)
    assert "nothing was opened for a while" in idle.get("/sign-in/").content.decode()
    clock.after(hours=12, seconds=1)
    assert not opens(busy)
    assert "session was over" in busy.get("/sign-in/").content.decode()


def test_a_session_that_stays_just_within_the_hours_goes_on(viewer: User, clock: Clock) -> None:
    client = sign_in(viewer)
    clock.after(seconds=settings.EVENHAND_SESSION_IDLE_SECONDS)
    assert opens(client)


def test_whoever_has_no_role_left_or_is_no_longer_active_is_out_at_once(viewer: User) -> None:
    client = sign_in(viewer)
    assert opens(client)
    Membership.objects.filter(user=viewer).update(ended_at=timezone.now())
    assert not opens(client)
    Membership.objects.filter(user=viewer).update(ended_at=None)
    client = sign_in(viewer)
    assert opens(client)
    User.objects.filter(id=viewer.id).update(is_active=False)
    assert not opens(client)


def test_last_seen_is_written_each_minute_and_not_each_request(viewer: User, clock: Clock) -> None:
    client = sign_in(viewer)
    began = UserSession.objects.get(user=viewer).last_seen_at
    clock.after(seconds=50)
    opens(client)
    assert UserSession.objects.get(user=viewer).last_seen_at == began
    clock.after(seconds=70)
    opens(client)
    assert UserSession.objects.get(user=viewer).last_seen_at == clock.at


@pytest.mark.parametrize("role", Role)
def test_the_roles_that_see_and_decide_most_need_a_second_step(
    member: Member, calderdale: Authority, role: Role, settings
) -> None:
    settings.EVENHAND_SECOND_FACTOR_REQUIRED = True
    person = member(calderdale, role)
    person.set_password(PASSWORD)
    person.save()
    answer = sign_in(person).get("/work/")
    needs = role in {Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR}
    assert (answer.status_code, answer.headers.get("Location", "")) == (
        (302, "/account/second-step/") if needs else (200, "")
    )
    assert sign_in(person).get("/authorities/").status_code == 200  # what is public stays so


def test_the_key_of_an_app_is_encrypted_and_another_secret_opens_nothing(viewer: User, settings) -> None:
    kept = TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in str(kept.instance.data)
    assert SecondSteps().decrypt(kept.instance.data["secret"]) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert SecondSteps().decrypt(kept.instance.data["secret"]) == "JBSWY3DPEHPK3PXP"  # while the old one is named
    settings.SECRET_KEY_FALLBACKS = []
    seen = {SecondSteps().decrypt(kept.instance.data["secret"]) for _look in range(20)}
    assert len(seen) == 20
    assert "JBSWY3DPEHPK3PXP" not in seen


def test_an_administrator_lifts_a_lock_of_their_own_people_alone(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        assert attempts.begin(request, viewer.email)
    assert not attempts.begin(request, viewer.email)
    leeds = Authority.objects.get(slug="leeds-city-council")
    with pytest.raises(Refused, match="does not work for"):
        actions.unlock(viewer, by=member(leeds, Role.ADMINISTRATOR), authority=leeds)
    assert attempts.is_locked(viewer.email)
    assert actions.unlock(viewer, by=member(calderdale, Role.ADMINISTRATOR), authority=calderdale) == attempts.LIMIT
    assert opens(sign_in(viewer))


def test_a_lock_ends_by_itself_and_attempts_in_it_lengthen_nothing(viewer: User, clock: Clock) -> None:
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        attempts.begin(request, viewer.email)
    clock.after(minutes=29)
    assert not attempts.begin(request, viewer.email)
    clock.after(minutes=30)
    assert attempts.begin(request, viewer.email)
    assert attempts.failures(viewer.email) == 1


def test_failures_more_than_an_hour_apart_lock_nobody_out(viewer: User, clock: Clock) -> None:
    request = RequestFactory().post("/sign-in/")
    for guess in range(3 * attempts.LIMIT):
        clock.after(minutes=61 * guess)
        assert attempts.begin(request, viewer.email)


def test_the_right_password_forgets_the_wrong_ones(viewer: User) -> None:
    for _round in range(3):
        for _guess in range(attempts.LIMIT - 1):
            assert not opens(sign_in(viewer, "not this one"))
        assert opens(sign_in(viewer))


def test_a_lost_second_step_is_taken_away_with_its_sessions(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    client = sign_in(viewer)
    TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    admin = member(calderdale, Role.ADMINISTRATOR)
    assert actions.remove_second_steps(viewer, by=admin, reason="came with a pass", authority=calderdale) == 1
    assert not Authenticator.objects.filter(user=viewer).exists()
    assert not opens(client)


def test_nobody_ends_the_session_of_another(member: Member, calderdale: Authority, viewer: User) -> None:
    client, other = sign_in(viewer), member(calderdale, Role.ADMINISTRATOR)
    theirs = open_sessions(viewer, this_one=None)[0]
    intruder = Client()
    intruder.force_login(other, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert intruder.post(f"/account/sessions/{theirs.id}/end/").status_code == 404
    assert opens(client)
    assert actions.end_session(viewer, theirs.id, by=viewer) == 1
    assert not opens(client)


def test_no_entry_names_an_address(viewer: User) -> None:
    sign_in(viewer, "not this one")
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


def test_a_link_elsewhere_is_not_followed_after_the_sign_in(viewer: User) -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = Client().post(f"/sign-in/?next={elsewhere}", {"login": viewer.email, "password": PASSWORD})
        assert answer.headers["Location"] == "/work/"
    answer = Client().post("/sign-in/?next=/account/", {"login": viewer.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5", "A program that does not say what it is"),
        ("", "A program that does not say what it is"),
    ],
)
def test_a_browser_is_named_in_words(says: str, words: str) -> None:
    assert device(says) == words


def test_an_administrator_helps_on_a_page_and_not_beyond_their_authority(
    member: Member, calderdale: Authority, viewer: User
) -> None:
    TOTP.activate(viewer, "JBSWY3DPEHPK3PXP")
    admin, leeds = member(calderdale, Role.ADMINISTRATOR), Authority.objects.get(slug="leeds-city-council")
    client = Client()
    client.force_login(admin, backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = f"/work/{calderdale.slug}/people/{viewer.id}/sign-in/"
    request = RequestFactory().post("/sign-in/")
    for _guess in range(attempts.LIMIT):
        attempts.begin(request, viewer.email)
    assert "Locked until" in client.get(page).content.decode()
    assert "can try again now" in client.post(f"{page}unlock/", follow=True).content.decode()
    Membership.objects.create(authority=leeds, user=viewer, role=Role.APPROVER)
    answer = client.post(f"{page}remove-second-steps/", {"reason": "came with a pass"})
    assert answer.status_code == 403  # Leeds has a say in how its approver gets in
    Membership.objects.filter(authority=leeds, user=viewer).update(ended_at=timezone.now())
    answer = client.post(f"{page}remove-second-steps/", {"reason": "came with a pass"}, follow=True)
    assert "is taken away" in answer.content.decode()
    assert not Authenticator.objects.filter(user=viewer).exists()
    own = f"/work/{calderdale.slug}/people/{admin.id}/sign-in/remove-second-steps/"
    assert client.post(own, {"reason": "mine"}).status_code == 403
