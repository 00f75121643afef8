"""Every page that a form leads to has an address, so that Back and Reload work (POST, redirect, GET).

A form with errors, and a result that is not saved, are answered with a page. The page is kept for the person and the
browser is redirected to it: in the history it is then a page like any other. Personal pages are not stored by browsers
(`Cache-Control: no-store`), so without this, Back would end in ERR_CACHE_MISS.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from evenhand.authorities.models import User
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import storage
from evenhand.sign_in.kept.sent_form import SHOWN, fields_not_kept, is_library_view, needs_sign_in, with_parameter

STATUSES = frozenset({200, 409, 410})


class PostRedirectGetMiddleware:
    """Only for a browser that follows a form (`Sec-Fetch-Mode`), because only a browser has a history."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(request.user, User) or not isinstance(response, HttpResponse):
            return response
        if request.method == "POST" and _is_page(request, response):
            return _redirect_to_page(request, response, request.user)
        if request.method == "GET" and SHOWN in request.GET:
            return _kept_page(request, response, request.user)
        return response


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return (
        match is not None
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and response.status_code in STATUSES
        and response.headers.get("Content-Type", "").startswith("text/html")
        and needs_sign_in(match.func)
        and not is_library_view(request)
        and not fields_not_kept(match.func)
    )


def _redirect_to_page(request: HttpRequest, response: HttpResponse, person: User) -> HttpResponse:
    page = {"path": request.path, "status": response.status_code, "html": response.content.decode()}
    row_id = storage.keep(person, KeptKind.PAGE, page)
    if row_id is None:
        return response
    redirection = HttpResponse(status=303, headers={"Location": with_parameter(request.get_full_path(), SHOWN, row_id)})
    redirection.cookies = response.cookies
    return redirection


def _kept_page(request: HttpRequest, response: HttpResponse, person: User) -> HttpResponse:
    """The kept page, if the person may still open this address, even if it is the address of a button."""
    page = storage.load(person, KeptKind.PAGE, request.GET[SHOWN]) if response.status_code in (200, 405, 409) else None
    if page is None or page["path"] != request.path:
        return response
    return HttpResponse(page["html"], status=page["status"])
