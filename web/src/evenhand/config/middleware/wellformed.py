"""Refuses what no browser sends and no view should have to expect: always with a 4xx, never with a fault of ours."""

from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters

from evenhand.config.middleware import Answer
from evenhand.config.middleware.refusing import refused

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
STRANGE = "evenhand.strange_content_type"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def known_charset(environ: dict[str, Any]) -> None:
    """Before Django reads the request: charset=base64 is one to Python and not to Django, which ends in a fault."""
    try:
        kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        kind, parameters = "", {"charset": "unreadable"}
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        environ["CONTENT_TYPE"], environ[STRANGE] = kind, True


class WellFormed:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _drop_strange_cookies(request)
        return _refusal(request) or self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """A NUL can be stored in no PostgreSQL text, and means nothing in any form."""
        if request.method != "POST" or request.content_type not in FORMS:
            return None
        try:
            sent = [text for name, values in request.POST.lists() for text in (name, *values)]
        except UnreadablePostError:
            return refused(400)
        return refused(400) if any("\0" in str(text) for text in sent) else None


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.META["REQUEST_METHOD"] not in METHODS:
        return refused(405, Allow=", ".join(METHODS))
    if len(request.path_info) > settings.EVENHAND_LONGEST_PATH:
        return refused(414)
    if len(request.META.get("QUERY_STRING", "")) > settings.EVENHAND_LONGEST_QUERY:
        return refused(414)
    if not request.path_info.isprintable() or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
        return refused(400)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdecimal()):
        return refused(400)
    if len(length) > 15 or int(length) > settings.EVENHAND_LARGEST_REQUEST_BYTES:
        return refused(413)
    if STRANGE in request.META:
        return refused(415)
    return None


def _drop_strange_cookies(request: HttpRequest) -> None:
    """A quoted cookie may hold any byte, a NUL too, and a session is looked up by it."""
    for name, value in list(request.COOKIES.items()):
        if not (name + value).isprintable():
            del request.COOKIES[name]
