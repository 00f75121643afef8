"""The demonstration: its accounts, its tasks, and where it cannot be loaded."""

import re
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client, RequestFactory

from evenhand.authorities.enums import Kind, Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.staff_tasks import tasks_for
from evenhand.demonstration.accounts import email_of, pass_phrase, sign_in_details
from evenhand.demonstration.actions import NotADemonstration, set_pass_phrase
from evenhand.ledger.models import Entry
from evenhand.releases.models import Release
from support.staff_pages import cast_client

MEMBERS = {
    "halton-borough-council": "E06000006",
    "knowsley-council": "E08000011",
    "liverpool-city-council": "E08000012",
    "st-helens-borough-council": "E08000013",
    "sefton-council": "E08000014",
    "wirral-council": "E08000015",
}


def demo(*arguments: str) -> str:
    output = StringIO()
    call_command("demo", *arguments, stdout=output)
    return output.getvalue()


def test_the_combined_authority_has_its_six_members(client: Client, db) -> None:
    combined = Authority.objects.get(slug="liverpool-city-region-combined-authority")
    assert {member.slug: member.area_code for member in combined.members.all()} == MEMBERS
    assert Authority.objects.get(slug="halton-borough-council").kind == Kind.UNITARY_AUTHORITY
    page = client.get(f"/authorities/{combined.slug}/").content.decode()
    for slug in MEMBERS:
        assert f'href="/authorities/{slug}/"' in page
        assert client.get(f"/authorities/{slug}/").status_code == 200
    wirral = client.get("/authorities/wirral-council/").content.decode()
    assert "We do not hold any plan for Wirral Council. This does not mean that it has none." in wirral
    assert "We do not hold any figures for Wirral Council." in wirral


def test_each_invented_authority_has_one_person_for_each_role_and_real_ones_have_nobody(db) -> None:
    for authority in Authority.objects.all():
        roles = authority.memberships.values_list("role", flat=True)
        assert sorted(roles) == (sorted(Role) if authority.invented else [])
    assert not User.objects.filter(invented=False, is_operator=False).exists()
    assert all("(invented)" in person.name for person in User.objects.filter(invented=True))


def test_the_accounts_can_sign_in_with_the_pass_phrase_only(db) -> None:
    phrase, request = pass_phrase(), RequestFactory().post("/sign-in/")
    for role in Role:
        email = email_of(role)
        assert authenticate(request, email=email, password=phrase) == User.objects.get(email=email)
    assert authenticate(request, email=email_of(Role.OFFICER), password=f"{phrase}x") is None
    assert not check_password(phrase, User.objects.get(is_operator=True).password)


def test_the_pass_phrase_is_generated_once_and_readable_by_its_owner_only(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    first = pass_phrase()
    assert pass_phrase() == first
    assert stat.S_IMODE((tmp_path / "demonstration_password").stat().st_mode) == 0o600
    assert re.fullmatch(r"([a-z]{4}-){4}[a-z]{4}", first)
    assert [file.name for file in tmp_path.iterdir()] == ["demonstration_password"]
    (tmp_path / "demonstration_password").unlink()
    assert pass_phrase() != first


def test_the_accounts_are_printed(db) -> None:
    printed = demo("--accounts")
    assert printed.strip() == sign_in_details()
    for role in Role:
        assert email_of(role) in printed
    assert pass_phrase() in printed
    Authority.objects.update(demonstration=False)
    assert demo("--cast").strip() == ""


@pytest.mark.parametrize("arguments", [(), ("--if-empty",), ("--accounts",), ("--cast",)])
def test_it_is_refused_in_production_with_the_reason(db, settings, arguments: tuple[str, ...]) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match=r"EVENHAND_PRODUCTION is set.* unset EVENHAND_PRODUCTION"):
        demo(*arguments)


def test_staff_of_a_real_authority_are_not_given_a_known_pass_phrase(db, by: User) -> None:
    entries = Entry.objects.count()
    with pytest.raises(NotADemonstration, match="Calderdale Council is not an invented authority of the demonstration"):
        set_pass_phrase(list(Authority.objects.all()), by=by, phrase="known-to-everyone")
    assert Entry.objects.count() == entries
    assert not any(check_password("known-to-everyone", user.password) for user in User.objects.all()[:3])


def test_none_of_the_staff_approved_a_release_that_they_protected(db) -> None:
    approved = Release.objects.exclude(approved_by=None)
    assert approved.count() == 3
    for release in approved.filter(invented=True):
        assert release.protected_by != release.approved_by


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANALYST, Role.APPROVER])
def test_officers_analysts_and_approvers_have_tasks(db, role: Role) -> None:
    person = User.objects.get(email=email_of(role))
    page = cast_client(role).get("/work/").content.decode()
    assigned = list(person.assignments.filter(ended_at=None))
    assert tasks_for(person) or assigned
    for task in (*tasks_for(person), *assigned):
        assert task.link in page
