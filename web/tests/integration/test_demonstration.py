"""The demonstration: whom one can sign in as, what is left to do, and where it may not be loaded."""

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
from evenhand.authorities.todo import waiting_for
from evenhand.demonstration.actions import NotADemonstration, let_in
from evenhand.demonstration.cast import email_of, pass_phrase, programme
from evenhand.ledger.models import Entry
from evenhand.releases.models import Release
from staff_pages import of_the_cast

MEMBERS = {
    "halton-borough-council": "E06000006",
    "knowsley-council": "E08000011",
    "liverpool-city-council": "E08000012",
    "st-helens-borough-council": "E08000013",
    "sefton-council": "E08000014",
    "wirral-council": "E08000015",
}


def demo(*words: str) -> str:
    said = StringIO()
    call_command("demo", *words, stdout=said)
    return said.getvalue()


def test_the_combined_authority_has_its_six_members(client: Client, db) -> None:
    combined = Authority.objects.get(slug="liverpool-city-region-combined-authority")
    assert {each.slug: each.area_code for each in combined.members.all()} == MEMBERS
    assert Authority.objects.get(slug="halton-borough-council").kind == Kind.UNITARY_AUTHORITY
    page = client.get(f"/authorities/{combined.slug}/").content.decode()
    for slug in MEMBERS:
        assert f'href="/authorities/{slug}/"' in page
        assert client.get(f"/authorities/{slug}/").status_code == 200
    wirral = client.get("/authorities/wirral-council/").content.decode()
    assert "No plan of Wirral Council is held here. That is a gap in this site" in wirral
    assert "No figures of Wirral Council are held here." in wirral


def test_each_authority_has_one_person_for_each_role(db) -> None:
    for authority in Authority.objects.all():
        held = authority.memberships.values_list("role", flat=True)
        assert sorted(held) == sorted(Role)
        for role in Role:
            assert User.objects.get(email=email_of(role, authority.slug)).name == f"Example {role} of {authority}"


def test_the_cast_can_sign_in_with_the_pass_phrase_and_with_no_other(db) -> None:
    phrase, request = pass_phrase(), RequestFactory().post("/sign-in/")
    for role in Role:
        email = email_of(role, "calderdale-council")
        assert authenticate(request, email=email, password=phrase) == User.objects.get(email=email)
    assert authenticate(request, email=email_of(Role.OFFICER, "wirral-council"), password=f"{phrase}x") is None
    assert not check_password(phrase, User.objects.get(is_operator=True).password)


def test_the_pass_phrase_is_made_once_for_each_installation_and_for_its_owner_alone(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    first = pass_phrase()
    assert pass_phrase() == first
    assert stat.S_IMODE((tmp_path / "demonstration_password").stat().st_mode) == 0o600
    assert re.fullmatch(r"([a-z]{4}-){4}[a-z]{4}", first)
    assert [each.name for each in tmp_path.iterdir()] == ["demonstration_password"]
    (tmp_path / "demonstration_password").unlink()
    assert pass_phrase() != first


def test_whom_one_can_sign_in_as_is_printed(db) -> None:
    said = demo("--cast")
    assert said.strip() == programme()
    for role in Role:
        assert email_of(role, "calderdale-council") in said
    assert pass_phrase() in said
    Authority.objects.update(demonstration=False)
    assert demo("--cast").strip() == ""


@pytest.mark.parametrize("words", [(), ("--if-empty",), ("--cast",)])
def test_in_production_it_is_refused_with_the_reason(db, settings, words: tuple[str, ...]) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match=r"EVENHAND_PRODUCTION is set.* unset EVENHAND_PRODUCTION"):
        demo(*words)


def test_nobody_of_a_real_authority_is_given_a_known_pass_phrase(db, by: User, calderdale: Authority) -> None:
    Authority.objects.filter(id=calderdale.id).update(demonstration=False)
    entries = Entry.objects.count()
    with pytest.raises(NotADemonstration, match="Calderdale Council is not a demonstration"):
        let_in(list(Authority.objects.all()), by=by, phrase="known-to-everyone")
    assert Entry.objects.count() == entries
    assert not any(check_password("known-to-everyone", each.password) for each in User.objects.all()[:3])


def test_nobody_approved_what_they_protected(db) -> None:
    approved = Release.objects.exclude(approved_by=None)
    assert approved.count() == 2
    for release in approved:
        assert release.protected_by != release.approved_by


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ANALYST, Role.APPROVER])
def test_there_is_something_to_do_for_those_who_work_on_figures_and_plans(db, role: Role) -> None:
    person = User.objects.get(email=email_of(role, "calderdale-council"))
    page = of_the_cast(role).get("/work/").content.decode()
    in_hand = list(person.assignments.filter(ended_at=None))
    assert waiting_for(person) or in_hand
    for each in (*waiting_for(person), *in_hand):
        assert each.link in page
