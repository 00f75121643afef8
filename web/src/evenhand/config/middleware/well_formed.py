"""Refuse malformed requests that no browser sends, always with a 4xx response, so that views need not expect them."""

from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters

from evenhand.config.middleware import GetResponse
from evenhand.config.middleware.error_page import error_response

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
UNSUPPORTED_CHARSET = "evenhand.strange_content_type"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def mark_unsupported_charset(environ: dict[str, Any]) -> None:
    """Runs before Django reads the request. Python accepts charset=base64 as a codec, which makes Django fail."""
    try:
        kind, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except ValueError:
        kind, parameters = "", {"charset": "unreadable"}
    if parameters.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        environ["CONTENT_TYPE"], environ[UNSUPPORTED_CHARSET] = kind, True


class WellFormedRequestMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        _drop_unprintable_cookies(request)
        response = _refusal(request) or self.get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"-"):
            return error_response(405, Allow=response.headers["Allow"])  # Django's own has no text
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Refuse NUL characters: PostgreSQL cannot store them in text, and no form needs them."""
        if request.method != "POST" or request.content_type not in FORMS:
            return None
        try:
            texts = [text for name, values in request.POST.lists() for text in (name, *values)]
        except UnreadablePostError:
            return error_response(400)
        return error_response(400) if any("\0" in str(text) for text in texts) else None


def _refusal(request: HttpRequest) -> HttpResponse | None:
    if request.META["REQUEST_METHOD"] not in METHODS:
        return error_response(405, Allow=", ".join(METHODS))
    if len(request.path_info) > settings.EVENHAND_LONGEST_PATH:
        return error_response(414)
    if len(request.META.get("QUERY_STRING", "")) > settings.EVENHAND_LONGEST_QUERY:
        return error_response(414)
    if not request.path_info.isprintable() or b"\0" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
        return error_response(400)
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (length.isascii() and length.isdecimal()):
        return error_response(400)
    if len(length) > 15 or int(length) > settings.EVENHAND_LARGEST_REQUEST_BYTES:
        return error_response(413)
    if UNSUPPORTED_CHARSET in request.META:
        return error_response(415)
    return None


def _drop_unprintable_cookies(request: HttpRequest) -> None:
    """A quoted cookie may contain any byte, even NUL, and its value is used to look up the session."""
    for name, value in list(request.COOKIES.items()):
        if not (name + value).isprintable():
            del request.COOKIES[name]
