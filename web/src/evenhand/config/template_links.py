"""The check that the templates of a module name no page or template of a higher module.

A template in `templates/NAME/` belongs to the module NAME. The templates that are for the whole site (`base.html`,
`components/` and those of libraries) belong to none, and may name any page.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.checks import CheckMessage, Error

from evenhand.modules import registry

TEMPLATES = Path(__file__).parents[1] / "templates"
LINK = re.compile(r"""{%-?\s*(?:url|include|extends)\s+["']((\w+)[:/][^"']+)["']""")

_PUBLISHED = "the staff page links to the public page of the same thing"
# (template, what it names) -> why it may. A new module declares a section or a task instead: do not add to this list.
ALLOWED: Mapping[tuple[str, str], str] = {
    ("authorities/authority.html", "public:authority"): _PUBLISHED,
    ("authorities/members.html", "public:authority"): _PUBLISHED,
    ("authorities/person.html", "sign_in:help"): "an administrator helps a person who cannot sign in",
    ("authorities/record.html", "public:record"): _PUBLISHED,
    ("authorities/roles.html", "public:home"): "this page is public, so its breadcrumbs begin at the home page",
    ("authorities/successions.html", "public:authority"): _PUBLISHED,
    ("plans/plan.html", "public:plan"): _PUBLISHED,
    ("plans/plans.html", "public:plan"): _PUBLISHED,
    ("plans/publish.html", "public:plan"): _PUBLISHED,
    ("releases/publication.html", "public:publication"): _PUBLISHED,
    ("releases/publications.html", "public:publication"): _PUBLISHED,
    ("releases/summary.html", "public:publication"): _PUBLISHED,
    ("sign_in/account.html", "privacy:my_data"): "the page of a person’s account leads to the data held about them",
}


@dataclass(frozen=True)
class Link:
    """A page or another template that a template names."""

    template: str
    line: int
    target: str
    module: str  # of the target

    @property
    def own_module(self) -> str:
        return self.template.partition("/")[0]


def check_templates_link_down(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    links = [
        link
        for path in sorted(TEMPLATES.rglob("*.html"))
        for link in links_in(path.relative_to(TEMPLATES).as_posix(), path.read_text(encoding="utf-8"))
    ]
    upward = list(links_up(links, registry.module_order()))
    return [*forbidden_links(upward, ALLOWED), *needless_exceptions(upward, ALLOWED)]


def links_in(template: str, text: str) -> Iterator[Link]:
    for match in LINK.finditer(text):
        yield Link(template, text.count("\n", 0, match.start()) + 1, match[1], match[2])


def links_up(links: Iterable[Link], order: Sequence[str]) -> Iterator[Link]:
    for link in links:
        if link.own_module in order and link.module in order[: order.index(link.own_module)]:
            yield link


def forbidden_links(upward: Iterable[Link], allowed: Mapping[tuple[str, str], str]) -> list[CheckMessage]:
    return [
        Error(
            f"templates/{link.template}:{link.line}: “{link.target}” is of {link.module}, above {link.own_module}.",
            hint="Let the higher module declare it in its module.py, as a StaffSection, StaffTask or PublishedItem.",
            id="layers.E002",
        )
        for link in upward
        if (link.template, link.target) not in allowed
    ]


def needless_exceptions(upward: Iterable[Link], allowed: Mapping[tuple[str, str], str]) -> list[CheckMessage]:
    existing = {(link.template, link.target) for link in upward}
    return [
        Error(
            f"templates/{template} no longer names “{target}”.",
            hint="Remove it from ALLOWED in evenhand.config.template_links.",
            id="layers.E003",
        )
        for template, target in allowed
        if (template, target) not in existing
    ]
