"""Every page of the demonstration, as a visitor and as each member of staff: numbers, links and their targets."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.template import Context, Template

from evenhand.authorities.enums import Role
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from support.site_pages import SitePage, read_page, site_pages
from support.staff_pages import cast_client

SEPARATED = re.compile(r"\d,\d")
NOT_COUNTS = "year|years|in|for|since|until|page|entry|change|row|version|position"
SEPARATED_POSITION = re.compile(rf"\b(?:{NOT_COUNTS}) [12],\d{{3}}\b", re.IGNORECASE)
ADDRESS_ATTRIBUTES = ("href", "action", "formaction", "src", "value", "id", "for", "name", "aria-describedby")
WORK = f"/work/{EXAMPLE_AUTHORITY}/"
HIDDEN = f"{WORK}publications/workforce-2023-to-2026-hidden-below-5/hidden/"


def separated_numbers(page: SitePage) -> Iterator[str]:
    for element in page.elements:
        for name in ADDRESS_ATTRIBUTES:
            if SEPARATED.search(element.attributes.get(name, "")):
                yield f"{page.reader}: {page.address}: {element.tag} {name}={element.attributes[name]!r}"
        if "eh-breadcrumbs" in element.inside and SEPARATED.search(element.text):
            yield f"{page.reader}: {page.address}: breadcrumb {element.words!r}"
    if match := SEPARATED_POSITION.search(page.text_of("body")):
        yield f"{page.reader}: {page.address}: {match[0]!r}"


def test_no_address_identifier_breadcrumb_or_year_has_a_thousand_separator(db) -> None:
    assert [number for page in site_pages() for number in separated_numbers(page)] == []


@pytest.mark.parametrize(
    "html",
    [
        '<a href="?year=2,019">Draft</a>',
        '<input type="checkbox" value="2,019">',
        '<nav class="eh-breadcrumbs"><li>2,026</li></nav>',
        "<body><p>The year 2,026</p></body>",
        "<body><p>Proof of entry 1,280</p></body>",
    ],
)
def test_a_separator_would_be_found(html: str) -> None:
    assert list(separated_numbers(read_page("/", "visitor", html)))


def test_only_a_count_has_thousand_separators() -> None:
    assert not settings.USE_THOUSAND_SEPARATOR
    template = Template("{{ n }} {{ n|thousands }} {% load i18n %}{% blocktranslate %}{{ n }}{% endblocktranslate %}")
    assert template.render(Context({"n": 1280})) == "1280 1,280 1280"


def test_counts_of_people_have_thousand_separators(db, client) -> None:
    page = client.get("/authorities/calderdale-council/measures/representation-sex/2026/").content.decode()
    assert "In 2026 it had 2,779 staff." in page
    assert re.search(r'<td role="cell" class="figure" data-label="Staff">\d,\d{3}</td>', page)


def test_the_link_to_a_draft_of_the_same_years_ticks_them(db) -> None:
    client = cast_client(Role.ANALYST)
    hidden = read_page(HIDDEN, "analyst", client.get(HIDDEN).content.decode())
    (link, *_others) = [link for link in hidden.links() if "draft for the same years" in link.text]
    query = parse_qs(urlsplit(hidden.target(link)).query)
    assert query["year"] == [str(year) for year in range(2023, 2027)]
    form = read_page(hidden.target(link), "analyst", client.get(hidden.target(link)).content.decode())
    ticked = {box.attributes["value"] for box in form.all("input") if "checked" in box.attributes}
    assert ticked == {*query["year"], *query["policy"]}


def texts_with_two_targets(page: SitePage) -> Iterator[str]:
    """Links with the same words lead to the same place, wherever on the page they are (WCAG 2.4.4 and 2.4.9)."""
    targets: dict[str, set[str]] = {}
    for link in page.links():
        targets.setdefault(link.words.lower(), set()).add(page.target(link))
    for words, addresses in targets.items():
        if len(addresses) > 1:
            yield f"{page.reader}: {page.address}: {words!r} leads to {sorted(addresses)}"


def targets_with_two_texts(page: SitePage) -> Iterator[str]:
    """Links to the same place have the same words, within the content and within the header and footer (WCAG 3.2.4).

    Allowed: breadcrumbs (they name a page by its place), the name of the site, the skip link, and links in different
    rows of a table, where the hidden words that distinguish them name the row.
    """
    texts: dict[tuple[bool, str], set[str]] = {}
    for link in page.links():
        classes = link.attributes.get("class", "")
        if "eh-breadcrumbs" in link.inside or "td" in link.inside or "eh-masthead__name" in classes:
            continue
        texts.setdefault(("main" in link.inside, page.target(link)), set()).add(link.words.lower())
    for (_in_main, target), words in texts.items():
        if len(words) > 1:
            yield f"{page.reader}: {page.address}: {sorted(words)} lead to {target}"


def test_one_link_text_has_one_target(db) -> None:
    assert [problem for page in site_pages() for problem in texts_with_two_targets(page)] == []


def test_one_target_has_one_link_text(db) -> None:
    assert [problem for page in site_pages() for problem in targets_with_two_texts(page)] == []


def test_ambiguous_links_would_be_found() -> None:
    html = '<main><a href="/a/">One</a><a href="/b/">One</a><a href="/b/">Two</a></main><a href="/b/">Three</a>'
    page = read_page("/", "visitor", html)
    assert list(texts_with_two_targets(page)) == ["visitor: /: 'one' leads to ['/a/', '/b/']"]
    assert list(targets_with_two_texts(page)) == ["visitor: /: ['one', 'two'] lead to /b/"]


def test_every_kind_of_page_is_read(db) -> None:
    readers = {page.reader for page in site_pages()}
    assert readers == {"visitor", *Role}
    addresses = {page.address for page in site_pages()}
    for address in ("/", "/sources/", "/work/", HIDDEN, f"{WORK}figures/workforce/2026/religion/"):
        assert address in addresses
