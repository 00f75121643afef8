"""A form sent twice does one thing, and every page that a form leads to has an address."""

import re

import pytest

from evenhand.authorities.enums import Role
from evenhand.authorities.models import Invitation, Unit
from evenhand.authorities.queries import person as person_by_email
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY, EXAMPLE_COMBINED_AUTHORITY
from evenhand.releases.models import Release
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import repeated
from evenhand.sign_in.models import KeptContent
from support.staff_pages import cast_client

W = f"/work/{EXAMPLE_AUTHORITY}/"
TOKEN = {"csrfmiddlewaretoken": "t" * 64}
BROWSER = {"HTTP_SEC_FETCH_MODE": "navigate"}
FORMS = {
    "new-publication/": (Role.OFFICER, {"title": "Ours", "slug": "ours", "policy": "council_lt10", "years": "2026"}),
    "people/invite/": (Role.ADMINISTRATOR, {"email": "n@x.example", "name": "N", "roles": "viewer"}),
    "units/add/": (Role.ADMINISTRATOR, {"name": "A unit"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", FORMS)
def test_the_second_of_two_equal_forms_leads_to_the_same_page_with_the_same_message(path: str) -> None:
    role, entries = FORMS[path]
    client = cast_client(role)
    first = client.post(W + path, entries | TOKEN)
    assert first.status_code == 302, first.content.decode()
    other_tab = cast_client(role)  # the browser that clicked twice has not received the first response
    second = other_tab.post(W + path, entries | TOKEN, follow=True)
    assert second.redirect_chain[0] == (first.headers["Location"], 302)
    shown = client.get(first.headers["Location"]).content.decode()
    messages = [re.findall(r'class="eh-message">([^<]*)<', page) for page in (shown, second.content.decode())]
    assert messages[0] == messages[1] != []
    counted = {
        "new-publication/": Release.objects.filter(slug="ours"),
        "people/invite/": Invitation.objects.filter(email="n@x.example"),
        "units/add/": Unit.objects.filter(name="A unit"),
    }
    assert counted[path].count() == 1


@pytest.mark.django_db
def test_a_form_that_was_refused_or_is_sent_again_later_is_processed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    client = cast_client(Role.ADMINISTRATOR)
    for _attempt in range(2):
        assert "There is a problem" in client.post(f"{W}units/add/", {"name": ""} | TOKEN).content.decode()
    assert client.post(f"{W}units/add/", {"name": "A unit"} | TOKEN).status_code == 302
    monkeypatch.setattr(repeated, "SAME_FORM_SECONDS", -1)
    assert client.post(f"{W}units/add/", {"name": "A unit"} | TOKEN).status_code == 200  # there is one already


@pytest.mark.django_db
def test_the_second_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first is being processed, its row is empty; the wait ends when it is finished."""
    client, person = cast_client(Role.ADMINISTRATOR), person_by_email(f"administrator@{EXAMPLE_AUTHORITY}.example")
    waits = []

    def finish(_seconds: float) -> None:
        waits.append(1)
        row = KeptContent.objects.get(kind=KeptKind.OUTCOME)
        outcome = {"location": "/work/", "messages": [(25, "Done once")], "finished_at": repeated.time.time()}
        row.content = repeated.encrypt(outcome, bound_to=repeated.storage.bound_to(row))
        row.save()

    monkeypatch.setattr(repeated, "_key", lambda request: "k" * 64)
    monkeypatch.setattr(repeated.time, "sleep", finish)
    assert repeated._claim(person, "k" * 64)
    response = client.post(f"{W}units/add/", {"name": "A unit"} | TOKEN, follow=True)
    assert waits == [1]
    assert "Done once" in response.content.decode()
    assert not Unit.objects.filter(name="A unit").exists()


@pytest.mark.django_db
def test_a_page_that_a_form_led_to_has_an_address_for_its_own_person() -> None:
    client = cast_client(Role.OFFICER)
    response = client.post(f"{W}new-plan/", {"text": "title: A plan\n", "check": "yes"}, **BROWSER)
    assert response.status_code == 303
    address = response.headers["Location"]
    for _visit in range(2):  # opened, and again by Back
        page = client.get(address)
        assert page.status_code == 200
        assert "<title>Error: Upload a plan" in page.content.decode()
    for other in (cast_client(Role.ANALYST), cast_client(Role.OFFICER, EXAMPLE_COMBINED_AUTHORITY)):
        assert "Error:" not in other.get(address).content.decode()


@pytest.mark.django_db
def test_a_refused_step_has_an_address_although_it_is_a_button() -> None:
    client = cast_client(Role.ANALYST)
    button = f"{W}publications/workforce-2023-to-2026/protect/"
    response = client.post(button, **BROWSER)
    assert response.status_code == 303
    page = client.get(response.headers["Location"])
    assert (page.status_code, "You can’t do this yet" in page.content.decode()) == (409, True)
    assert client.get(f"{button}?shown=unknown").status_code == 405


@pytest.mark.django_db
def test_pages_with_personal_entries_and_codes_are_not_kept() -> None:
    client = cast_client(Role.ADMINISTRATOR)
    assert client.post(f"{W}requests/objections/", {"number": ""}, **BROWSER).status_code == 200
    assert client.post("/account/password/", {"oldpassword": "x"}, **BROWSER).status_code in (200, 302)
    assert not KeptContent.objects.filter(kind=KeptKind.PAGE).exists()
