"""Every address of the site, taken from the URL configuration, so that a new one is tested without being told of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PART = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Address:
    """A route with its parts open: /work/{authority}/people/{person}/."""

    name: str
    route: str
    parts: tuple[str, ...]

    def filled(self, values: dict[str, str]) -> str:
        return self.route.format(**{part: values.get(part, "1") for part in self.parts})


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + _opened(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner)
        else:
            yield Address(f"{namespace}{pattern.name}", route, tuple(re.findall(r"\{(\w+)\}", route)))


def _opened(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return PART.sub(lambda found: f"{{{found['name']}}}", text)
    return GROUP.sub(lambda found: f"{{{found['name']}}}", text).strip("^$").replace("\\", "").replace("/?", "/")
