"""Every public page and file, found by following links as a reader does."""

import re
from collections.abc import Iterable

from django.http import HttpResponse
from django.test import Client

LINK = re.compile(r'href="([^"#]+)(?:#[^"]*)?"')


def crawl(client: Client, starts: Iterable[str], within: str, *, or_refused: bool = False) -> dict[str, HttpResponse]:
    """The responses to `starts`, and to everything they lead to, directly or not, whose path begins with `within`."""
    responses: dict[str, HttpResponse] = {}
    queue = list(starts)
    while queue:
        address = queue.pop()
        if address in responses:
            continue
        response = client.get(address)
        if or_refused and response.status_code in {403, 404}:
            continue
        assert response.status_code == 200, address
        responses[address] = response
        if "html" in response["Content-Type"]:
            queue += [link for link in LINK.findall(response.content.decode()) if link.startswith(within)]
    return responses
