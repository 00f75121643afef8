"""The staff pages about people: their content, who sees it, and the effect of a second click."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from evenhand.authorities import actions, staff_tasks
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, GroupRole, Invitation, Membership, Unit, User
from evenhand.authorities.permissions import permissions_of
from evenhand.authorities.queries import roles_of
from evenhand.notifications.mail_status import FILES
from support.authorities import leeds_with_staff, with_own_staff
from support.people_actions import assignment, delegation, invitation, mapping, somebody, unit

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

    def open_page(path: str = "", data: dict[str, object] | None = None) -> str:
        response = client.get(W + path) if data is None else client.post(W + path, data, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    return open_page


def test_only_administrators_see_email_addresses(
    calderdale: Authority, signed_in: Callable[[User], Client], page: Callable[..., str]
) -> None:
    viewer = somebody(Role.VIEWER, "reader")
    for rest in ("people/", f"people/{viewer.id}/"):
        assert viewer.email in page(rest)
        content = signed_in(viewer).get(W + rest).content.decode()
        assert "Reader The Viewer" in content
        assert "@" not in content.replace("@media", "")


def test_a_person_of_another_authority_has_no_page(page: Callable[..., str], admin: User, signed_in) -> None:
    other = somebody(Role.VIEWER, "other", leeds_with_staff())
    for rest in ("", "roles/", "unit/", "leave/"):
        assert signed_in(admin).get(f"{W}people/{other.id}/{rest}").status_code == 404


def test_searching_and_people_who_have_left(calderdale: Authority, page: Callable[..., str], admin: User) -> None:
    somebody(Role.VIEWER, "zebedee")
    leaver = somebody(Role.VIEWER, "yolanda")
    actions.end_access(leaver, calderdale, by=admin)
    assert "Zebedee" in page("people/?q=zebe")
    assert "1 person matches" in page("people/?q=zebe%20viewer")
    assert "Yolanda" not in page("people/")
    assert "Yolanda" in page("people/?left=1")
    assert "Zebedee" not in page("people/?left=1")
    assert "0 people match" in page("people/?q=%25'")
    assert "Invite them again" in page(f"people/{leaver.id}/")


def test_a_double_click_sends_one_invitation(page: Callable[..., str]) -> None:
    data = {"email": "d@x.example", "name": "D", "roles": ["officer"], "unit": ""}
    assert "Invitation sent" in page("people/invite/", data)
    assert "Send it again or withdraw it" in page("people/invite/", data)
    assert Invitation.objects.filter(email="d@x.example").count() == 1
    assert "was sent less than a minute ago" in page(
        f"people/invitations/{Invitation.objects.get(email='d@x.example').id}/again/", {}
    )


def test_an_invitation_that_is_written_to_a_file_is_not_said_to_be_sent(
    page: Callable[..., str], settings, tmp_path
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = FILES, tmp_path
    assert "We will email" not in page("people/invite/")
    content = page("people/invite/", {"email": "f@x.example", "name": "F", "roles": ["officer"], "unit": ""})
    assert f"Invitation created. This site does not send email. The message is saved as a file in {tmp_path}" in content
    assert "Invitation sent" not in content
    forgotten = Client().post("/sign-in/forgotten/", {"email": "nobody@x.example"}, follow=True).content.decode()
    assert "we have sent" not in forgotten
    assert str(tmp_path) in forgotten
    settings.EVENHAND_PRODUCTION = True  # there, the folder is nobody's business
    assert str(tmp_path) not in Client().get("/sign-in/forgotten/sent/").content.decode()
    assert "does not send email" in Client().get("/sign-in/forgotten/sent/").content.decode()


def test_an_invitation_needs_a_valid_role(page: Callable[..., str]) -> None:
    for roles in ([], ["emperor"]):
        content = page("people/invite/", {"email": "d@x.example", "name": "D", "roles": roles})
        assert "There is a problem" in content
    assert not Invitation.objects.filter(email="d@x.example").exists()


def test_withdrawing_an_invitation(page: Callable[..., str]) -> None:
    pending_invitation = invitation()
    assert "Withdraw the invitation to New Person" in page(f"people/invitations/{pending_invitation.id}/withdraw/")
    for _click in range(2):
        assert "Invitation withdrawn" in page(f"people/invitations/{pending_invitation.id}/withdraw/", {})


def test_changing_roles_refuses_a_concurrent_change(calderdale: Authority, page: Callable[..., str]) -> None:
    person = somebody(Role.VIEWER, "changed")
    rest = f"people/{person.id}/roles/"
    data = {"roles": ["officer", "viewer"], "seen": "viewer", "reason": "New work"}
    assert "Roles of Changed The Viewer changed" in page(rest, data)
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.VIEWER}
    assert "Somebody else changed these roles" in page(rest, {"roles": ["analyst"], "seen": "viewer"})
    assert roles_of(person, calderdale) == {Role.OFFICER, Role.VIEWER}


def test_administrators_cannot_give_themselves_a_role(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    response = signed_in(admin).post(
        f"{W}people/{admin.id}/roles/", {"roles": ["administrator", "approver"], "seen": "administrator"}
    )
    assert response.status_code == 403
    assert "You cannot give yourself a role" in response.content.decode()
    assert roles_of(admin, calderdale) == {Role.ADMINISTRATOR}


def test_the_end_access_page_lists_the_effects_and_asks_for_a_successor(
    calderdale: Authority, page: Callable[..., str]
) -> None:
    assigned = assignment()
    leaver = assigned.person
    assert delegation().receiver == leaver
    rest = f"people/{leaver.id}/leave/"
    content = page(rest)
    for text in ("Officer", assigned.title, "period of cover", "still shows what they did", "invite them again"):
        assert text in content
    assert "Choose a colleague to hand over to" in page(rest, {"reason": "x"})
    assert roles_of(leaver, calderdale)
    assert "The access of Somebody The Officer has ended" in page(
        rest, {"to": somebody(Role.ANALYST).id, "reason": "x"}
    )
    assert "has already ended" in page(rest, {"to": somebody(Role.ANALYST).id})


def test_an_open_session_ends_with_the_next_request(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    leaver = somebody(Role.VIEWER, "leaver")
    session = signed_in(leaver)
    assert session.get(f"{W}people/").status_code == 200
    actions.end_access(leaver, calderdale, by=admin)
    response = session.get(f"{W}people/")
    assert response.status_code == 302
    assert response["Location"].startswith("/sign-in/")


def test_the_unit_pages(calderdale: Authority, page: Callable[..., str]) -> None:
    assert "Unit added" in page("units/add/", {"name": "Place", "parent": ""})
    assert "already" in page("units/add/", {"name": "place", "parent": ""})
    place = Unit.objects.get(name="Place")
    child = unit("Highways", place)
    assert "Unit saved" in page(f"units/{place.id}/", {"name": "Places", "parent": ""})
    assert "because Highways is part of it" in page(f"units/{place.id}/", {"name": "Place", "parent": child.id})
    place.refresh_from_db()
    assert place.name == "Places"  # one error rolls back the whole form
    assert "contains other units" in page(f"units/{place.id}/close/", {})
    assert "Unit closed" in page(f"units/{child.id}/close/", {})


def test_the_cover_pages(calderdale: Authority, page: Callable[..., str], signed_in: Callable[[User], Client]) -> None:
    giver, receiver, day = somebody(Role.APPROVER, "giver"), somebody(Role.OFFICER, "receiver"), timezone.localdate()
    client = signed_in(giver)
    data = {"role": "approver", "receiver": receiver.id, "first_day": day, "last_day": day, "reason": "Leave"}
    assert "Cover arranged" in client.post(f"{W}cover/add/", data, follow=True).content.decode()
    assert "already" in client.post(f"{W}cover/add/", data).content.decode()
    refused = client.post(f"{W}cover/add/", data | {"role": "administrator"}).content.decode()
    assert "There is a problem" in refused
    assert "Receiver The Officer covers for Giver The Approver as approver" in page("cover/")
    assert f"Approver, for {giver}" in page("people/")
    assert "No cover is arranged" in signed_in(somebody(Role.VIEWER)).get(f"{W}cover/").content.decode()


def test_the_group_pages(settings, page: Callable[..., str]) -> None:
    assert "No sign-in service is set up" in page("settings/groups/")
    settings.SOCIALACCOUNT_PROVIDERS = SERVICE
    data = {"provider": "service", "group": "Equality", "role": "officer"}
    assert "Group added" in page("settings/groups/", data)
    assert "already gives this role" in page("settings/groups/", data)
    assert "There is a problem" in page("settings/groups/", data | {"provider": "elsewhere"})
    added = GroupRole.objects.get(group="Equality")
    assert "Group removed" in page(f"settings/groups/{added.id}/remove/", {})
    assert "already been removed" in page(f"settings/groups/{added.id}/remove/", {})


def test_the_details_page_refuses_a_concurrent_change(calderdale: Authority, page: Callable[..., str]) -> None:
    data = {
        "name": "Calderdale",
        "kind": "metropolitan_district",
        "area_name": "Calderdale",
        "area_code": "E08000033",
        "version": calderdale.version,
    }
    assert "Details saved" in page("settings/details/", data)
    assert "Somebody else changed these details" in page("settings/details/", data | {"name": "Mine"})
    assert Authority.objects.get(id=calderdale.id).name == "Calderdale"


def test_the_home_page_lists_tasks_by_due_date_or_says_that_there_are_none(
    calderdale: Authority, admin: User, signed_in: Callable[[User], Client]
) -> None:
    now = timezone.now()
    invitation("a@x.example", name="Late", expires_at=now + timedelta(days=1))
    invitation("b@x.example", name="Gone", expires_at=now - timedelta(days=1))
    Membership.objects.filter(user=somebody(Role.VIEWER)).update(started_at=now - timedelta(days=100))
    tasks = staff_tasks.tasks_for(admin)
    due_dates = [task.due for task in tasks if task.due]
    assert due_dates == sorted(due_dates)
    assert [task.due is None for task in tasks] == sorted(task.due is None for task in tasks)
    titles = " / ".join(task.title for task in tasks)
    for text in (
        "The invitation to Gone has expired",
        "Late has not accepted the invitation",
        "not signed in for 90 days",
    ):
        assert text in titles
    content = signed_in(admin).get("/work/").content.decode()
    assert "The invitation to Gone has expired" in content
    assert "Calderdale Council" in content
    assert "You have no tasks" in signed_in(somebody(Role.SCRUTINY, "idle")).get("/work/").content.decode()


def test_recent_activity_is_shown_only_to_people_who_may_see_the_record(
    calderdale: Authority, signed_in: Callable[[User], Client]
) -> None:
    heading = "Recent activity"
    assert heading in signed_in(somebody(Role.SCRUTINY)).get(W).content.decode()
    assert heading not in signed_in(somebody(Role.VIEWER)).get(W).content.decode()


def test_the_members_page_lists_published_items_and_no_drafts(signed_in: Callable[[User], Client]) -> None:
    parent = with_own_staff("liverpool-city-region-combined-authority")
    Authority.objects.filter(slug="calderdale-council").update(parent=parent)
    reader = somebody(Role.VIEWER, "reader", parent)
    content = signed_in(reader).get(f"/work/{parent.slug}/members/").content.decode()
    assert "Workforce representation, 2019 to 2026" in content
    assert "hidden below 5" not in content
    assert "Our members" in signed_in(reader).get(f"/work/{parent.slug}/").content.decode()


def test_the_public_roles_page_describes_every_role(client: Client, db) -> None:
    content = client.get("/roles/").content.decode()
    for role in Role:
        assert escape(role.purpose) in content
        section = content.partition(f'id="{role.value}"')[2].partition("</section>")[0]
        listed = {escape(str(permission)).capitalize() for permission in permissions_of(role)}
        assert {item.capitalize() for item in re.findall(r"<li>(.*?)</li>", section)} == listed


def test_the_people_page_needs_a_constant_number_of_queries(
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
    assert "The access of M to Calderdale Council has ended" in capsys.readouterr().out
    call_command("authority", "join", slug, "--parent", "leeds-city-council")
    assert "is a member of Leeds City Council" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("leave", "calderdale-council", "--email", "x@x.example"), "There is no user with the email address"),
        (("invite", "nowhere", "--email", "x@x.example", "--name", "X", "--role", "viewer"), "There is no authority"),
        (("invite", "calderdale-council", "--email", "x", "--name", "X", "--role", "viewer"), "valid email"),
        (("join", "calderdale-council", "--parent", "calderdale-council"), "is a member of"),
    ],
)
def test_command_errors(db, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("authority", *arguments)


def test_a_mapping_of_another_authority_is_not_removed(page: Callable[..., str]) -> None:
    theirs = mapping(leeds_with_staff())
    assert "already been removed" in page(f"settings/groups/{theirs.id}/remove/", {})
    assert GroupRole.objects.filter(id=theirs.id).exists()
