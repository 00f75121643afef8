"""A form sent after the session ended is given back to the same person, and to nobody else."""

import re
from datetime import timedelta
from html import unescape
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from access.all_rules import RULES
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority, User
from evenhand.authorities.queries import person as person_by_email
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from evenhand.operations.backup.tables import tables
from evenhand.releases.models import Release
from evenhand.sign_in import forms as sign_in_forms
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import storage
from evenhand.sign_in.kept.html_forms import fill_in, find_form
from evenhand.sign_in.kept.sent_form import fields_not_kept, may_be_kept
from evenhand.sign_in.models import KeptContent
from support.staff_pages import client_for
from support.tables import access_file, access_files, assert_complete, collect

pytestmark = pytest.mark.django_db
W = f"/work/{EXAMPLE_AUTHORITY}/"
PLAN = "title: “A & B”\n  <not a plan>\n\nlast line"
KEPT_TITLE = "You were signed out. What you entered has been kept"


def somebody(role: Role) -> User:
    return person_by_email(f"{role}@{EXAMPLE_AUTHORITY}.example")


def signed_out(person: User) -> Client:
    """A browser whose session was deleted: it has the cookies, and the server knows no session."""
    client = client_for(person)
    assert client.get("/work/").status_code == 200
    Session.objects.all().delete()
    return client


def signed_in_again(client: Client, person: User, response) -> str:
    """Sign in, and follow the address that the sign-in page was given. Returns the HTML of the page."""
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/sign-in/?next=")
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client.get(client_next(response), follow=True).content.decode()


def client_next(response) -> str:
    return parse_qs(urlsplit(response.headers["Location"]).query)["next"][0]


def test_a_pasted_plan_is_in_its_box_again_and_is_sent_only_when_the_person_presses_the_button() -> None:
    officer = somebody(Role.OFFICER)
    client = signed_out(officer)
    response = client.post(f"{W}new-plan/", {"text": PLAN, "check": "yes"})
    assert "What you entered is kept for 30 minutes" in client.get(response.headers["Location"]).content.decode()
    html = signed_in_again(client, officer, response)
    assert KEPT_TITLE in html
    assert "press “Check”" in html
    box = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.S)
    assert box is not None
    assert unescape(box[1]) == PLAN
    kept_id = re.search(r'name="kept_form" value="([^"]+)"', html)
    assert kept_id is not None
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    assert token is not None
    assert KeptContent.objects.filter(kind=KeptKind.FORM).count() == 1  # opening the page did not use it up
    client.post(f"{W}new-plan/", {"text": PLAN, "check": "yes", "kept_form": kept_id[1]})
    assert not KeptContent.objects.filter(kind=KeptKind.FORM).exists()


def test_a_button_leads_back_to_its_page_and_nothing_is_done_before_it_is_pressed() -> None:
    analyst = somebody(Role.ANALYST)
    page = f"{W}publications/workforce-2026-alone/"
    for headers in ({"HTTP_REFERER": f"http://testserver{page}"}, {}):  # some browsers send no referrer
        client = signed_out(analyst)
        html = signed_in_again(client, analyst, client.post(f"{page}protect/", **headers))
        assert "<h1>" in html
        assert "You were signed out before this was sent" in html
        assert "press “Protect”" in html
    assert Release.objects.get(slug="workforce-2026-alone").state == "draft"


def test_choices_and_values_are_chosen_again_and_the_page_keeps_its_own_token() -> None:
    officer = somebody(Role.OFFICER)
    client = signed_out(officer)
    entered = {"title": "Ours", "slug": "", "policy": "council_lt10", "years": ["2026", "2023"]}
    html = signed_in_again(client, officer, client.post(f"{W}new-publication/", entered))
    assert re.search(r'<input[^>]*name="title"[^>]*value="Ours"', html)
    chosen = re.findall(r"<input[^>]* checked[^>]*>", html)
    assert [re.search(r'value="([^"]*)"', tag)[1] for tag in chosen] == ["council_lt10", "2026", "2023"]


def test_another_person_sees_nothing_of_it_and_does_not_delete_it() -> None:
    officer, analyst = somebody(Role.OFFICER), somebody(Role.ANALYST)
    client = signed_out(officer)
    response = client.post(f"{W}new-publication/", {"title": "A secret title"})
    html = signed_in_again(client, analyst, response)
    assert "A secret title" not in html
    assert KEPT_TITLE not in html
    assert "A secret title" not in client.get("/work/").content.decode()
    html = signed_in_again(client, officer, response)
    assert "A secret title" in html


def test_it_is_among_the_tasks_of_a_person_who_signs_in_another_way() -> None:
    officer = somebody(Role.OFFICER)
    client = signed_out(officer)
    client.post(f"{W}new-publication/", {"title": "Ours"})
    home = client_for(officer).get("/work/").content.decode()
    assert "Send a form that was not processed" in home
    address = re.search(rf'href="({W}new-publication/\?kept=[^"]+)"', home)
    assert address is not None
    assert 'value="Ours"' in client_for(officer).get(address[1]).content.decode()


def test_it_is_gone_after_30_minutes_and_the_worker_deletes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = somebody(Role.OFFICER)
    client = signed_out(officer)
    response = client.post(f"{W}new-publication/", {"title": "Ours"})
    later = timezone.now() + timedelta(minutes=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert "Ours" not in signed_in_again(client, officer, response)
    assert KeptContent.objects.exists()
    storage.delete_expired()
    assert not KeptContent.objects.exists()


def test_it_is_encrypted_and_in_no_backup() -> None:
    client = signed_out(somebody(Role.OFFICER))
    client.post(f"{W}new-publication/", {"title": "Our own words"})
    row = KeptContent.objects.get(kind=KeptKind.FORM)
    assert b"Our own words" not in bytes(row.content)
    row.person_id = somebody(Role.ANALYST).id
    row.save()
    assert storage.load(somebody(Role.ANALYST), KeptKind.FORM, str(row.id)) is None  # it is bound to its owner
    assert "sign_in.keptcontent" not in dict(tables())


def test_files_are_named_and_not_kept() -> None:
    analyst = somebody(Role.ANALYST)
    client = signed_out(analyst)
    file = SimpleUploadedFile("our counts.csv", b"secret,counts\n")
    html = signed_in_again(client, analyst, client.post(f"{W}new-figures/", {"file": file}))
    assert "This file was not kept. Choose it again: our counts.csv" in re.sub(r"\s+", " ", html)
    assert b"secret" not in bytes(KeptContent.objects.get(kind=KeptKind.FORM).content)


@pytest.mark.parametrize(
    ("path", "field", "label"),
    [
        (f"{W}requests/objections/", "number", "Staff number"),
        ("/work/my-data/ask/", "note", "Details of your request"),
        (f"{W}cover/add/", "reason", "Reason"),
    ],
)
def test_personal_entries_are_named_and_not_kept(path: str, field: str, label: str) -> None:
    administrator = somebody(Role.ADMINISTRATOR)
    client = signed_out(administrator)
    html = signed_in_again(client, administrator, client.post(path, {field: "PERSONAL-77"}))
    assert "PERSONAL-77" not in html
    assert f"Enter them again: {label}" in re.sub(r"\s+", " ", html)


def test_without_a_former_session_nothing_is_stored() -> None:
    response = Client().post(f"{W}new-plan/", {"text": PLAN})
    assert response.headers["Location"] == f"/sign-in/?next={W}new-plan/"
    forged = Client()
    forged.cookies[settings.EVENHAND_FORMER_SESSION_COOKIE_NAME] = f"{somebody(Role.OFFICER).id}:1abc:forged"
    forged.post(f"{W}new-plan/", {"text": PLAN})
    leaver = somebody(Role.OFFICER)
    client = signed_out(leaver)
    leaver.memberships.update(ended_at=timezone.now())
    client.post(f"{W}new-plan/", {"text": PLAN})
    client.post("/account/password/", {"oldpassword": "a", "password1": "b", "password2": "b"})
    assert not KeptContent.objects.exists()


def test_a_person_can_fill_only_a_few_rows() -> None:
    client = signed_out(somebody(Role.OFFICER))
    for number in range(8):
        client.post(f"{W}new-publication/", {"title": f"Title {number}"})
    kept = [form["fields"]["title"] for _id, form in storage.kept_forms(somebody(Role.OFFICER))]
    assert kept == [[f"Title {number}"] for number in (7, 6, 5, 4, 3)]


def test_a_form_of_a_page_opened_before_the_latest_sign_in_is_kept_only_if_this_site_sent_it() -> None:
    officer = somebody(Role.OFFICER)
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[-1])
    address, entered = f"{W}new-publication/", {"title": "Ours", "csrfmiddlewaretoken": "x" * 64}
    assert client.post(address, entered).status_code == 403
    assert client.post(address, entered, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert not KeptContent.objects.exists()
    response = client.post(address, entered, HTTP_ORIGIN="http://testserver")
    assert response.status_code == 302
    html = client.get(response.headers["Location"]).content.decode()
    assert "Your form was not sent. What you entered has been kept" in html
    assert 'value="Ours"' in html


def test_the_address_of_a_button_has_text_when_it_is_opened() -> None:
    response = client_for(somebody(Role.ANALYST)).get(f"{W}publications/workforce-2026-alone/protect/")
    assert response.status_code == 405
    assert "This address has no page of its own" in response.content.decode()


def test_a_session_that_expires_with_the_form_needs_no_cookie() -> None:
    officer = somebody(Role.OFFICER)
    client = client_for(officer)
    client.get("/work/")
    session = client.session
    session["seen_at"] = 1
    session.save()
    del client.cookies[settings.EVENHAND_FORMER_SESSION_COOKIE_NAME]
    response = client.post(f"{W}new-publication/", {"title": "Ours"})
    assert "because you were inactive" in client.get(response.headers["Location"]).content.decode()
    assert 'value="Ours"' in signed_in_again(client, officer, response)


def test_values_are_escaped_and_only_the_form_that_was_sent_is_filled_in() -> None:
    page = (
        '<main id="main"><form method="post" action="/a/"><input name="x" value="1"></form>'
        '<form method="post"><label for="i">Name <span>(optional)</span></label><input id="i" name="x" value="1">'
        '<input type="password" name="p"><select name="s"><option value="a" selected>A</option>'
        '<option value="b">B &amp; C</option></select><textarea name="t">\nold</textarea>'
        '<button name="go" value="1">First</button><button name="go" value="2">Second</button></form></main>'
    )
    values = {"x": ['"><script>'], "s": ["b"], "t": ["</textarea>"], "go": ["2"], "p": ["never"]}
    form = find_form(page, "/b/?q=1", "/b/", values)
    assert form is not None
    assert (form.number, form.button_text(values), form.labels["x"]) == (1, "Second", "Name")
    filled = fill_in(page, form, values, hidden=("k", "v"), notice="NOTICE")
    assert filled == (
        '<main id="main">NOTICE<form method="post" action="/a/"><input name="x" value="1"></form>'
        '<form method="post"><input type="hidden" name="k" value="v">'
        '<label for="i">Name <span>(optional)</span></label>'
        '<input id="i" name="x" value="&quot;&gt;&lt;script&gt;"><input type="password" name="p">'
        '<select name="s"><option value="a">A</option><option value="b" selected>B &amp; C</option></select>'
        '<textarea name="t">\n&lt;/textarea&gt;</textarea>'
        '<button name="go" value="1">First</button><button name="go" value="2">Second</button></form></main>'
    )


def test_no_password_or_code_field_may_be_kept() -> None:
    fields = {
        name: field
        for form in vars(sign_in_forms).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()
    }
    secret = {
        name
        for name, field in fields.items()
        if isinstance(field.widget, forms.PasswordInput) or name in ("code", "credential", "key")
    }
    assert {"password", "password1", "oldpassword", "code"} <= secret
    assert not {name for name in secret - {"key"} if may_be_kept(name)}
    assert may_be_kept("area_code")


# Form.field -> the views that must not keep it; KEPT if it may be kept. Decided by a person, in access/NAME.py.
FREE_TEXT: dict[str, tuple[str, ...]] = collect("FREE_TEXT", access_files())


def test_every_field_for_text_is_kept_or_not_as_decided(calderdale: Authority) -> None:
    fields = {
        f"{name}.{field}": access_file(app.label)
        for app in apps.get_app_configs()
        if has_own_forms(app.name)
        for name, form in own_forms(app.name).items()
        for field, definition in form.base_fields.items()
        if type(definition) is forms.CharField
    }
    assert_complete("FREE_TEXT", access_files(), FREE_TEXT, fields)
    for entry, views in FREE_TEXT.items():
        for view in views:
            func = resolve(RULES[view].at(calderdale)).func
            assert not may_be_kept(entry.partition(".")[2], fields_not_kept(func)), (
                f"{entry} may be kept, although FREE_TEXT says that {view} must not keep it: "
                "name the field in `fields_not_kept` of the view, or decorate it with @not_kept"
            )


def own_forms(app: str) -> dict[str, type[forms.Form]]:
    module = import_module(f"{app}.forms")
    return {
        name: form
        for name, form in vars(module).items()
        if isinstance(form, type) and issubclass(form, forms.Form) and form.__module__ == module.__name__
    }


def has_own_forms(app: str) -> bool:
    """The sign-in forms are allauth's, or of people without an account: none of them is kept."""
    return app.startswith("evenhand.") and app != "evenhand.sign_in" and find_spec(f"{app}.forms") is not None
