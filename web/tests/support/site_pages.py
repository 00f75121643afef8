"""Every page of the demonstration that can be reached by following links, as a visitor and as each member of staff."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client

from evenhand.authorities.enums import Role
from support.staff_pages import cast_client

STAFF_START = ("/work/", "/account/")
STAFF_ONLY = ("/work/", "/account/")  # the public pages are read once, as a visitor
NOT_OPENED = ("/sign-out/",)
ONE_READER = {  # pages below these are the same for everyone
    "/record/": Role.ANALYST,
    "/people/": Role.ADMINISTRATOR,
    "/actions/": Role.OFFICER,
    "/posts/": Role.OFFICER,
}
VISITOR = "visitor"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Element:
    """An element with its attributes, and the text inside it."""

    tag: str
    attributes: dict[str, str]
    inside: frozenset[str]  # the tags and classes of the elements that it is in
    text: str = ""

    @property
    def words(self) -> str:
        """The text as a screen reader reads it."""
        return " ".join((self.attributes.get("aria-label") or self.text).split())


@dataclass
class SitePage:
    """A page as it was sent: its address without the fragment, who read it, and its elements."""

    address: str
    reader: str
    html: str
    elements: list[Element] = field(default_factory=list)

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def links(self) -> list[Element]:
        return [element for element in self.all("a") if "href" in element.attributes]

    def target(self, link: Element) -> str:
        """The address that a link leads to, with its fragment."""
        return urljoin(self.address, link.attributes["href"])

    def text_of(self, tag: str) -> str:
        return " ".join(element.words for element in self.all(tag))


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        inside = {element.tag for element in self.open} | {
            name for element in self.open for name in element.attributes.get("class", "").split()
        }
        element = Element(tag, attributes, frozenset(inside))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed = self.open.pop()
            if closed.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        if not any("aria-hidden" in element.attributes for element in self.open):
            for element in self.open:
                element.text += data


def read_page(address: str, reader: str, html: str) -> SitePage:
    parser = _Elements()
    parser.feed(html)
    return SitePage(address, reader, html, parser.elements)


@cache
def site_pages() -> tuple[SitePage, ...]:
    """Read once in each process: every test starts from the same demonstration."""
    pages = list(_crawl(Client(), VISITOR, ("/",), ("/",)))
    for role in Role:
        pages += _crawl(cast_client(role), role, STAFF_START, STAFF_ONLY)
    return tuple(pages)


def _crawl(client: Client, reader: str, start: Iterable[str], within: tuple[str, ...]) -> Iterable[SitePage]:
    waiting = deque(start)
    known = set(waiting)
    while waiting:
        address = waiting.popleft()
        response = client.get(address)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code in (302, 403) or not is_page:
            continue  # 403: an administrator sees the titles of assigned drafts, and may not open them
        assert response.status_code == 200, f"{reader}: {address}: {response.status_code}"
        page = read_page(address, reader, response.content.decode())
        yield page
        for link in page.links():
            target = page.target(link).partition("#")[0]
            parts = urlsplit(target)
            if parts.netloc or parts.scheme or target in known or not target.startswith(within):
                continue
            if target.startswith(NOT_OPENED) or (reader == VISITOR and target.startswith(STAFF_ONLY)):
                continue
            if any(reader not in (only, VISITOR) and part in target[:-1] for part, only in ONE_READER.items()):
                continue
            known.add(target)
            waiting.append(target)
