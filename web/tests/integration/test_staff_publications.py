"""The staff's pages of publications: what each role sees, what each step does, and what a refused step leaves alone."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.test import Client

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, Membership, User
from evenhand.authorities.permissions import Refused
from evenhand.authorities.queries import in_hand, person
from evenhand.authorities.todo import waiting_for
from evenhand.evidence.actions import import_workforce
from evenhand.ledger.models import Entry
from evenhand.releases import actions
from evenhand.releases.models import Release
from evenhand.releases.queries import as_it_stands
from staff_pages import of_the_cast, signed_in, words

P = "/work/calderdale-council/publications/"
CHECKED = f"{P}workforce-2019-to-2026-hidden-below-5/"
OUT = f"{P}workforce-2019-to-2026/"
COUNTS = (
    "published,organisation,employees,gender_female,gender_male,religion_muslim,religion_no\n"
    "2031,Calderdale Council,300,200,100,7,280\n"
)


@pytest.fixture
def cast(db) -> Callable[[Role], Client]:
    """Someone of the demonstration's cast at Calderdale, signed in."""
    return of_the_cast


@pytest.fixture
def fresh(calderdale: Authority, cast: Callable[[Role], Client]) -> Release:
    """A draft of a year that is not out yet, begun on the page by the analyst."""
    analyst = person("analyst@calderdale-council.example")
    import_workforce(COUNTS.encode(), by=analyst, name="c.csv")
    sent = {"title": "Workforce, 2031", "policy": "council_lt10", "years": ["2031"]}
    response = cast(Role.ANALYST).post("/work/calderdale-council/new-publication/", sent)
    assert response.status_code == 302, words(response)
    return Release.objects.get(slug="workforce-2031")


def seen(client: Client, address: str) -> dict[str, str]:
    """What the confirmation page sends along."""
    return {"seen": re.findall(r'name="seen" value="([0-9a-f]{64})"', client.get(address).content.decode())[0]}


def test_from_a_draft_to_the_public_page(fresh: Release, cast: Callable[[Role], Client], client: Client) -> None:
    page = f"{P}workforce-2031/"
    analyst, approver = cast(Role.ANALYST), cast(Role.APPROVER)
    assert "What will be hidden is not known until it is protected." in words(analyst.get(page))
    assert analyst.post(f"{page}protect/").status_code == 302
    assert re.search(r"rows? (is|are) hidden to protect people", words(analyst.get(page)))
    assert "Draft, not published." in words(analyst.get(f"{page}preview/"))
    assert analyst.post(f"{page}check/").status_code == 302
    assert "Approve it" in words(approver.get(page))
    assert approver.post(f"{page}approve/", seen(approver, f"{page}approve/")).status_code == 302
    assert "it can't be undone" in words(approver.get(f"{page}publish/")).replace("&#x27;", "'")
    public = "/authorities/calderdale-council/publications/workforce-2031/"
    assert client.get(public).status_code == 404
    assert approver.post(f"{page}publish/", seen(approver, f"{page}publish/")).status_code == 302
    assert client.get(public).status_code == 200
    assert not in_hand(authority=fresh.authority).filter(subject_id=fresh.id).exists()


def test_whoever_begins_it_has_it_in_hand(fresh: Release, cast: Callable[[Role], Client]) -> None:
    assert in_hand(authority=fresh.authority).get(subject_id=fresh.id).person.email.startswith("analyst@")
    assert "Example analyst of Calderdale Council" in words(cast(Role.VIEWER).get(f"{P}workforce-2031/"))


def test_no_staff_page_of_a_publication_shows_a_hidden_count(fresh: Release, cast: Callable[[Role], Client]) -> None:
    """7 are Muslim, so that is hidden, and with it the 280 of no religion, who would give it away."""
    analyst = cast(Role.ANALYST)
    for step in ("", "protect/", "check/"):
        if step:
            analyst.post(f"{P}workforce-2031/{step}")
        for role in (Role.VIEWER, Role.OFFICER, Role.ANALYST, Role.APPROVER):
            for address in ("", "preview/", "approve/"):
                said = words(cast(role).get(f"{P}workforce-2031/{address}"))
                religion = said.partition("Religion of staff")[2].partition("Sex of staff")[0]
                assert not re.search(r"\b(7|280)\b", religion), (role, address, religion)
                assert ("[c]" in religion) == (address == "preview/" and step != ""), (role, address, step)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SCRUTINY])
def test_a_draft_is_not_in_the_list_of_those_who_may_not_see_drafts(
    fresh: Release, cast: Callable[[Role], Client], role: Role
) -> None:
    said = words(cast(role).get(P))
    assert "Workforce representation, 2019 to 2026" in said
    assert "hidden below 5" not in said
    assert "Workforce, 2031" not in said
    assert "Workforce, 2031" in words(cast(Role.VIEWER).get(P))


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.VIEWER, []),
        (Role.OFFICER, ["reopen"]),
        (Role.ANALYST, ["check", "reopen"]),
        (Role.APPROVER, []),
    ],
)
def test_a_page_offers_the_steps_of_the_role_and_no_other(
    fresh: Release, cast: Callable[[Role], Client], role: Role, offered: list[str]
) -> None:
    """Protected, and so to be checked: by the officer too, where the role is counted below."""
    cast(Role.ANALYST).post(f"{P}workforce-2031/protect/")
    page = cast(role).get(f"{P}workforce-2031/").content.decode()
    found = re.findall(r'(?:action|href)="/work/[^"]+/workforce-2031/(protect|check|approve|publish|reopen)/"', page)
    wanted = {*offered, *(["check"] if role == Role.OFFICER else [])}
    assert set(found) == wanted


def test_every_step_asks_for_a_form_of_its_own(cast: Callable[[Role], Client], fresh: Release) -> None:
    """Without the token of the form nothing is done, whoever asks."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(person("analyst@calderdale-council.example"), backend=site_settings.AUTHENTICATION_BACKENDS[-1])
    assert strict.post(f"{P}workforce-2031/protect/").status_code == 403
    fresh.refresh_from_db()
    assert fresh.state == "draft"


@pytest.mark.parametrize("step", ["approve", "publish", "protect"])
def test_the_officer_is_refused_with_the_reason(cast: Callable[[Role], Client], step: str) -> None:
    before = as_it_stands(Release.objects.get(policy="council_lt5"))
    response = cast(Role.OFFICER).post(f"{CHECKED}{step}/")
    assert response.status_code == 403
    assert "that takes the role" in words(response)
    assert as_it_stands(Release.objects.get(policy="council_lt5")) == before


def test_a_step_out_of_turn_is_refused_and_changes_nothing(cast: Callable[[Role], Client], fresh: Release) -> None:
    entries = Entry.objects.count()
    response = cast(Role.ANALYST).post(f"{P}workforce-2031/check/")
    assert response.status_code == 409
    assert "“Workforce, 2031” is draft, so it can&#x27;t become checked." in words(response)
    assert "Nothing was changed." in words(response)
    for step in ("approve", "publish"):
        response = cast(Role.APPROVER).post(f"{P}workforce-2031/{step}/", {"seen": as_it_stands(fresh)})
        assert response.status_code == 409
        assert "What must be done first" in words(response)
        assert "evenhand release" not in words(response)
        assert cast(Role.APPROVER).get(f"{P}workforce-2031/{step}/").status_code == 409
    fresh.refresh_from_db()
    assert (fresh.state, Entry.objects.count()) == ("draft", entries)


def test_what_is_out_already_can_not_be_approved_and_the_page_says_so(cast: Callable[[Role], Client]) -> None:
    response = cast(Role.APPROVER).get(CHECKED)
    assert "The same figures are already out in “Workforce representation, 2019 to 2026”" in words(response)
    assert "Approve it" not in words(response)
    assert cast(Role.APPROVER).get(f"{CHECKED}approve/").status_code == 409


def test_pressing_twice_does_it_once(cast: Callable[[Role], Client], fresh: Release) -> None:
    analyst, page = cast(Role.ANALYST), f"{P}workforce-2031/"
    for step in ("protect", "check"):
        assert [analyst.post(f"{page}{step}/").status_code for _ in range(2)] == [302, 302]
    acts = Entry.objects.filter(subject_id=fresh.id).values_list("action", flat=True)
    assert sorted(acts) == ["authorities.assign", "releases.check", "releases.draft", "releases.protect"]
    approver = cast(Role.APPROVER)
    for step in ("approve", "publish"):
        sent = seen(approver, f"{page}{step}/")
        assert [approver.post(f"{page}{step}/", sent).status_code for _ in range(2)] == [302, 302]
    assert "That was done already" in words(approver.get(page))


def test_what_was_changed_after_it_was_looked_at_is_not_approved(
    cast: Callable[[Role], Client], fresh: Release
) -> None:
    analyst, approver, page = cast(Role.ANALYST), cast(Role.APPROVER), f"{P}workforce-2031/"
    for step in ("protect", "check"):
        analyst.post(f"{page}{step}/")
    looked = seen(approver, f"{page}approve/")
    table = fresh.tables.get(characteristic="sex")
    table.content["rows"][0]["figures"]["count"] += 1
    table.save()
    response = approver.post(f"{page}approve/", looked)
    assert response.status_code == 409
    assert approver.post(f"{page}approve/").status_code == 409, "nothing was looked at"
    fresh.refresh_from_db()
    assert fresh.state == "checked"


def test_whoever_protected_it_does_not_approve_it(
    cast: Callable[[Role], Client], fresh: Release, calderdale: Authority
) -> None:
    analyst = person("analyst@calderdale-council.example")
    Membership.objects.create(authority=calderdale, user=analyst, role=Role.APPROVER)
    page = f"{P}workforce-2031/"
    both = cast(Role.ANALYST)
    for step in ("protect", "check"):
        both.post(f"{page}{step}/")
    assert "Approve it" not in words(both.get(page))
    for response in (both.get(f"{page}approve/"), both.post(f"{page}approve/", {"seen": as_it_stands(fresh)})):
        assert response.status_code == 403
        assert "Example approver of Calderdale Council" in words(response)
    fresh.refresh_from_db()
    assert fresh.state == "checked"
    with pytest.raises(Refused, match="Whoever protected a publication does not approve it"):
        actions.approve(fresh, by=analyst)
    actions.approve(fresh, by=person("approver@calderdale-council.example"))


def test_reopening_lets_another_protect_and_the_first_approve(
    fresh: Release, calderdale: Authority, member: Callable[[Authority, Role], User]
) -> None:
    """What counts is who protected what goes out, not who ever did."""
    first, second = person("analyst@calderdale-council.example"), User.objects.create_user("b@x.example", "B")
    Membership.objects.create(authority=calderdale, user=first, role=Role.APPROVER)
    Membership.objects.create(authority=calderdale, user=second, role=Role.ANALYST)
    actions.protect(fresh, by=first)
    actions.reopen(fresh, by=first, reason="another protects it")
    assert fresh.protected_by is None
    actions.protect(fresh, by=second)
    actions.check(fresh, by=second)
    actions.approve(fresh, by=first)


def test_a_command_on_the_server_may_do_both(fresh: Release, by: User) -> None:
    for step in (actions.protect, actions.check, actions.approve):
        step(fresh, by=by)
    assert fresh.approved_by == fresh.protected_by == by


def test_taking_it_back_asks_for_the_reason(cast: Callable[[Role], Client]) -> None:
    officer = cast(Role.OFFICER)
    assert "Why is it taken back?" in words(officer.get(f"{CHECKED}reopen/"))
    unsaid = officer.post(f"{CHECKED}reopen/", {"reason": " "})
    assert (unsaid.status_code, "There is a problem" in words(unsaid)) == (200, True)
    assert officer.post(f"{CHECKED}reopen/", {"reason": "A year is missing"}).status_code == 302
    release = Release.objects.get(policy="council_lt5")
    assert release.state == "draft"
    entry = Entry.objects.filter(subject_id=release.id, action="releases.reopen").latest("id")
    assert entry.payload.content["reason"] == "A year is missing"
    assert officer.post(f"{OUT}reopen/", {"reason": "Second thoughts"}).status_code == 409
    assert officer.get(f"{OUT}reopen/").status_code == 409


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"title": ""}, "Give it a title."),
        ({"years": []}, "Choose at least one year."),
        ({"years": ["1999"]}, "is not one of the available choices"),
        ({"policy": "none"}, "is not one of the available choices"),
        ({"slug": "workforce-2019-to-2026"}, "is or was in use here for something else"),
        ({"slug": "a b"}, "valid “slug”"),
        ({"title": "…", "slug": ""}, "No web address can be made from this title"),
        ({"title": "x" * 201}, "at most 200 characters"),
    ],
)
def test_a_draft_that_can_not_be_begun_says_why_and_keeps_what_was_written(
    cast: Callable[[Role], Client], sent: dict[str, object], says: str
) -> None:
    whole = {"title": "Any title", "slug": "any", "policy": "council_lt10", "years": ["2026"]} | sent
    held = Release.objects.count()
    response = cast(Role.OFFICER).post("/work/calderdale-council/new-publication/", whole)
    assert response.status_code == 200
    assert says in words(response)
    assert str(whole["title"])[:200] in response.content.decode()
    assert Release.objects.count() == held


def test_where_nothing_is_held_the_pages_say_what_to_do(db) -> None:
    officer = signed_in(person("officer@leeds-city-council.example"))
    wirral = signed_in(person("officer@wirral-council.example"))
    assert "Workforce representation, 2021" in words(officer.get("/work/leeds-city-council/publications/"))
    assert "There is no publication yet. Begin one" in words(wirral.get("/work/wirral-council/publications/"))
    assert "No figures of Wirral Council are held yet" in words(wirral.get("/work/wirral-council/new-publication/"))


@pytest.mark.parametrize(
    ("role", "waits"),
    [
        (Role.VIEWER, []),
        (Role.OFFICER, []),
        (Role.ANALYST, ["Protect “Workforce representation, 2026 alone (to try the steps)”"]),
        (
            Role.APPROVER,
            [
                "Decide whether to approve “Workforce representation, 2019 to 2026 (draft, hidden below 5)”",
                "Decide whether to publish “A made-up example, to try the steps”",
            ],
        ),
    ],
)
def test_what_waits_for_whom(db, role: Role, waits: list[str]) -> None:
    who = person(f"{role}@calderdale-council.example")
    ours = [each for each in waiting_for(who) if "/publications/" in each.link or "/plans/" in each.link]
    assert sorted(each.title for each in ours if "In hand" not in each.title) == sorted(waits)
    for each in ours:
        assert signed_in(who).get(each.link).status_code == 200


def test_nothing_waits_for_someone_of_another_authority(db) -> None:
    waiting = waiting_for(person("approver@leeds-city-council.example"))
    assert not [each for each in waiting if "calderdale" in each.link]


def test_a_look_before_protection_is_noted_and_an_overview_is_not(
    cast: Callable[[Role], Client], settings, tmp_path: Path
) -> None:
    settings.VAR = tmp_path
    analyst = cast(Role.ANALYST)
    figures = "/work/calderdale-council/figures/workforce/2026/"
    for address in (P, CHECKED, f"{CHECKED}preview/", "/work/calderdale-council/figures/", figures):
        assert analyst.get(address).status_code == 200
    assert not (tmp_path / "spool" / "looks").exists()
    response = analyst.get(f"{figures}religion/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert '"part":"religion"' in (tmp_path / "spool" / "looks").read_text()
    assert analyst.get(f"{figures}shoes/").status_code == 404
    assert analyst.get("/work/calderdale-council/figures/workforce/1999/sex/").status_code == 404
    assert (tmp_path / "spool" / "looks").read_text().count('"id"') == 1
