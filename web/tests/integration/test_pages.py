"""Every public address: what it answers, to whom, and what stands on it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import Client
from django.urls import get_resolver
from django.utils import translation
from django.utils.html import escape

from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Kind
from evenhand.authorities.models import Authority, User
from evenhand.plans import actions as plans
from evenhand.plans.asked import ASKED
from evenhand.public.queries import released_datasets
from evenhand.records import slugs
from evenhand.records.slugs import SlugTaken

C = "/authorities/calderdale-council/"
PAGES = {
    "home": "/",
    "authorities": "/authorities/",
    "authority": C,
    "plan": "/authorities/liverpool-city-region-combined-authority/plans/equality-objectives/",
    "measure": f"{C}measures/representation-ethnicity/",
    "measure_period": f"{C}measures/representation-ethnicity/2019/",
    "publication": f"{C}publications/workforce-2019-to-2026/",
    "publication_period": f"{C}publications/workforce-2019-to-2026/2020/",
    "figures": f"{C}publications/workforce-2019-to-2026/figures.csv",
    "certificate": f"{C}publications/workforce-2019-to-2026/certificate.json",
    "record": f"{C}record/",
    "record_checkpoint": f"{C}record/checkpoint",
    "record_entry": f"{C}record/entries/1/",
    "record_consistency": f"{C}record/consistency/",
    "record_key": "/record/key",
    "methods": "/methods/",
    "sources": "/sources/",
    "accessibility": "/accessibility/",
}
NOT_HTML = {"figures", "certificate", "record_checkpoint", "record_entry", "record_consistency", "record_key"}
HTML = [address for name, address in PAGES.items() if name not in NOT_HTML]


def test_the_list_of_pages_is_whole() -> None:
    (public,) = (each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "public")
    assert {pattern.name for pattern in public.url_patterns} == set(PAGES)


@pytest.mark.parametrize("address", PAGES.values())
def test_anyone_may_read_it_and_nobody_may_write_to_it(client: Client, db, address: str) -> None:
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(address).status_code == 405


@pytest.mark.parametrize("address", HTML)
def test_each_page_has_its_language_one_heading_and_no_script(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    assert '<html lang="en-gb" dir="ltr">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert "<script" not in page
    assert " style=" not in page
    assert "javascript:" not in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("address", HTML)
def test_each_page_says_that_the_authority_does_not_publish_it(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    assert "This page is not published by" in page or "This site is not published by" in page


def test_a_page_about_an_authority_names_it_in_the_notice(client: Client, db) -> None:
    assert "This page is not published by Calderdale Council." in client.get(C).content.decode()


@pytest.mark.parametrize("address", HTML)
def test_a_right_to_left_language_turns_the_page(client: Client, db, settings, address: str) -> None:
    settings.LANGUAGES = [("en-gb", "English"), ("ar", "Arabic")]
    with translation.override("ar"):
        page = client.get(address, headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    # A language with another decimal sign must not reach into the drawing.
    assert not re.search(r'\b(x|x1|x2|cx|width)="[^"]*,', page)


@pytest.mark.parametrize("address", PAGES.values())
def test_headers_are_careful(client: Client, db, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    own = dict.fromkeys(("style-src", "font-src", "img-src", "form-action"), "'self'")
    assert policy == own | dict.fromkeys(("default-src", "base-uri", "frame-ancestors"), "'none'")


@pytest.mark.parametrize("address", HTML)
def test_each_page_takes_at_most_twelve_queries(
    client: Client, db, django_assert_max_num_queries, address: str
) -> None:
    with django_assert_max_num_queries(12):
        client.get(address)


def test_every_link_on_every_page_leads_somewhere(client: Client, db) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        if "html" not in response["Content-Type"]:
            continue
        page = response.content.decode()
        for link in re.findall(r'href="([^"]+)"', page):
            path, _, fragment = link.partition("#")
            if fragment and not path:
                assert f'id="{fragment}"' in page, f"{address} has no #{fragment}"
            if path.startswith("/") and not path.startswith("/static/"):
                waiting.append(path)
    assert set(PAGES.values()) <= seen


@pytest.mark.parametrize(
    "address",
    [
        "/authorities/nowhere/",
        f"{C}plans/none/",
        f"{C}measures/representation-shoes/",
        f"{C}measures/representation-sex/1066/",
        "/authorities/liverpool-city-council/measures/representation-sex/",
        f"{C}publications/none/",
        f"{C}publications/workforce-2019-to-2026/1066/",
        f"{C}publications/none/figures.csv",
        "/admin/",
    ],
)
def test_what_is_not_there_is_not_found_in_words(client: Client, db, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_an_old_address_leads_to_the_new_one_for_good(client: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    for rest in ("", "measures/representation-sex/2019/", "publications/workforce-2019-to-2026/figures.csv"):
        response = client.get(f"{C}{rest}")
        assert (response.status_code, response["Location"]) == (301, f"/authorities/calderdale/{rest}")
    with pytest.raises(SlugTaken):
        slugs.take("authorities", "calderdale-council", by.id)


def test_an_address_that_could_not_be_typed_is_refused_and_not_taken(calderdale: Authority, by: User) -> None:
    with pytest.raises(ValidationError):
        authorities.move(calderdale, by=by, slug="calder dale", reason="shorter")
    assert slugs.owner_of("authorities", "calder dale") is None
    assert Authority.objects.get(id=calderdale.id).slug == "calderdale-council"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("leeds", ["Leeds City Council"]),
        ("COUNCIL city", ["Leeds City Council", "Liverpool City Council"]),
        ("atlantis", []),
        ("%", []),
    ],
)
def test_search(client: Client, db, words: str, names: list[str]) -> None:
    page = client.get("/authorities/", {"q": words}).content.decode()
    found = re.findall(r'eh-list__title"><a href="[^"]+">([^<]+)<', page)
    assert found == names


def test_a_search_cannot_bring_markup_in(client: Client, db) -> None:
    page = client.get("/authorities/", {"q": '<b>x</b>"'}).content.decode()
    assert "<b>x" not in page


def test_a_fault_of_ours_is_told_without_a_trace(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.public.queries.plan_summaries", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Something is wrong on our side" in response.content.decode()
    assert '<html lang="en-GB">' in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_a_real_authority_is_not_disowned(client: Client, by: User) -> None:
    authorities.add(
        by=by,
        slug="real",
        name="Real Council",
        kind=Kind.METROPOLITAN_DISTRICT,
        area_code="E08000001",
        area_name="Real",
    )
    assert "not published by" not in client.get("/authorities/real/").content.decode()


def test_a_plan_outside_any_region_is_on_the_first_page(client: Client, by: User) -> None:
    example = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
    text = re.sub(r"(?m)^authority: .*$", "authority: leeds-city-council", example.read_text())
    plans.publish(plans.import_plan(text.encode(), by=by, name="p.yaml").plan, by=by)
    page = client.get("/").content.decode()
    assert "Other authorities" in page
    assert "/authorities/leeds-city-council/plans/" in page
    assert '<p class="eh-card__figure">1 of 9</p>' in page
    assert "Until they do, nobody can tell" not in page


def test_an_unknown_host_is_told_so(client: Client, db) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert '<html lang="en-GB">' in response.content.decode()


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "1 July 2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "31 December 2026"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25 October 2026"),
    ],
)
def test_a_time_is_kept_as_utc_and_shown_as_in_britain(at: datetime, shown: str) -> None:
    assert Template("{{ at|date:'j F Y' }}").render(Context({"at": at})) == shown


def test_an_empty_site_says_what_to_do(client: Client, db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.public.queries.plan_summaries", tuple)
    monkeypatch.setattr("evenhand.public.queries.shortfalls", tuple)
    page = client.get("/").content.decode()
    assert "No plan is published here yet. Take one in with: evenhand plan import FILE" in page
    assert "No figures are published here yet" in page


def test_the_file_of_figures_is_a_file_to_keep(client: Client, db) -> None:
    headers = client.get(PAGES["figures"]).headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    name = "calderdale-council-workforce-2019-to-2026.csv"
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("address", HTML)
def test_a_table_stays_a_table_when_it_is_stacked(client: Client, db, address: str) -> None:
    """Stacked on a small screen it loses its native roles, so each is written out, and each cell has its heading."""
    page = client.get(address).content.decode()
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for element, role in roles.items():
        for attributes in re.findall(rf"<{element}\b([^>]*)>", page):
            assert f'role="{role}"' in attributes, (element, attributes)
    for attributes in re.findall(r"<th\b([^>]*)>", page):
        assert re.search(r'role="(columnheader|rowheader)" scope="(col|row)"', attributes), attributes
    for attributes in re.findall(r"<td\b([^>]*)>", page):
        assert "data-label=" in attributes or "eh-table__blank" in attributes, attributes


@pytest.mark.parametrize("address", HTML)
def test_each_page_can_be_skipped_to_its_main_part(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    body = page.partition("<body>")[2].lstrip()
    assert body.startswith('<a class="govuk-skip-link" href="#main">')
    assert 'id="main"' in page


@pytest.mark.parametrize("address", [PAGES["measure"], PAGES["publication"]])
def test_a_page_with_shorthand_explains_it(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    for mark in ("[c]", "[x]", "[z]"):
        assert f"<dt>{mark}</dt>" in page


def test_the_first_page_counts_the_promises(client: Client, db) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/").content.decode()))
    assert "8 objectives, with 29 priorities" in page
    assert "0 of 8 objectives say how they would be measured. Until they do, nobody can tell" in page
    assert page.index("3 objectives, 14 priorities") < page.index("5 objectives, 15 priorities")


def test_the_check_of_a_plan_says_who_asks_how_many_lack_it_and_how_to_mend_it(client: Client, db) -> None:
    page = client.get(PAGES["plan"]).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "A measure regulation 5 0 of 3 0 of 14" in text
    assert "A baseline good practice 0 of 3 0 of 14" in text
    for asked in ASKED:
        if asked.field != "for_whom":
            assert escape(asked.mend) in page


def test_the_sources_say_whose_they_are_and_under_what_licence(client: Client, db) -> None:
    page = client.get("/sources/").content.decode()
    for dataset in released_datasets():
        assert dataset.publisher
        assert dataset.licence
        assert f"<p>{escape(dataset.publisher)}. {escape(dataset.licence)}." in page


@pytest.mark.parametrize(
    ("period", "says"),
    [("2026", "so there is nobody in these groups"), ("2022", "That may mean nobody, that nobody was asked")],
)
def test_a_blank_of_the_source_is_explained_by_whether_the_rest_adds_up(
    client: Client, db, period: str, says: str
) -> None:
    page = client.get(f"{C}measures/representation-religion/{period}/").content.decode()
    assert "The source gives no figure for: Jewish." in page
    assert says in page


def test_the_page_says_how_many_rows_are_hidden_where_any_is(client: Client, db) -> None:
    says = re.compile(r"\d+ rows? (is|are) hidden to protect people")
    page = client.get(PAGES["measure"]).content.decode()
    assert says.search(page)[0] == "4 rows are hidden to protect people"
    assert not says.search(client.get(f"{C}measures/representation-sex/").content.decode())


def test_a_form_without_its_token_is_refused_in_words(db) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "The form was not taken in" in response.content.decode()
