"""“(invented)” in what an invented authority serves that is not a page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from evenhand.authorities.models import Authority


def marked(content: Mapping[str, Any], authority: Authority) -> dict[str, Any]:
    """Add the name of an invented authority, which says so. The content of a real one is served as it is stored."""
    return {"authority_name": authority.name, **content} if authority.invented else dict(content)


def with_file_name(response: HttpResponse, authority: Authority, name: str) -> HttpResponse:
    """Give what can't be changed because it is signed a file name with the address of the invented authority."""
    if authority.invented:
        response["Content-Disposition"] = f'inline; filename="{authority.slug}-{name}"'
    return response
