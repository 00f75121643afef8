"""Staff pages of publications: what each role sees, what each step does, and that a refused step changes nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import open_assignments, person
from evenhand.authorities.staff_tasks import tasks_for
from evenhand.demonstration.bodies import EXAMPLE_COMBINED_AUTHORITY
from evenhand.evidence.actions import import_workforce
from evenhand.ledger.models import Entry
from evenhand.releases import actions
from evenhand.releases.enums import ReleaseState
from evenhand.releases.models import Release
from evenhand.releases.queries import content_fingerprint
from evenhand.releases.requirements import no_other_publication, with_other_publication
from support.staff_pages import cast_client, client_for, main_text

P = "/work/exampleton-city-council-invented/publications/"
CHECKED = f"{P}workforce-2023-to-2026-hidden-below-5/"
PUBLISHED = f"{P}workforce-2023-to-2026/"
COUNTS = (
    "published,organisation,employees,gender_female,gender_male,religion_muslim,religion_no\n"
    "2031,Exampleton City Council (invented),300,200,100,7,280\n"
)


@pytest.fixture
def cast(db) -> Callable[[Role], Client]:
    """Returns a signed-in client for a demonstration user at Calderdale with the given role."""
    return cast_client


@pytest.fixture
def fresh(council: Authority, cast: Callable[[Role], Client]) -> Release:
    """A draft for a year that is not published yet, created by the analyst on the page."""
    analyst = person("analyst@exampleton-city-council-invented.example")
    import_workforce(COUNTS.encode(), by=analyst, name="c.csv")
    data = {"title": "Workforce, 2031", "policy": "council_lt10", "years": ["2031"]}
    response = cast(Role.ANALYST).post("/work/exampleton-city-council-invented/new-publication/", data)
    assert response.status_code == 302, main_text(response)
    return Release.objects.get(slug="workforce-2031")


def confirmation_data(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of the confirmation page."""
    return {"seen": re.findall(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())[0]}


def test_from_a_draft_to_the_public_page(fresh: Release, cast: Callable[[Role], Client], client: Client) -> None:
    page = f"{P}workforce-2031/"
    analyst, approver = cast(Role.ANALYST), cast(Role.APPROVER)
    assert "You can see what will be hidden once the publication has been protected." in main_text(analyst.get(page))
    assert analyst.post(f"{page}protect/").status_code == 302
    assert re.search(r"rows? (is|are) hidden to protect people", main_text(analyst.get(page)))
    assert "Not published." in main_text(analyst.get(f"{page}preview/"))
    assert analyst.post(f"{page}check/").status_code == 302
    assert "Review and approve" in main_text(approver.get(page))
    assert approver.post(f"{page}approve/", confirmation_data(approver, f"{page}approve/")).status_code == 302
    assert "You can’t undo this" in main_text(approver.get(f"{page}publish/"))
    public = "/authorities/exampleton-city-council-invented/publications/workforce-2031/"
    assert client.get(public).status_code == 404
    assert approver.post(f"{page}publish/", confirmation_data(approver, f"{page}publish/")).status_code == 302
    assert client.get(public).status_code == 200
    assert not open_assignments(authority=fresh.authority).filter(subject_id=fresh.id).exists()


def test_a_new_publication_is_assigned_to_the_person_who_created_it(
    fresh: Release, cast: Callable[[Role], Client]
) -> None:
    assert open_assignments(authority=fresh.authority).get(subject_id=fresh.id).person.email.startswith("analyst@")
    assert "Workforce analyst of Exampleton City Council (invented)" in main_text(
        cast(Role.VIEWER).get(f"{P}workforce-2031/")
    )


def test_no_staff_page_of_a_publication_shows_a_hidden_count(fresh: Release, cast: Callable[[Role], Client]) -> None:
    """The 7 Muslims are hidden, and so are the 280 with no religion, because they could reveal that figure."""
    analyst = cast(Role.ANALYST)
    for step in ("", "protect/", "check/"):
        if step:
            analyst.post(f"{P}workforce-2031/{step}")
        for role in (Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER):
            for address in ("", "preview/", "approve/"):
                text = main_text(cast(role).get(f"{P}workforce-2031/{address}"))
                religion = text.partition("Religion of staff")[2].partition("Sex of staff")[0]
                assert not re.search(r"\b(7|280)\b", religion), (role, address, religion)
                assert ("[c]" in religion) == (address == "preview/" and step != ""), (role, address, step)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SCRUTINY])
def test_the_list_does_not_include_drafts_for_roles_without_permission_to_see_them(
    fresh: Release, cast: Callable[[Role], Client], role: Role
) -> None:
    text = main_text(cast(role).get(P))
    assert "Workforce representation, 2023 to 2026" in text
    assert "hidden below 5" not in text
    assert "Workforce, 2031" not in text
    assert "Workforce, 2031" in main_text(cast(Role.VIEWER).get(P))


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.VIEWER, []),
        (Role.OFFICER, ["reopen"]),
        (Role.ANALYST, ["check", "reopen"]),
        (Role.APPROVER, []),
    ],
)
def test_the_page_offers_only_the_steps_allowed_for_the_role(
    fresh: Release, cast: Callable[[Role], Client], role: Role, offered: list[str]
) -> None:
    """The publication is protected, so the next step is the check, which an officer may also take."""
    cast(Role.ANALYST).post(f"{P}workforce-2031/protect/")
    page = cast(role).get(f"{P}workforce-2031/").content.decode()
    steps = re.findall(r'(?:action|href)="/work/[^"]+/workforce-2031/(protect|check|approve|publish|reopen)/"', page)
    expected = {*offered, *(["check"] if role == Role.OFFICER else [])}
    assert set(steps) == expected


def test_every_step_needs_a_csrf_token(cast: Callable[[Role], Client], fresh: Release) -> None:
    """A request without the token is rejected, even from a person with permission."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        person("analyst@exampleton-city-council-invented.example"), backend=site_settings.AUTHENTICATION_BACKENDS[-1]
    )
    assert strict.post(f"{P}workforce-2031/protect/").status_code == 403
    fresh.refresh_from_db()
    assert fresh.state == "draft"


@pytest.mark.parametrize("step", ["approve", "publish", "protect"])
def test_an_officer_is_refused_with_the_reason(cast: Callable[[Role], Client], step: str) -> None:
    before = content_fingerprint(Release.objects.get(policy="council_lt5"))
    response = cast(Role.OFFICER).post(f"{CHECKED}{step}/")
    assert response.status_code == 403
    assert "You need the" in main_text(response)
    assert content_fingerprint(Release.objects.get(policy="council_lt5")) == before


def test_a_step_in_the_wrong_order_is_refused_and_changes_nothing(
    cast: Callable[[Role], Client], fresh: Release
) -> None:
    entries = Entry.objects.count()
    response = cast(Role.ANALYST).post(f"{P}workforce-2031/check/")
    assert response.status_code == 409
    assert "“Workforce, 2031” can&#x27;t be moved from “Draft” to “Checked”." in main_text(response)
    assert "Nothing has changed." in main_text(response)
    for step in ("approve", "publish"):
        response = cast(Role.APPROVER).post(f"{P}workforce-2031/{step}/", {"seen": content_fingerprint(fresh)})
        assert response.status_code == 409
        assert "What must be done first" in main_text(response)
        assert "evenhand release" not in main_text(response)
        assert cast(Role.APPROVER).get(f"{P}workforce-2031/{step}/").status_code == 409
    fresh.refresh_from_db()
    assert (fresh.state, Entry.objects.count()) == ("draft", entries)


def test_figures_that_are_already_published_cannot_be_approved_again_and_the_page_says_so(
    cast: Callable[[Role], Client],
) -> None:
    response = cast(Role.APPROVER).get(CHECKED)
    text = main_text(response)
    assert "Some of these figures are already published in “Workforce representation, 2023 to 2026”" in text
    assert "You cannot publish this draft." in text
    for step in ("Review and approve", "must approve it", "What must be done first"):
        assert step not in text
    assert "Approver" not in main_text(cast(Role.OFFICER).get(CHECKED))
    rows = main_text(cast(Role.OFFICER).get(P)).partition("hidden below 5")[2]
    assert "None: it cannot be published" in rows
    assert cast(Role.APPROVER).get(f"{CHECKED}approve/").status_code == 409


def test_a_step_is_taken_once_if_the_button_is_pressed_twice(cast: Callable[[Role], Client], fresh: Release) -> None:
    analyst, page = cast(Role.ANALYST), f"{P}workforce-2031/"
    for step in ("protect", "check"):
        assert [analyst.post(f"{page}{step}/").status_code for _ in range(2)] == [302, 302]
    recorded = Entry.objects.filter(subject_id=fresh.id).values_list("action", flat=True)
    assert sorted(recorded) == ["authorities.assign", "releases.check", "releases.draft", "releases.protect"]
    approver = cast(Role.APPROVER)
    for step in ("approve", "publish"):
        data = confirmation_data(approver, f"{page}{step}/")
        assert [approver.post(f"{page}{step}/", data).status_code for _ in range(2)] == [302, 302]
    assert "This has already been done" in main_text(approver.get(page))


def test_a_publication_that_changed_after_it_was_viewed_is_not_approved(
    cast: Callable[[Role], Client], fresh: Release
) -> None:
    analyst, approver, page = cast(Role.ANALYST), cast(Role.APPROVER), f"{P}workforce-2031/"
    for step in ("protect", "check"):
        analyst.post(f"{page}{step}/")
    data = confirmation_data(approver, f"{page}approve/")
    table = fresh.tables.get(characteristic="sex")
    table.content["rows"][0]["figures"]["count"] += 1
    table.save()
    response = approver.post(f"{page}approve/", data)
    assert response.status_code == 409
    assert approver.post(f"{page}approve/").status_code == 409, "nothing was viewed"
    fresh.refresh_from_db()
    assert fresh.state == "checked"


def test_the_person_who_protected_it_cannot_approve_it(
    cast: Callable[[Role], Client], fresh: Release, council: Authority
) -> None:
    analyst = person("analyst@exampleton-city-council-invented.example")
    Membership.objects.create(authority=council, user=analyst, role=Role.APPROVER)
    page = f"{P}workforce-2031/"
    both = cast(Role.ANALYST)
    for step in ("protect", "check"):
        both.post(f"{page}{step}/")
    assert "Review and approve" not in main_text(both.get(page))
    for response in (both.get(f"{page}approve/"), both.post(f"{page}approve/", {"seen": content_fingerprint(fresh)})):
        assert response.status_code == 403
        assert "Director of people of Exampleton City Council (invented)" in main_text(response)
    fresh.refresh_from_db()
    assert fresh.state == "checked"
    with pytest.raises(Refused, match="The person who protected a publication can’t approve it"):
        actions.approve(fresh, by=analyst)
    actions.approve(fresh, by=person("approver@exampleton-city-council-invented.example"))


def test_after_reopening_another_person_can_protect_it_and_the_first_can_approve_it(
    fresh: Release, council: Authority, member: Callable[[Authority, Role], User]
) -> None:
    """Only the person who protected the current version is barred from approving it."""
    first, second = (
        person("analyst@exampleton-city-council-invented.example"),
        User.objects.create_user("b@x.example", "B", invented=True),
    )
    Membership.objects.create(authority=council, user=first, role=Role.APPROVER)
    Membership.objects.create(authority=council, user=second, role=Role.ANALYST)
    actions.protect(fresh, by=first)
    actions.reopen(fresh, by=first, reason="another protects it")
    assert fresh.protected_by is None
    actions.protect(fresh, by=second)
    actions.check(fresh, by=second)
    actions.approve(fresh, by=first)


def test_a_command_on_the_server_may_both_protect_and_approve(fresh: Release, by: User) -> None:
    for step in (actions.protect, actions.check, actions.approve):
        step(fresh, by=by)
    assert fresh.approved_by == fresh.protected_by == by


def test_returning_it_to_draft_needs_a_reason(cast: Callable[[Role], Client]) -> None:
    officer = cast(Role.OFFICER)
    assert "Why are you returning it to draft?" in main_text(officer.get(f"{CHECKED}reopen/"))
    no_reason = officer.post(f"{CHECKED}reopen/", {"reason": " "})
    assert (no_reason.status_code, "There is a problem" in main_text(no_reason)) == (200, True)
    assert officer.post(f"{CHECKED}reopen/", {"reason": "A year is missing"}).status_code == 302
    release = Release.objects.get(policy="council_lt5")
    assert release.state == "draft"
    entry = Entry.objects.filter(subject_id=release.id, action="releases.reopen").latest("id")
    assert entry.payload.content["reason"] == "A year is missing"
    assert officer.post(f"{PUBLISHED}reopen/", {"reason": "Second thoughts"}).status_code == 409
    assert officer.get(f"{PUBLISHED}reopen/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"years": []}, "Select at least one year."),
        ({"years": ["1999"]}, "is not one of the available choices"),
        ({"policy": "none"}, "is not one of the available choices"),
        ({"slug": "workforce-2023-to-2026"}, "is, or has been, used for something else"),
        ({"slug": "a b"}, "Use only lower-case letters, numbers and hyphens"),
        ({"title": "…", "slug": ""}, "This title can’t be used as a web address"),
        ({"title": "x" * 201}, "at most 200 characters"),
    ],
)
def test_an_invalid_draft_form_shows_the_error_and_keeps_the_input(
    cast: Callable[[Role], Client], changes: dict[str, object], message: str
) -> None:
    data = {"title": "Any title", "slug": "any", "policy": "council_lt10", "years": ["2026"]} | changes
    count = Release.objects.count()
    response = cast(Role.OFFICER).post("/work/exampleton-city-council-invented/new-publication/", data)
    assert response.status_code == 200
    assert message in main_text(response)
    assert str(data["title"])[:200] in response.content.decode()
    assert Release.objects.count() == count


def test_empty_pages_say_what_to_do(db) -> None:
    officer, work = cast_client(Role.OFFICER, EXAMPLE_COMBINED_AUTHORITY), f"/work/{EXAMPLE_COMBINED_AUTHORITY}/"
    assert "There are no publications yet. You can create one" in main_text(officer.get(f"{work}publications/"))
    assert "We do not hold any figures for Exampleton Combined Authority" in main_text(
        officer.get(f"{work}new-publication/")
    )


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.VIEWER, []),
        (Role.OFFICER, []),
        (Role.ANALYST, ["Protect “Workforce representation, 2026 only (to try the steps)”"]),
        (
            Role.APPROVER,
            [
                "Decide whether to approve “Workforce representation, 2023 to 2026 (draft, hidden below 5)”",
                "Decide whether to publish “A made-up example, to try the steps”",
            ],
        ),
    ],
)
def test_each_role_has_its_tasks(db, role: Role, expected: list[str]) -> None:
    user = person(f"{role}@exampleton-city-council-invented.example")
    tasks = [task for task in tasks_for(user) if "/publications/" in task.link or "/plans/" in task.link]
    assert sorted(task.title for task in tasks) == sorted(expected)
    for task in tasks:
        assert client_for(user).get(task.link).status_code == 200


def test_there_are_no_tasks_at_another_authority(db) -> None:
    tasks = tasks_for(person("approver@exampleton-combined-authority-invented.example"))
    assert not [task for task in tasks if "council" in task.link]


def test_viewing_unprotected_figures_is_logged_but_viewing_a_list_is_not(
    cast: Callable[[Role], Client], settings, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    analyst = cast(Role.ANALYST)
    figures = "/work/exampleton-city-council-invented/figures/workforce/2026/"
    for address in (P, CHECKED, f"{CHECKED}preview/", "/work/exampleton-city-council-invented/figures/", figures):
        assert analyst.get(address).status_code == 200
    assert not (tmp_path / "spool" / "looks").exists()
    response = analyst.get(f"{figures}religion/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '"part":"religion"' in (tmp_path / "spool" / "looks").read_text()
    assert analyst.get(f"{figures}shoes/").status_code == 404
    assert analyst.get("/work/exampleton-city-council-invented/figures/workforce/1999/sex/").status_code == 404
    assert (tmp_path / "spool" / "looks").read_text().count('"id"') == 1


def test_the_list_stops_the_drafts_that_the_requirement_stops(db: None) -> None:
    releases = list(with_other_publication(Release.objects.all()))
    drafts = [release for release in releases if release.state != ReleaseState.PUBLISHED]
    assert [release.is_blocked for release in drafts] == [bool(no_other_publication(release)) for release in drafts]
    assert {release.is_blocked for release in drafts} == {True}
    assert not any(release.is_blocked for release in releases if release.state == ReleaseState.PUBLISHED)
