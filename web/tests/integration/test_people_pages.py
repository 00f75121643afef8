"""The staff pages about people: what stands on them, for whom, and what a second click does."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from evenhand.authorities import actions, todo
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, GroupRole, Invitation, Membership, Unit, User
from evenhand.authorities.queries import roles_of
from people_actions import assignment, delegation, invitation, mapping, somebody, unit

W = "/work/calderdale-council/"
SERVICE = {"openid_connect": {"APPS": [{"provider_id": "service", "name": "Calderdale sign-in"}]}}


@pytest.fixture
def signed_in(db) -> Callable[[User], Client]:
    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        return client

    return sign_in


@pytest.fixture
def admin(calderdale: Authority) -> User:
    return somebody(Role.ADMINISTRATOR)


@pytest.fixture
def page(signed_in: Callable[[User], Client], admin: User) -> Callable[..., str]:
    client = signed_in(admin)

    def opened(rest: str = "", said: dict[str, object] | None = None) -> str:
        answer = client.get(W + rest) if said is None else client.post(W + rest, said, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return opened


def test_addresses_are_for_administrators(
    calderdale: Authority, signed_in: Callable[[User], Client], page: Callable[..., str]
) -> None:
    viewer = somebody(Role.VIEWER, "reader")
    for rest in ("people/", f"people/{viewer.id}/"):
        assert viewer.email in page(rest)
        seen = signed_in(viewer).get(W + rest).content.decode()
        assert "Reader The Viewer" in seen
        assert "@" not in seen.replace("@media", "")


def test_a_person_of_another_authority_has_no_page(page: Callable[..., str], admin: User, signed_in) -> None:
    other = somebody(Role.VIEWER, "other", Authority.objects.get(slug="leeds-city-council"))
    for rest in ("", "roles/", "unit/", "leave/"):
        assert signed_in(admin).get(f"{W}people/{other.id}/{rest}").status_code == 404


def test_searching_and_who_has_left(calderdale: Authority, page: Callable[..., str], admin: User) -> None:
    somebody(Role.VIEWER, "zebedee")
    gone = somebody(Role.VIEWER, "yolanda")
    actions.end_access(gone, calderdale, by=admin)
    assert "Zebedee" in page("people/?q=zebe")
    assert "1 person matches" in page("people/?q=zebe%20viewer")
    assert "Yolanda" not in page("people/")
    assert "Yolanda" in page("people/?left=1")
    assert "Zebedee" not in page("people/?left=1")
    assert "0 people match" in page("people/?q=%25'")
    assert "Invite them back" in page(f"people/{gone.id}/")


def test_inviting_twice_by_a_double_click_sends_once(page: Callable[..., str]) -> None:
    said = {"email": "d@x.example", "name": "D", "roles": ["officer"], "unit": ""}
    assert "The invitation is on its way" in page("people/invite/", said)
    assert "waits for an answer" in page("people/invite/", said)
    assert Invitation.objects.filter(email="d@x.example").count() == 1
    assert "sent a moment ago" in page(
        f"people/invitations/{Invitation.objects.get(email='d@x.example').id}/again/", {}
    )


def test_an_invitation_without_a_role_or_with_a_made_up_one_says_what_is_wrong(page: Callable[..., str]) -> None:
    for roles in ([], ["emperor"]):
        answered = page("people/invite/", {"email": "d@x.example", "name": "D", "roles": roles})
        assert "There is a problem" in answered
    assert not Invitation.objects.filter(email="d@x.example").exists()


def test_withdrawing_from_the_page(page: Callable[..., str]) -> None:
    made = invitation()
    assert "Withdraw the invitation of New Person" in page(f"people/invitations/{made.id}/withdraw/")
    for _click in range(2):
        assert "is withdrawn" in page(f"people/invitations/{made.id}/withdraw/", {})


def test_changing_roles_and_the_second_of_two_administrators(calderdale: Authority, page: Callable[..., str]) -> None:
    person = somebody(Role.VIEWER, "changed")
    rest = f"people/{person.id}/roles/"
    said = {"roles": ["officer", "viewer"], "seen": "viewer", "reason": "New work"}
    assert "as you chose them" in page(rest, said)
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.VIEWER}
    assert "Somebody else changed these roles" in page(rest, {"roles": ["analyst"], "seen": "viewer"})
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.VIEWER}


def test_nobody_gives_themselves_a_role_by_the_page(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    answer = signed_in(admin).post(
        f"{W}people/{admin.id}/roles/", {"roles": ["administrator", "approver"], "seen": "administrator"}
    )
    assert answer.status_code == 403
    assert "Nobody gives a role to themselves" in answer.content.decode()
    assert roles_of(admin, calderdale) == {Role.ADMINISTRATOR}


def test_the_leaving_page_says_what_will_happen_and_asks_who_takes_over(
    calderdale: Authority, page: Callable[..., str]
) -> None:
    held = assignment()
    leaver, lent = held.person, delegation()
    assert lent.receiver == leaver
    rest = f"people/{leaver.id}/leave/"
    shown = page(rest)
    for words in ("Officer", held.title, "standing in", "stays theirs", "invite them back"):
        assert words in shown
    assert "Who takes it over" in page(rest, {"reason": "x"})
    assert roles_of(leaver, calderdale)
    assert "works here no more" in page(rest, {"to": somebody(Role.ANALYST).id, "reason": "x"})
    assert "has ended already" in page(rest, {"to": somebody(Role.ANALYST).id})


def test_an_open_session_is_refused_at_the_next_click(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    leaver = somebody(Role.VIEWER, "leaver")
    session = signed_in(leaver)
    assert session.get(f"{W}people/").status_code == 200
    actions.end_access(leaver, calderdale, by=admin)
    answer = session.get(f"{W}people/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_units_from_the_page(calderdale: Authority, page: Callable[..., str]) -> None:
    assert "is added" in page("units/add/", {"name": "Place", "parent": ""})
    assert "already" in page("units/add/", {"name": "place", "parent": ""})
    place = Unit.objects.get(name="Place")
    below = unit("Highways", place)
    assert "as you wrote it" in page(f"units/{place.id}/", {"name": "Places", "parent": ""})
    assert "which is below it" in page(f"units/{place.id}/", {"name": "Place", "parent": below.id})
    place.refresh_from_db()
    assert place.name == "Places"  # one fault undoes the whole form
    assert "units below it" in page(f"units/{place.id}/close/", {})
    assert "is closed" in page(f"units/{below.id}/close/", {})


def test_standing_in_from_the_page(
    calderdale: Authority, page: Callable[..., str], signed_in: Callable[[User], Client]
) -> None:
    giver, receiver, day = somebody(Role.APPROVER, "giver"), somebody(Role.OFFICER, "receiver"), timezone.localdate()
    client = signed_in(giver)
    said = {"role": "approver", "receiver": receiver.id, "first_day": day, "last_day": day, "reason": "Leave"}
    assert "stands in for you" in client.post(f"{W}standing-in/lend/", said, follow=True).content.decode()
    assert "already" in client.post(f"{W}standing-in/lend/", said).content.decode()
    refused = client.post(f"{W}standing-in/lend/", said | {"role": "administrator"}).content.decode()
    assert "There is a problem" in refused
    assert "Receiver The Officer stands in for Giver The Approver as approver" in page("standing-in/")
    assert f"Approver, for {giver}" in page("people/")
    assert "Nobody stands in for anybody" in signed_in(somebody(Role.VIEWER)).get(f"{W}standing-in/").content.decode()


def test_groups_from_the_page(settings, page: Callable[..., str]) -> None:
    assert "No sign-in service is set up" in page("settings/groups/")
    settings.SOCIALACCOUNT_PROVIDERS = SERVICE
    said = {"provider": "service", "group": "Equality", "role": "officer"}
    assert "from the next sign-in on" in page("settings/groups/", said)
    assert "gives this role already" in page("settings/groups/", said)
    assert "There is a problem" in page("settings/groups/", said | {"provider": "elsewhere"})
    made = GroupRole.objects.get(group="Equality")
    assert "gives the role no more" in page(f"settings/groups/{made.id}/remove/", {})
    assert "no role any more" in page(f"settings/groups/{made.id}/remove/", {})


def test_details_from_the_page_tell_the_second_of_two(calderdale: Authority, page: Callable[..., str]) -> None:
    said = {
        "name": "Calderdale",
        "kind": "metropolitan_district",
        "area_name": "Calderdale",
        "area_code": "E08000033",
        "version": calderdale.version,
    }
    assert "as you wrote them" in page("settings/details/", said)
    assert "Somebody else changed these details" in page("settings/details/", said | {"name": "Mine"})
    assert Authority.objects.get(id=calderdale.id).name == "Calderdale"


def test_home_shows_what_waits_the_most_pressing_first_and_says_when_nothing_does(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    now = timezone.now()
    invitation("a@x.example", name="Late", expires_at=now + timedelta(days=1))
    invitation("b@x.example", name="Gone", expires_at=now - timedelta(days=1))
    Membership.objects.filter(user=somebody(Role.VIEWER)).update(started_at=now - timedelta(days=100))
    found = todo.waiting_for(admin)
    dues = [each.due for each in found if each.due]
    assert dues == sorted(dues)
    assert [each.due is None for each in found] == sorted(each.due is None for each in found)
    titles = " / ".join(each.title for each in found)
    for words in ("The invitation of Gone has run out", "Late has not answered yet", "not signed in for 90 days"):
        assert words in titles
    shown = signed_in(admin).get("/work/").content.decode()
    assert "The invitation of Gone has run out" in shown
    assert "Calderdale Council" in shown
    assert "Nothing waits for you" in signed_in(somebody(Role.SCRUTINY, "idle")).get("/work/").content.decode()


def test_home_shows_changes_to_those_alone_who_may_see_the_record(
    calderdale: Authority, signed_in: Callable[[User], Client]
) -> None:
    words = "What changed lately"
    assert words in signed_in(somebody(Role.SCRUTINY)).get(W).content.decode()
    assert words not in signed_in(somebody(Role.VIEWER)).get(W).content.decode()


def test_members_show_what_is_published_and_never_a_draft(signed_in: Callable[[User], Client]) -> None:
    above = Authority.objects.get(slug="liverpool-city-region-combined-authority")
    Authority.objects.filter(slug="calderdale-council").update(parent=above)
    reader = somebody(Role.VIEWER, "reader", above)
    shown = signed_in(reader).get(f"/work/{above.slug}/members/").content.decode()
    assert "Workforce representation, 2019 to 2026" in shown
    assert "hidden below 5" not in shown
    assert "Our members" in signed_in(reader).get(f"/work/{above.slug}/").content.decode()


def test_every_role_stands_on_the_open_page(client: Client, db) -> None:
    shown = client.get("/roles/").content.decode()
    for role in Role:
        assert escape(role.purpose) in shown


def test_the_people_page_takes_as_many_questions_whoever_works_there(
    calderdale: Authority, page: Callable[..., str], django_assert_max_num_queries
) -> None:
    page("people/")
    with django_assert_max_num_queries(25):
        page("people/")
    for number in range(30):
        somebody(Role.VIEWER, f"many{number}")
    with django_assert_max_num_queries(25):
        page("people/")


def test_commands(calderdale: Authority, capsys: pytest.CaptureFixture[str]) -> None:
    slug = "calderdale-council"
    call_command("authority", "invite", slug, "--email", "c@x.example", "--name", "C", "--role", "viewer")
    assert "Invited: C to Calderdale Council" in capsys.readouterr().out
    call_command("authority", "member", slug, "--email", "m@x.example", "--name", "M", "--role", "viewer")
    call_command("authority", "roles", slug, "--email", "m@x.example", "--role", "officer", "--role", "scrutiny")
    assert "M at Calderdale Council: officer, scrutiny" in capsys.readouterr().out
    call_command("authority", "roles", slug)
    assert "M <m@x.example>: officer, scrutiny" in capsys.readouterr().out
    call_command("authority", "leave", slug, "--email", "m@x.example", "--reason", "Gone")
    assert "M works for Calderdale Council no more" in capsys.readouterr().out
    call_command("authority", "join", slug, "--parent", "leeds-city-council")
    assert "is a member of Leeds City Council" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("leave", "calderdale-council", "--email", "x@x.example"), "Nobody has the address"),
        (("invite", "nowhere", "--email", "x@x.example", "--name", "X", "--role", "viewer"), "No authority"),
        (("invite", "calderdale-council", "--email", "x", "--name", "X", "--role", "viewer"), "valid email"),
        (("join", "calderdale-council", "--parent", "calderdale-council"), "is a member of"),
    ],
)
def test_commands_say_what_is_wrong(db, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("authority", *words)


def test_a_mapping_of_another_authority_is_not_removed(page: Callable[..., str]) -> None:
    theirs = mapping(Authority.objects.get(slug="leeds-city-council"))
    assert "no role any more" in page(f"settings/groups/{theirs.id}/remove/", {})
    assert GroupRole.objects.filter(id=theirs.id).exists()
