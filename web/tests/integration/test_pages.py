"""Every public address: its status, its headers and its content."""

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
from evenhand.plans.requirements import REQUIREMENTS
from evenhand.public.queries import released_datasets, shortfalls
from evenhand.records import slugs
from evenhand.records.slugs import SlugTaken
from support.authorities import leeds_with_staff

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
    "worked_example": "/worked-example/",
    "methods": "/methods/",
    "sources": "/sources/",
    "accessibility": "/accessibility/",
}
NOT_HTML = {"figures", "certificate", "record_checkpoint", "record_entry", "record_consistency", "record_key"}
HTML = [address for name, address in PAGES.items() if name not in NOT_HTML]


def test_the_list_of_pages_is_complete() -> None:
    (public,) = (resolver for resolver in get_resolver().url_patterns if getattr(resolver, "app_name", "") == "public")
    assert {pattern.name for pattern in public.url_patterns} == set(PAGES)


@pytest.mark.parametrize("address", PAGES.values())
def test_anyone_can_read_it_and_nobody_can_write_to_it(client: Client, db, address: str) -> None:
    assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(address).status_code == 405


@pytest.mark.parametrize("address", HTML)
def test_each_page_has_a_language_one_h1_and_no_script(client: Client, db, address: str) -> None:
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
def test_a_right_to_left_language_changes_the_direction_of_the_page(client: Client, db, settings, address: str) -> None:
    settings.LANGUAGES = [("en-gb", "English"), ("ar", "Arabic")]
    with translation.override("ar"):
        page = client.get(address, headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    # The decimal separator of the language must not be used in SVG attributes.
    assert not re.search(r'\b(x|x1|x2|cx|width)="[^"]*,', page)


@pytest.mark.parametrize("address", PAGES.values())
def test_security_headers(client: Client, db, address: str) -> None:
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
def test_each_page_takes_at_most_fourteen_queries_and_two_from_the_cache(
    client: Client, db, django_assert_max_num_queries, address: str
) -> None:
    with django_assert_max_num_queries(14):
        client.get(address)
    client.get(address)  # the record has signed its first statement in the meantime
    with django_assert_max_num_queries(2):  # the counters and, for the record, the latest signed statement
        client.get(address)


def test_every_link_on_every_page_works(client: Client, db) -> None:
    seen: set[str] = set()
    queue = ["/"]
    while queue:
        address = queue.pop()
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
                queue.append(path)
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
def test_an_unknown_address_shows_a_page_not_found(client: Client, db, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


def test_an_old_address_redirects_permanently(client: Client, calderdale: Authority, by: User) -> None:
    authorities.move(calderdale, by=by, slug="calderdale", reason="shorter")
    for rest in ("", "measures/representation-sex/2019/", "publications/workforce-2019-to-2026/figures.csv"):
        response = client.get(f"{C}{rest}")
        assert (response.status_code, response["Location"]) == (301, f"/authorities/calderdale/{rest}")
    with pytest.raises(SlugTaken):
        slugs.reserve("authorities", "calderdale-council", by.id)


def test_an_invalid_slug_is_refused_and_not_reserved(calderdale: Authority, by: User) -> None:
    with pytest.raises(ValidationError):
        authorities.move(calderdale, by=by, slug="calder dale", reason="shorter")
    assert slugs.owner_of("authorities", "calder dale") is None
    assert Authority.objects.get(id=calderdale.id).slug == "calderdale-council"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("leeds", ["Leeds City Council"]),
        ("COUNCIL city", ["Leeds City Council", "Liverpool City Council"]),
        ("atlantis", []),
        ("%", []),
    ],
)
def test_search(client: Client, db, search: str, names: list[str]) -> None:
    page = client.get("/authorities/", {"q": search}).content.decode()
    assert re.findall(r'eh-list__title"><a href="[^"]+">([^<]+)<', page) == names


@pytest.mark.both_databases
def test_a_search_is_escaped(client: Client, db) -> None:
    page = client.get("/authorities/", {"q": '<b>x</b>"'}).content.decode()
    assert "<b>x" not in page


def test_a_server_error_is_shown_without_a_traceback(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.public.queries.plan_summaries", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Sorry, there is a problem with the service" in response.content.decode()
    assert '<html lang="en-GB">' in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


def test_the_page_of_a_real_authority_has_no_demonstration_notice(client: Client, by: User) -> None:
    authorities.add(
        by=by,
        slug="real",
        name="Real Council",
        kind=Kind.METROPOLITAN_DISTRICT,
        area_code="E08000001",
        area_name="Real",
    )
    assert "not published by" not in client.get("/authorities/real/").content.decode()


def test_a_plan_outside_any_region_is_on_the_home_page(client: Client, by: User) -> None:
    leeds_with_staff()
    example = Path(__file__).parents[3] / "docs" / "examples" / "complete-plan.yaml"
    text = re.sub(r"(?m)^authority: .*$", "authority: leeds-city-council", example.read_text())
    plans.publish(plans.import_plan(text.encode(), by=by, name="p.yaml").plan, by=by)
    page = client.get("/").content.decode()
    assert "Other authorities" in page
    assert "/authorities/leeds-city-council/plans/" in page
    assert '<p class="eh-card__figure">1 of 9</p>' in page
    assert "1 of the 9 objectives says how it would be measured." in page
    assert "Without a measure, nobody can tell" not in page


def test_an_unknown_host_gets_an_error_page(client: Client, db) -> None:
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
def test_a_time_is_shown_in_british_time(at: datetime, shown: str) -> None:
    assert Template("{{ at|date:'j F Y' }}").render(Context({"at": at})) == shown


def test_an_empty_site_says_how_to_import_a_plan(client: Client, db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.public.queries.plan_summaries", tuple)
    monkeypatch.setattr("evenhand.public.queries.shortfalls", tuple)
    monkeypatch.setattr("evenhand.public.queries.names_of_authorities_with_figures", list)
    page = client.get("/").content.decode()
    assert "No plan has been published on this site yet. To import one, run: evenhand plan import FILE" in page
    assert "No figures have been published on this site yet" in page


def test_figures_without_a_shortfall_are_not_said_to_be_missing(
    client: Client, db, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evenhand.public.queries.shortfalls", tuple)
    page = client.get("/").content.decode()
    assert "The latest figures for Calderdale Council and Leeds City Council show no such group." in page
    assert "No figures have been published" not in page


def test_the_figures_are_a_download(client: Client, db) -> None:
    headers = client.get(PAGES["figures"]).headers
    assert headers["Content-Type"] == "text/csv; charset=utf-8"
    name = "calderdale-council-workforce-2019-to-2026.csv"
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize("address", HTML)
def test_a_stacked_table_keeps_its_roles(client: Client, db, address: str) -> None:
    """A table stacked on a small screen loses its native roles, so each role is explicit and each cell has a label."""
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
def test_each_page_starts_with_a_skip_link(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    body = page.partition("<body>")[2].lstrip()
    assert body.startswith('<a class="govuk-skip-link" href="#main">')
    assert 'id="main"' in page


@pytest.mark.parametrize(
    ("address", "used"),
    [
        (PAGES["measure"], {"[c]"}),
        (PAGES["publication"], {"[c]", "[x]", "[z]"}),
        (PAGES["measure"].replace("ethnicity", "age"), {"[z]"}),
    ],
)
def test_the_key_of_a_page_explains_the_marks_in_its_tables_and_no_others(
    client: Client, db, address: str, used: set[str]
) -> None:
    page = client.get(address).content.decode()
    assert set(re.findall(r"<dt>(\[\w\])</dt>", page)) == set(re.findall(r">\s*(\[\w\])\s*</td>", page)) == used


@pytest.mark.parametrize("characteristic", ["age", "disability"])
def test_a_measure_that_is_not_compared_does_not_describe_a_comparison(client: Client, db, characteristic: str) -> None:
    page = client.get(PAGES["measure"].replace("ethnicity", characteristic)).content.decode()
    assert "There is no comparison with residents." in page
    for words in ("index =", "each side of the comparison", "Staff are compared with residents", "Residents:"):
        assert words not in page, words
        assert words in client.get(PAGES["measure"]).content.decode(), words


def test_an_authority_page_gives_the_reason_against_comparing_a_measure_once(client: Client, db) -> None:
    page = client.get("/authorities/calderdale-council/").content.decode()
    ages = page.partition("measures/representation-age/")[2].partition("</li>")[0]
    assert (ages.count("Not comparable"), "aged" in ages or "age" in ages) == (1, True)


def test_the_home_page_counts_the_promises(client: Client, db) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/").content.decode()))
    assert "8 objectives There are 29 priorities under them." in page
    assert "0 of 8 None of the 8 objectives says how it would be measured. Without a measure, nobody can tell" in page
    assert page.index("3 objectives, 14 priorities") < page.index("5 objectives, 15 priorities")


def test_the_check_of_a_plan_lists_the_requirements_their_totals_and_fixes(client: Client, db) -> None:
    page = client.get(PAGES["plan"]).content.decode()
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "A measure our reading of “measurable” 0 of 3 0 of 14" in text
    assert "A baseline good practice 0 of 3 0 of 14" in text
    for requirement in REQUIREMENTS:
        assert page.count(escape(requirement.fix)) == 1


def test_the_sources_have_a_publisher_and_a_licence(client: Client, db) -> None:
    page = client.get("/sources/").content.decode()
    for dataset in released_datasets():
        assert dataset.publisher
        assert dataset.licence
        assert f"<p>{escape(dataset.publisher)}. {escape(dataset.licence)}." in page


@pytest.mark.parametrize(
    ("period", "explanation"),
    [("2026", "so either there is nobody in these groups"), ("2022", "staff may not have been asked about them")],
)
def test_a_missing_figure_is_explained_by_whether_the_others_add_up(
    client: Client, db, period: str, explanation: str
) -> None:
    page = client.get(f"{C}measures/representation-religion/{period}/").content.decode()
    assert "The source gives no figure for: Jewish." in page
    assert explanation in page


def test_the_page_says_how_many_rows_are_hidden(client: Client, db) -> None:
    sentence = re.compile(r"\d+ rows? (is|are) hidden to protect people")
    page = client.get(PAGES["measure"]).content.decode()
    assert sentence.search(page)[0] == "4 rows are hidden to protect people"
    assert not sentence.search(client.get(f"{C}measures/representation-sex/").content.decode())


def test_a_form_without_a_csrf_token_is_refused_with_a_message(db) -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "Your form was not submitted" in response.content.decode()


def test_the_home_page_gives_a_way_to_every_group(client: Client, db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evenhand.public.views.site.SHORTFALLS_SHOWN", 3)
    page = client.get("/").content.decode()
    count = len([shortfall for shortfall in shortfalls() if shortfall.majority is None])
    assert f"This list shows 3 of {count} groups." in page
    assert 'href="/?groups=all#left-behind"' in page
    everything = client.get("/?groups=all").content.decode()
    assert everything.partition('<section id="left-behind">')[2].partition("</section>")[0].count("#group-") == count
    assert "This list shows" not in everything


@pytest.mark.parametrize("address", HTML)
def test_one_link_text_has_one_target(client: Client, db, address: str) -> None:
    page = client.get(address).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    targets: dict[str, set[str]] = {}
    for target, text in re.findall(r'(?s)<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', main):
        targets.setdefault(text.strip(), set()).add(target)
    assert {text: pages for text, pages in targets.items() if len(pages) > 1} == {}


def test_the_home_page_does_not_repeat_a_target(client: Client, db) -> None:
    main = client.get("/").content.decode().partition("<main")[2].partition("</main>")[0]
    targets = re.findall(r'href="([^"]+)"', main)
    assert sorted(targets) == sorted(set(targets))


def test_the_plan_page_lists_what_all_lack_once_and_only_differences_below(client: Client, db) -> None:
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(PAGES["plan"]).content.decode()))
    assert "None of the 3 objectives says how it would be measured." in page
    assert "Missing from every objective and priority: a measure, a baseline, a target, a date, an owner." in page
    assert page.count("Missing from this ") == page.count("Not specific") > 0
    assert "Missing from this priority: who it is for, what will change." in page
