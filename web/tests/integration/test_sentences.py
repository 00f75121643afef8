"""Every page of the demonstration, public and staff: whole sentences, and “Error:” in the title of a form with errors.

A sentence that is put together from pieces shows it by its punctuation, by a word that is there twice or by a gap.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from access.all_rules import RULES
from access.rules import ANYONE, Rule
from evenhand.authorities import actions as authorities
from evenhand.authorities.enums import Role
from evenhand.authorities.models import Authority
from evenhand.authorities.queries import operator
from evenhand.demonstration.bodies import EXAMPLE_AUTHORITY
from support.authorities import calderdale_with_staff
from support.engines import on_postgresql
from support.staff_pages import cast_client, client_for

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(on_postgresql(), reason="what a page says does not depend on the database"),
]

W = f"/work/{EXAMPLE_AUTHORITY}/"
INLINE = frozenset({"a", "abbr", "b", "bdi", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup"})
SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label")
FAULTS = {
    "a space before punctuation": re.compile(r"\s[.,;:!?](?=\s|$)"),
    "two full stops": re.compile(r"(?<!\.)\.\.(?!\.)"),
    "punctuation twice": re.compile(r"[?!,;:]\.|[.?!;:,],|[?!]”?\.|[,;:]$(?<!:)"),
    "a word twice": re.compile(r"\b([a-z]{2,}) \1\b", re.I),
    "a missing value": re.compile(r"(?<![.] )(?<!^)\bNone\b(?!\.)|\b(?:null|undefined|nan)\b"),
    "a template that was not rendered": re.compile(r"\{\{|\{%|%\(|\bProxy__|&(?:amp;)?(?:quot|#x?\d+);"),
    "empty quotation marks or brackets": re.compile(r"“\s*”|\(\s*\)|^[,;.]\s"),
}
AT_MOST = 3  # pages of each address for each person: the years of a measure all look alike


class PageText(HTMLParser):
    """The text of each block of a page, and of each attribute that is read out, with the links."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks, self.links, self.skipped = [""], [], 0
        self.spoken: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag in ("style", "script", "textarea", "pre"):
            self.skipped += 1
        if tag not in INLINE:
            self.blocks.append("")
        if tag == "q":
            self.blocks[-1] += "“"
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"])
        self.spoken += [str(attributes[name]) for name in SPOKEN if attributes.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "textarea", "pre"):
            self.skipped -= 1
        if tag not in INLINE:
            self.blocks.append("")
        if tag == "q":
            self.blocks[-1] += "”"

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.blocks[-1] += data

    def texts(self) -> Iterator[str]:
        for block in self.blocks:
            yield " ".join(block.split())
        yield from self.spoken


def faults_of(html: str) -> list[str]:
    page = PageText()
    page.feed(html)
    page_faults = [
        f"{fault}: {text[max(0, match.start() - 40) : match.end() + 20]!r}"
        for text in page.texts()
        for fault, pattern in FAULTS.items()
        if (match := pattern.search(text))
    ]
    return page_faults + [f"two spaces: {text!r}" for text in page.spoken if "  " in text]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p>You need the role of an approver . You</p>", "a space before punctuation"),
        ("<p>Did you mean “objective”?. Choose</p>", "punctuation twice"),
        ("<p>Did you mean <code>x</code>?”. Choose</p>", "punctuation twice"),
        ("<p>It ended..</p>", "two full stops"),
        ("<p>Assigned to None since May</p>", "a missing value"),
        ("<p>on on Monday</p>", "a word twice"),
        ("<p>Hello %(name)s</p>", "a template that was not rendered"),
        ("<p>The plan “” is</p>", "empty quotation marks or brackets"),
        ("<p>One <a>two</a> , three</p>", "a space before punctuation"),
    ],
)
def test_each_fault_is_found(html: str, fault: str) -> None:
    assert [entry.partition(":")[0] for entry in faults_of(html)] == [fault]


def test_good_sentences_are_not_faults() -> None:
    assert faults_of("<p>Wait … then: 1.5, “yes”. None. It is 09:30.</p><dd>None</dd><p>Why? Because.</p>") == []


def pages_of(client: Client, start: str) -> Iterator[tuple[str, str]]:
    """Follow the links of this site from a page, at most a few times for each kind of address."""
    queue, seen, visits = [start], {start}, Counter()
    while queue:
        address = queue.pop(0)
        response = client.get(address)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html = response.content.decode()
        yield address, html
        page = PageText()
        page.feed(html)
        for link in page.links:
            target = urljoin(address, link).partition("#")[0]
            name = name_of(target)
            if target not in seen and name and visits[name] < AT_MOST:
                visits[name] += 1
                seen.add(target)
                queue.append(target)


def name_of(address: str) -> str:
    """The name of an address of this site; empty for other sites and for signing out."""
    if not address.startswith("/"):
        return ""
    try:
        name = resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""
    return "" if name == "account_logout" else name


@pytest.mark.parametrize("role", [None, Role.OFFICER, Role.ANALYST, Role.APPROVER, Role.ADMINISTRATOR])
def test_no_page_shows_that_its_sentences_are_put_together(role: Role | None) -> None:
    client, start = (Client(), "/") if role is None else (cast_client(role), W)
    faults = {address: page_faults for address, html in pages_of(client, start) if (page_faults := faults_of(html))}
    assert faults == {}


PUNCTUATED = """format: evenhand-plan/1
authority: exampleton-city-council-invented
slug: punctuated
title: Who benefits?
status: draft
source: {title: A plan., publisher: Nobody & Co., dated: 1 May., read_on: 2026-11-22, rights: None are stated.}
nodes:
  - kind: objective
    ref: "1"
    wording: Disabled residents will wait no longer.
    for_whom: [{code: disability, words: Disabled residents}]
    change: {words: will wait no longer.}
"""


def test_texts_that_end_in_punctuation_do_not_spoil_the_sentences_around_them() -> None:
    officer, approver = cast_client(Role.OFFICER), cast_client(Role.APPROVER)
    pages = [officer.post(f"{W}new-plan/", {"text": PUNCTUATED, "keep": "yes"}, follow=True)]
    pages.append(approver.post(f"{W}plans/punctuated/publish/", follow=True))
    pages.append(Client().get(f"/authorities/{EXAMPLE_AUTHORITY}/plans/punctuated/"))
    pages.append(officer.get(f"{W}plans/"))
    assert "“will wait no longer”." in pages[2].content.decode()
    assert "A plan. Nobody &amp; Co. Date: 1 May." in " ".join(pages[2].content.decode().split())
    assert [faults_of(page.content.decode()) for page in pages] == [[], [], [], []]


def clients_at(authority: Authority) -> dict[Role, Client]:
    """Somebody signed in for each role at the authority."""
    people = {
        role: authorities.add_member(
            authority, by=operator(), email=f"{role}@{authority.slug}.example", name=f"The {role}", role=role
        ).user
        for role in Role
    }
    return {role: client_for(person) for role, person in people.items()}


def test_the_reason_of_a_refusal_is_a_sentence() -> None:
    council = calderdale_with_staff()
    clients = clients_at(council)
    faults, refusals = {}, 0
    for name, rule in sorted(RULES.items()):
        refused = sorted(set(Role) - rule.opens) if isinstance(rule.opens, frozenset) else []
        if refused:
            response = clients[refused[0]].get(rule.at(council))
            refusals += response.status_code == 403
            if page_faults := faults_of(response.content.decode()):
                faults[name] = page_faults
    assert faults == {}
    assert refusals >= 20


def client_for_form(rule: Rule, clients: dict[Role, Client]) -> Client:
    if rule.posts == ANYONE:
        return Client()
    return clients[min(rule.posts)] if isinstance(rule.posts, frozenset) else clients[Role.VIEWER]


def test_every_form_with_errors_says_so_in_its_title_and_in_whole_sentences() -> None:
    council = calderdale_with_staff()
    clients = clients_at(council)
    forms, missing, faults = 0, [], {}
    for name, rule in sorted(RULES.items()):
        if not rule.posts:
            continue
        client = client_for_form(rule, clients)
        with transaction.atomic():
            response = client.post(rule.at(council), {"unknown": "field"})
            transaction.set_rollback(True)
        html = response.content.decode()
        if 'class="eh-errors"' not in html:
            continue
        forms += 1
        if "<title>Error: " not in html:
            missing.append(name)
        if page_faults := faults_of(html):
            faults[name] = page_faults
    wrong_file = SimpleUploadedFile("counts.csv", b"a,b\n1,2\n")
    html = clients[Role.ANALYST].post(f"/work/{council.slug}/new-figures/", {"file": wrong_file}).content.decode()
    if "<title>Error: " not in html:
        missing.append("a file of counts with errors")
    assert missing == []
    assert faults == {}
    assert forms >= 20
