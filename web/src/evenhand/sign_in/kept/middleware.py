"""A form sent after the session ended is kept, and filled in again after the same person has signed in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string

from evenhand.authorities.models import User
from evenhand.sign_in.enums import KeptKind
from evenhand.sign_in.kept import former_session, storage
from evenhand.sign_in.kept.html_forms import FoundForm, fill_in, find_form
from evenhand.sign_in.kept.sent_form import (
    KEPT,
    KEPT_FIELD,
    is_library_view,
    needs_sign_in,
    page_of,
    sent_form,
    with_parameter,
)

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
STAFF_PAGES = "/work/"
SIGNED_OUT, OLD_PAGE = "signed out", "old page"


class KeptFormMiddleware:
    """Before LoginRequiredMiddleware, which would otherwise send the browser to the sign-in page without the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        former_session.set_cookie(request, response)
        if isinstance(request.user, User):
            if request.method == "GET" and KEPT in request.GET and isinstance(response, HttpResponse):
                return _give_back(request, response, request.user, request.GET[KEPT])
            if request.method == "POST" and response.status_code < 400 and (used := request.POST.get(KEPT_FIELD)):
                storage.delete(request.user, KeptKind.FORM, used)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if request.method != "POST" or request.user.is_authenticated or not needs_sign_in(view):
            return None
        return keep_and_redirect(request, view, SIGNED_OUT)


def keep_form_with_old_token(request: HttpRequest) -> HttpResponseBase | None:
    """After a sign-in elsewhere in the browser, the CSRF token of an open page no longer matches.

    Only for forms that the browser says come from this site: what another site sends is not given back.
    """
    match = request.resolver_match
    own_origin = f"{request.scheme}://{request.get_host()}"
    if match is None or request.META.get("HTTP_ORIGIN") != own_origin or not needs_sign_in(match.func):
        return None
    if is_library_view(request) or not (request.user.is_authenticated or former_session.former_person(request)):
        return None
    return keep_and_redirect(request, match.func, OLD_PAGE)


def keep_and_redirect(request: HttpRequest, view: Callable[..., Any], why: str) -> HttpResponseBase:
    """Keep the form of the person, if it is known whose it is, and redirect to its page, by way of signing in."""
    page, signed_in = page_of(request), isinstance(request.user, User)
    person = request.user if isinstance(request.user, User) else former_session.former_person(request)
    if person is not None and request.content_type in FORM_TYPES and not is_library_view(request):
        row_id = storage.keep(person, KeptKind.FORM, sent_form(request, view) | {"page": page, "why": why})
        if row_id is not None:
            _replace(person, request.POST.get(KEPT_FIELD, ""), row_id)
            page = with_parameter(page, KEPT, row_id)
    return redirect(page) if signed_in else redirect_to_login(page)


def _replace(person: User, earlier: str, row_id: UUID) -> None:
    if earlier and earlier != str(row_id):
        storage.delete(person, KeptKind.FORM, earlier)


def _give_back(request: HttpRequest, response: HttpResponse, person: User, row_id: str) -> HttpResponseBase:
    """The page with the kept form filled in. To anybody else, and after 30 minutes, the page as it is."""
    content = storage.load(person, KeptKind.FORM, row_id)
    if content is None:
        return response
    if response.status_code in (301, 302, 303):
        target = response.headers["Location"]
        return redirect(with_parameter(target, KEPT, row_id)) if target.startswith(STAFF_PAGES) else response
    if response.status_code in (404, 405) and request.path != STAFF_PAGES and request.path.startswith(STAFF_PAGES):
        parent = request.path.rstrip("/").rpartition("/")[0] + "/"  # the address of a button has no page of its own
        return redirect(with_parameter(parent, KEPT, row_id))
    if response.status_code in (200, 403) and response.headers.get("Content-Type", "").startswith("text/html"):
        page = response.content.decode()
        form = find_form(page, request.get_full_path(), content["path"], content["fields"])
        notice = _notice(content, form)
        response.content = fill_in(page, form, content["fields"], hidden=(KEPT_FIELD, row_id), notice=notice).encode()
    return response


def _notice(content: dict[str, Any], form: FoundForm | None) -> str:
    labels = form.labels if form else {}
    visible = {name: values for name, values in content["fields"].items() if any(value.strip() for value in values)}
    context = {
        "signed_out": content["why"] == SIGNED_OUT,
        "has_form": form is not None,
        "has_values": bool(visible),
        "button": form.button_text(content["fields"]) if form else "",
        "values": [] if form else [(_readable(name), values) for name, values in visible.items()],
        "files": content["files"],
        "not_kept": [labels.get(name) or _readable(name) for name in content["not_kept"]],
    }
    return render_to_string("sign_in/kept_form.html", context)


def _readable(name: str) -> str:
    return name.replace("_", " ").capitalize()
