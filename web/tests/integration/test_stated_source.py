"""A publication names the publisher and licence of its figures, so it can't be approved until both are stated."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.evidence import actions as evidence
from evenhand.evidence.models import Dataset
from evenhand.evidence.queries import snapshots
from evenhand.gates import GateClosed
from evenhand.ledger.models import Entry
from evenhand.releases import actions
from evenhand.releases.models import Release
from support.authorities import with_own_staff
from support.staff_pages import cast_client, main_text

W = "/work/wirral-council/"
COUNTS = "published,organisation,employees,gender_female,gender_male\n2031,Wirral Council,300,200,100\n"
SOURCE = 'publisher = "Wirral Council"\nlicence = "Open Government Licence v3.0"\n'
FACTS = {"publisher": "Wirral Council", "licence": "Open Government Licence v3.0"}
NOT_STATED = "The publisher and the licence of its figures are not stated."


@pytest.fixture
def wirral(by: User) -> Authority:
    """A real authority that works with the site itself, with an analyst and an approver."""
    wirral = with_own_staff("wirral-council")
    for role in (Role.ANALYST, Role.APPROVER):
        email = f"{role}@wirral-council.example"
        authorities.add_member(wirral, by=by, email=email, name=f"The {role}", role=role)
    return wirral


@pytest.fixture
def release(wirral: Authority, by: User) -> Release:
    """A checked publication of figures whose source nobody has stated."""
    evidence.import_workforce(COUNTS.encode(), by=by, name="c.csv")
    release = actions.draft(wirral, by=by, slug="w", title="W", policy_id="council_lt10", snapshots=snapshots(wirral))
    actions.protect(release, by=by)
    return actions.check(release, by=by)


def upload(client: Client, source: str = "", **facts: str):
    data: dict[str, object] = {"file": SimpleUploadedFile("c.csv", COUNTS.encode()), **facts}
    if source:
        data["source"] = SimpleUploadedFile("c.source.toml", source.encode())
    return client.post(f"{W}new-figures/", data, follow=True)


def test_it_is_not_approved_and_the_page_links_to_the_place_to_state_it(release: Release, by: User) -> None:
    with pytest.raises(GateClosed, match=NOT_STATED):
        actions.approve(release, by=by)
    link = f'<a href="{W}figures/workforce/source/">State the source of the figures</a>'
    analyst, approver = cast_client(Role.ANALYST, "wirral-council"), cast_client(Role.APPROVER, "wirral-council")
    page = analyst.get(f"{W}publications/w/")
    assert NOT_STATED in main_text(page)
    assert link in page.content.decode()
    refused = approver.get(f"{W}publications/w/approve/")
    assert refused.status_code == 409
    assert f"{NOT_STATED} An analyst must state them" in main_text(refused)
    assert link not in refused.content.decode()  # an approver may not state it


def test_it_is_approved_once_both_are_stated_on_the_page(release: Release, by: User) -> None:
    analyst = cast_client(Role.ANALYST, "wirral-council")
    address = f"{W}figures/workforce/source/"
    text = main_text(analyst.post(address, {"publisher": "Wirral Council"}))
    assert "Enter the licence of the figures." in text
    assert "The source of the figures has been saved." in main_text(analyst.post(address, FACTS, follow=True))
    assert Entry.objects.latest("at").action == "evidence.describe"
    assert actions.approve(release, by=by).state == "approved"
    assert analyst.get(address).status_code == 200  # the web address can still be stated


def test_an_approved_publication_is_not_published_if_the_source_is_missing(release: Release, by: User) -> None:
    evidence.describe(Dataset.objects.get(authority=release.authority), by=by, **FACTS)
    actions.approve(release, by=by)
    Dataset.objects.filter(authority=release.authority).update(licence="")  # as in a database of an earlier version
    with pytest.raises(GateClosed, match=r"The licence of its figures is not stated\."):
        actions.publish(release, by=by)


def test_what_was_published_without_a_source_stays(client: Client, db) -> None:
    Dataset.objects.filter(authority=with_own_staff("leeds-city-council")).update(publisher="", licence="")
    page = client.get("/authorities/leeds-city-council/publications/workforce-2021/")
    assert "not stated; licence not stated" in main_text(page)


def test_a_stated_fact_is_not_replaced(wirral: Authority, by: User) -> None:
    evidence.import_workforce(COUNTS.encode(), by=by, name="c.csv")
    dataset = evidence.describe(Dataset.objects.get(authority=wirral), by=by, publisher="Wirral Council")
    with pytest.raises(evidence.AlreadyStated, match=r"The publisher of these figures had already been stated\."):
        evidence.describe(dataset, by=by, publisher="Nobody", licence="None")
    dataset.refresh_from_db()
    assert (dataset.publisher, dataset.licence) == ("Wirral Council", "")


def test_the_upload_asks_for_the_publisher_and_the_licence(wirral: Authority) -> None:
    analyst = cast_client(Role.ANALYST, "wirral-council")
    response = upload(analyst)
    assert "Enter who publishes the figures. Enter the licence of the figures." in main_text(response)
    assert not snapshots(wirral).exists()
    assert "1 year uploaded." in main_text(upload(analyst, **FACTS))
    assert Dataset.objects.get(authority=wirral).facts_not_stated == ()
    assert "Enter who publishes" not in main_text(upload(analyst))  # it asks once


def test_a_description_can_state_them_instead(wirral: Authority) -> None:
    analyst = cast_client(Role.ANALYST, "wirral-council")
    text = main_text(upload(analyst, 'title = "Counts"\n', publisher="Wirral Council"))
    assert "Enter the licence of the figures." in text
    text = main_text(upload(analyst, SOURCE, publisher="Liverpool"))
    assert "The description says “Wirral Council”. Make the two agree." in text
    assert not snapshots(wirral).exists()
    assert "1 year uploaded." in main_text(upload(analyst, SOURCE))


def test_the_command_says_what_must_be_stated_and_how(wirral: Authority, tmp_path: Path) -> None:
    file, errors = tmp_path / "c.csv", StringIO()
    file.write_text(COUNTS)
    call_command("evidence", "import", str(file), stdout=StringIO(), stderr=errors)
    assert "the publisher and the licence of the figures must be stated" in errors.getvalue()
    file.with_suffix(".source.toml").write_text(SOURCE)
    call_command("evidence", "import", str(file), stdout=StringIO(), stderr=(again := StringIO()))
    assert again.getvalue() == ""
    assert Dataset.objects.get(authority=wirral).publisher == "Wirral Council"
