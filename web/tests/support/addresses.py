"""Every address of the site, taken from the URL configuration, so that a new address is tested automatically."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
REGEX_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class SiteAddress:
    """A route with placeholders: /work/{authority}/people/{person}/."""

    name: str
    route: str
    placeholders: tuple[str, ...]

    def filled(self, values: dict[str, str]) -> str:
        return self.route.format(**{name: values.get(name, "1") for name in self.placeholders})


@cache
def addresses() -> tuple[SiteAddress, ...]:
    return tuple(_walk(get_resolver().url_patterns, "/", ""))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: str) -> Iterator[SiteAddress]:
    for pattern in patterns:
        route = prefix + _with_placeholders(pattern)
        if isinstance(pattern, URLResolver):
            inner_namespace = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, route, inner_namespace)
        else:
            yield SiteAddress(f"{namespace}{pattern.name}", route, tuple(re.findall(r"\{(\w+)\}", route)))


def _with_placeholders(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        return CONVERTER.sub(lambda match: f"{{{match['name']}}}", text)
    return REGEX_GROUP.sub(lambda match: f"{{{match['name']}}}", text).strip("^$").replace("\\", "").replace("/?", "/")
